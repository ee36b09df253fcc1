"""The internal rates of return of cash flows: all of them, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import counted, number, percent_4, percent_of
from riskresearch.core.output._tables import Block, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector

POINTS = 201


@dataclass(frozen=True, slots=True, eq=False)
class InternalRates:
    """Every rate in a range at which cash flows are worth nothing: `internal_rate_of_return` makes it."""

    roots: tuple[float, ...]
    """The rates, in order; empty if there is none in the range."""
    net_present_values: tuple[float, ...]
    """What the flows are worth at each root: the rounding that is left, in money."""
    touching: tuple[bool, ...]
    """Whether the net present value touches zero at the root without a change of sign: a double root."""
    low: float
    high: float
    sign_changes: int
    """Of the amounts in the order of time; there are never more roots than these, and with one there is one."""
    dated: bool
    """Whether times are days over 365 and the rates are per year; else they are rows and the rates per row."""
    times: FloatVector
    amounts: FloatVector
    """The sum of the flows at each time."""

    @property
    def rate(self) -> float | None:
        """The internal rate if it is the only one in the range, else None."""
        return self.roots[0] if len(self.roots) == 1 else None

    @property
    def verdict(self) -> str:
        """What was found, in words."""
        between = f"between {percent_of(self.low)} and {percent_of(self.high)}"
        if self.sign_changes == 0:
            return "No rate: all amounts have one sign."
        if not self.roots:
            if self.sign_changes == 1:
                return f"No rate {between}; the amounts change their sign once, so there is one outside."
            return f"No rate {between}."
        if len(self.roots) == 1:
            alone = "; there is no other, for the amounts change their sign once" if self.sign_changes == 1 else ""
            return f"One rate {between}{alone}."
        return f"{len(self.roots)} rates {between}: none of them is the return."

    def to_frame(self) -> pd.DataFrame:
        """Return one row per root."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        return pd.DataFrame(
            {"rate": self.roots, "net_present_value": self.net_present_values, "touching": self.touching},
            index=pd.RangeIndex(1, len(self.roots) + 1, name="root"),
        )

    def conventions(self) -> str:
        """Return how rates are counted and what the search guarantees."""
        rate = "Rates per year, days over 365 (ACT/365)" if self.dated else "Rates per row"
        return (
            f"{rate}; {counted(len(self.amounts), 'flow')}, {counted(self.sign_changes, 'change')} of sign. The whole "
            "range was searched by bounds on the net present value and its derivatives, so no root is missed; roots "
            "between which it is nothing but rounding count as one."
        )

    def summary(self) -> str:
        """Return the verdict, the roots and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = [
            (percent_4(root), number(value, decimals=2), "yes" if each else "no")
            for root, value, each in zip(self.roots, self.net_present_values, self.touching, strict=True)
        ]
        blocks: list[Block] = [self.verdict]
        if rows:
            blocks.append(table(("rate", "net present value", "touches zero"), rows))
        return [*blocks, self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the net present value against the rate, around the roots."""
        import numpy as np  # noqa: PLC0415 (only when a figure is wanted)
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        first, last = (self.roots[0], self.roots[-1]) if self.roots else (0.0, 0.0)
        room = max(last - first, 0.1)
        rates = np.linspace(max(self.low, first - room), min(self.high, last + room), POINTS)
        worth = np.exp(-np.outer(np.log1p(rates), self.times)) @ self.amounts
        curve = pd.Series(worth, index=pd.Index(rates, name="rate"), name="net present value")
        return plot_rolling(curve, label="Net present value (money)", title="Net present value by rate", ax=ax)

    def __repr__(self) -> str:
        unit = "per year" if self.dated else "per row"
        found = ", ".join(percent_4(root) for root in self.roots[:4]) or "none"
        return f"InternalRates({found}{', ...' * (len(self.roots) > 4)} {unit}, {counted(len(self.amounts), 'flow')})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
