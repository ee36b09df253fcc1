"""The verdict on one order, and how reasons are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from riskresearch.core.output._tables import as_html
from riskresearch.pretrade._codes import LimitCode, Outcome
from riskresearch.pretrade.limits._limit import check_denominator
from riskresearch.pretrade.limits._position_limits import NEEDS
from riskresearch.pretrade.orders._orders import number_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._records import Order

FLAG_NAMES = ("allowed", "not allowed")
STATE_NAMES = ("ACTIVE", "REDUCING", "HALTED", "FROZEN")
FAULTS = {
    LimitCode.INVALID_ORDER: "units must be finite and not zero, and a limit price finite and positive",
    LimitCode.UNKNOWN_ASSET: "the book does not name the asset",
    LimitCode.UNKNOWN_ACCOUNT: "the book is that of another account",
    LimitCode.BATCH: "another order of the batch is denied",
}


class Reason(NamedTuple):
    """What one rule measured of one order."""

    code: str
    name: str
    """Name of the limit, or what tells its rules apart; may be empty."""
    outcome: Outcome
    value: float
    limit: float
    counted_in: str = "number"
    needs: tuple[str, ...] = ()
    """Arguments of the book that the rule reads."""

    def __str__(self) -> str:
        """Return `CODE: value=..., limit=...`, and what is missing where the value is not known."""
        label = f"{self.code} ({self.name})" if self.name else self.code
        value, limit = (shown_value(each, self.counted_in) for each in (self.value, self.limit))
        text = f"{label}: value={value}, limit={limit}"
        if self.value != self.value or self.limit != self.limit:
            text += f" (needs {', '.join(self.needs)})" if self.needs else " (not known)"
        return text


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Verdict:
    """What becomes of one order, and why.

    Attributes
    ----------
    outcome : Outcome
        PASS, WARN, CLIP or DENY.
    units : float
        Signed units that may be sent; 0 if it is denied.
    denied, warned : LimitCode
        What denies the order, or cuts it, and what warns of it.
    order : Order
        The order.
    measured : tuple of Reason
        What each rule measured, whether it passes or not.
    """

    outcome: Outcome
    units: float
    denied: LimitCode
    warned: LimitCode
    order: Order
    measured: tuple[Reason, ...]

    @property
    def passes(self) -> bool:
        """Whether the whole order may be sent."""
        return self.outcome <= Outcome.WARN

    @property
    def codes(self) -> tuple[str, ...]:
        """Names of what denies the order, or cuts it."""
        return tuple(code.name or "" for code in LimitCode if self.denied & code)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A line for each rule that denies, cuts or warns, with both numbers."""
        faults = [f"{code.name}: {text}" for code, text in FAULTS.items() if self.denied & code]
        return (*faults, *(str(each) for each in self.measured if each.outcome != Outcome.PASS))

    def explain(self) -> str:
        """Return the outcome and the reasons as text."""
        order, units = self.order, f"{number_of(self.order.units, 'units'):+,.10g}"
        first = f"{self.outcome.name} {units} {order.asset}"
        if self.outcome == Outcome.CLIP:
            first += f", {self.units:+,.10g} may be sent"
        return "\n".join([first, *(f"  {reason}" for reason in self.reasons)])

    def summary(self) -> str:
        """Return the outcome and the reasons as text."""
        return self.explain()

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each rule: code, name, outcome, value and limit."""
        import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

        rows = [(each.code, each.name, each.outcome.name, each.value, each.limit) for each in self.measured]
        return pd.DataFrame(rows, columns=["code", "name", "outcome", "value", "limit"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how much of each limit is used after the order.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; a new figure if None.
        """
        import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

        from riskresearch.plots import plot_used  # noqa: PLC0415 (loads matplotlib)

        known = [each for each in self.measured if each.value == each.value and each.limit > 0.0]
        used = pd.Series([each.value / each.limit for each in known], index=[each.code for each in known], dtype=float)
        return plot_used(used, title=f"{self.outcome.name}: how much of each limit is used", ax=ax)

    def _repr_html_(self) -> str:
        return as_html(self.explain())

    def __repr__(self) -> str:
        wanted = number_of(self.order.units, "units")
        return f"Verdict({self.outcome.name}, {self.units:+,.10g} of {wanted:+,.10g} {self.order.asset})"


def shown_value(value: float, counted_in: str) -> str:
    """Return a value or a limit as text."""
    if value != value:
        return "unknown"
    if counted_in == "state" and value == int(value) and 0 <= value < len(STATE_NAMES):
        return STATE_NAMES[int(value)]
    if counted_in == "flag":
        return FLAG_NAMES[value > 0.0]
    return f"{value:,.10g}"


def reasons_of(plan: Any, values: Sequence[Any], others: Sequence[Any]) -> tuple[Reason, ...]:
    """Return what each rule of a plan measured, in the order of the checker.

    `values` and `others` are the numbers, limits and grades of the rules of the kernel and of those outside.
    """
    found: list[tuple[int, Reason]] = []
    for (place, rule), value, bound, grade in zip(plan.rules, *values, strict=True):
        limit = plan.limits[place]
        name = limit.name if not rule.label else f"{limit.name} {rule.label}".strip()
        state = limit.counted_in == "state"
        found.append((place, Reason(
            limit.code.name, name, Outcome(int(grade)), float(value), 1.0 if state else float(bound), limit.counted_in,
            rule.needs,
        )))  # fmt: skip
    if plan.other is not None:
        for (place, limit), value, bound, grade in zip(plan.other.limits, *others, strict=True):
            needs = (
                () if limit.code == LimitCode.CUSTOM else ("scenarios", *NEEDS[check_denominator(limit.denominator)[0]])
            )
            found.append((place, Reason(
                limit.code.name, limit.name, Outcome(int(grade)), float(value), float(bound), limit.counted_in, needs,
            )))  # fmt: skip
    found.sort(key=lambda each: each[0])
    return tuple(reason for _, reason in found)
