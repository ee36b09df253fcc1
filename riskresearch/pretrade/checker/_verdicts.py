"""The verdicts on many orders, in columns."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import count, counted
from riskresearch.core.output._tables import as_html, as_text, table
from riskresearch.pretrade._codes import LimitCode, Outcome, names_of
from riskresearch.pretrade.checker._flow import Flow
from riskresearch.pretrade.checker._log import write_log
from riskresearch.pretrade.checker._verdict import Measured, Verdict, measured_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector
    from riskresearch.core.output._tables import Block
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.checker._verdict import Reason
    from riskresearch.pretrade.orders._orders import Orders

    Masks = npt.NDArray[np.longlong]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdicts:
    """What becomes of each order of a batch, and why: see `UnifiedLimitChecker.check_batch`.

    Masks are kept and numbers are measured again when they are asked for, with the same bits.
    """

    checker: Any
    orders: Orders
    book: Book
    mode: str
    outcome: Masks
    """An `Outcome` for each order."""
    units: FloatVector
    """Signed units of each that may be sent; 0 if it is denied."""
    denied: Masks
    """Mask of `LimitCode` of what denies each, or cuts it."""
    warned: Masks
    """Mask of `LimitCode` of what warns of each."""

    def __len__(self) -> int:
        return len(self.outcome)

    def __iter__(self) -> Iterator[Verdict]:
        for place, measured in enumerate(self._measured(0, len(self))):
            yield self._verdict(place, measured)

    def __getitem__(self, place: int) -> Verdict:
        count = len(self)
        if isinstance(place, bool) or not isinstance(place, int | np.integer) or not -count <= place < count:
            raise InvalidInputError(f"place must be the number of one of the {count} orders, got {shown(place)}.")
        place = int(place) % count
        return self._verdict(place, self._measured(place, place + 1)[0])

    def _verdict(self, place: int, measured: Measured | tuple[Reason, ...]) -> Verdict:
        return Verdict(
            Outcome(int(self.outcome[place])), float(self.units[place]), LimitCode(int(self.denied[place])),
            LimitCode(int(self.warned[place])), self.orders[place], measured,
        )  # fmt: skip

    @property
    def passes(self) -> npt.NDArray[np.bool_]:
        """Whether each whole order may be sent."""
        return np.asarray(self.outcome <= Outcome.WARN)

    def explain(self, place: int) -> str:
        """Return outcome and reasons of one order as text.

        Parameters
        ----------
        place : int
            Its number in the batch.
        """
        return self[place].explain()

    def counts(self) -> pd.DataFrame:
        """Return for each code that denied, cut or warned how many orders it did so."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows = {
            code.name: (int((self.denied & int(code) != 0).sum()), int((self.warned & int(code) != 0).sum()))
            for code in LimitCode
        }
        found = {name: numbers for name, numbers in rows.items() if any(numbers)}
        return pd.DataFrame(
            list(found.values()), columns=["denied", "warned"], index=pd.Index(list(found), name="code"), dtype=int
        )

    def values(self) -> pd.DataFrame:
        """Return what each rule measured of each order, one column a rule; nan is not known or not asked."""
        return self._numbers()[0]

    def to_frame(self) -> pd.DataFrame:
        """Return one row an order: the order, outcome, units that may be sent, and the codes that deny and warn."""
        found = self.orders.to_frame()
        found["outcome"] = [Outcome(each).name for each in self.outcome.tolist()]
        found["allowed_units"] = self.units
        found["denied"] = _texts(self.denied)
        found["warned"] = _texts(self.warned)
        return found

    def summary(self) -> str:
        """Return the counts of outcomes and codes as text."""
        return as_text(*self._blocks())

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how much of each limit the orders that may be sent whole used at most.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        from riskresearch.plots import plot_used  # noqa: PLC0415 (loads matplotlib)

        values, bounds = self._numbers()
        with np.errstate(divide="ignore", invalid="ignore"):
            used = (values / bounds)[self.passes].max()
        return plot_used(used[used.notna()], title=f"Headroom: {self._sentence()}", ax=ax)

    def plot_counts(self, ax: Axes | None = None) -> Axes:
        """Draw how often each code denied, cut or warned.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        from riskresearch.plots import plot_counts  # noqa: PLC0415 (loads matplotlib)

        return plot_counts(self.counts(), title=f"Limits: {self._sentence()}", ax=ax)

    def write_log(self, path: str | os.PathLike[str]) -> None:
        """Write a line of JSON for each order, after one with limits and book, that `pretrade.replay` judges again.

        Parameters
        ----------
        path : path
            The file; one that is there is replaced as a whole.
        """
        write_log(self, path)

    def _numbers(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return what each rule measured of each order, and its limit then, one column a rule."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        flow = self._flow(0, len(self))
        plan, found = flow.plan, []
        names = [_column(self.checker.limits[place], rule.label) for place, rule in plan.rules]
        if plan.other is not None:
            names += [limit.label() for _, limit in plan.other.limits]
        for name in ("values", "bounds"):
            numbers = flow.arrays[name]
            own = numbers if plan.other is None else np.hstack([numbers, getattr(plan.other, name)])
            found.append(pd.DataFrame(own, columns=names))
        return found[0], found[1]

    def _flow(self, first: int, last: int) -> Flow:
        """Return the batch judged again, with the numbers of some orders."""
        checker = self.checker
        orders = self.orders
        keep = slice(first, last)
        if self.mode == "independent":
            orders, keep = orders.take(keep), slice(0, last - first)
        plan = checker._plan_for(orders, self.book)
        flow = Flow(plan, orders, mode=self.mode, on_breach=checker.on_breach, keep=keep)
        flow.run(keep.stop)
        return flow

    def _measured(self, first: int, last: int) -> list[Measured | tuple[Reason, ...]]:
        flow = self._flow(first, last)
        units = self.orders.units[first:last]
        judged = np.isfinite(units) & (units != 0.0)
        if self.orders.cancels is not None:
            judged |= self.orders.cancels[first:last]
        return [measured_of(flow.plan, flow.arrays, row) if each else () for row, each in enumerate(judged)]

    def _sentence(self) -> str:
        each = {outcome: int((self.outcome == outcome).sum()) for outcome in Outcome}
        words = {
            Outcome.PASS: "passed", Outcome.WARN: "passed with a warning", Outcome.CLIP: "cut", Outcome.DENY: "denied",
        }  # fmt: skip
        if self.checker.on_breach == "record":
            words[Outcome.DENY] = "over a limit and passed (recorded only)"
        parts = [f"{count(each[outcome])} {word}" for outcome, word in words.items() if each[outcome]]
        return f"{counted(len(self), 'order')}: {', '.join(parts) or 'none judged'}"

    def _blocks(self) -> list[Block]:
        rows = [(str(code), count(row.denied), count(row.warned)) for code, row in self.counts().iterrows()]
        head = f"{self._sentence()}. Mode {self.mode}, on_breach {self.checker.on_breach}."
        return [head, table(["Code", "Denied or cut", "Warned"], rows)] if rows else [head]

    def __repr__(self) -> str:
        return f"Verdicts({self._sentence()})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def _column(limit: Any, label: str) -> str:
    return f"{limit.label()} {label}".strip()


def _texts(masks: Any) -> list[str]:
    each, place = np.unique(masks, return_inverse=True)
    names = ["+".join(names_of(int(mask))) for mask in each]
    return [names[int(one)] for one in place]
