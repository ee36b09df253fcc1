"""Returns of an account with flows: one row per period, and what they compound to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from riskresearch.core.output._formats import counted, money, percent, percent_4
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table, pairs

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatVector

METHODS = {
    "time_weighted": "Time-weighted: compounded from value to value, with a value on the day of each flow",
    "modified_dietz": "Modified Dietz: gain over the opening value and the flows, weighted by their share of the days",
}
TIMING = {
    "time_weighted": {
        "begin": "a flow counts from the beginning of its day, so it earns that day's return",
        "end": "a flow counts from the end of its day, so that day's return is on what was there before",
    },
    "modified_dietz": {
        "begin": "a flow has the weight of its day and all days after it",
        "end": "a flow has the weight of the days after its own",
    },
}
SHOWN = 12


@dataclass(frozen=True, slots=True, eq=False)
class FlowReturns:
    """Returns of an account with deposits and withdrawals: `time_weighted_return` and `modified_dietz` make it.

    One entry per period in each array.
    """

    total: float
    """What the returns of all periods compound to."""
    returns: FloatVector
    starts: pd.Index
    """The valuation that opens each period."""
    ends: pd.Index
    opening: FloatVector
    """The value at the start, and likewise `closing` at the end."""
    closing: FloatVector
    flows: FloatVector
    """Deposits less withdrawals of each period."""
    capital: FloatVector
    """What the gain is divided by."""
    method: str
    flow_at: str
    linked: str | None
    """The calendar periods that are linked; None for all valuations, or one period."""
    opening_flows: int
    """How many flows the first value holds; they are no part of a return."""

    @property
    def gain(self) -> FloatVector:
        """What each period earned, in money."""
        return self.closing - self.opening - self.flows

    def to_frame(self) -> pd.DataFrame:
        """Return one row per period, by its last date."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        columns = {
            "start": self.starts, "opening": self.opening, "flows": self.flows, "closing": self.closing,
            "gain": self.gain, "capital": self.capital, "return": self.returns,
        }  # fmt: skip
        return pd.DataFrame(columns, index=pd.Index(self.ends, name="end"))

    def conventions(self) -> str:
        """Return how flows were counted, in a few sentences."""
        link = "" if self.linked is None else f", in each {self.linked} and compounded"
        text = f"{METHODS[self.method]}{link}; {TIMING[self.method][self.flow_at]}. Flows are no return."
        if self.opening_flows:
            text += f" The first value includes {counted(self.opening_flows, 'flow')} of its day."
        return text

    def summary(self) -> str:
        """Return the total, the periods and the conventions as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = [
            ("Return", percent_4(self.total)),
            ("Opening value", money(float(self.opening[0]))),
            ("Deposits less withdrawals", money(float(self.flows.sum()))),
            ("Gain", money(float(self.gain.sum()))),
            ("Closing value", money(float(self.closing[-1]))),
        ]
        blocks: list[Block] = [pairs(rows)]
        if 1 < len(self.returns) <= SHOWN:
            frame = self.to_frame()[["flows", "gain", "capital", "return"]]
            blocks.append(frame_table(frame, {"flows": money, "gain": money, "capital": money, "return": percent}))
        return [*blocks, self.conventions()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the compounded return over time."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_rolling  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        path = pd.Series(self.returns, index=self.ends, name="return").add(1.0).cumprod().sub(1.0)
        path = path[~path.index.duplicated(keep="last")]
        title = self.method.replace("_", " ").capitalize()
        return plot_rolling(path, label="Return since the start", title=f"{title} return", ax=ax)

    def __repr__(self) -> str:
        periods = counted(len(self.returns), "period")
        return f"FlowReturns({self.method}, {percent_4(self.total)}, {periods}, flow_at={self.flow_at!r})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())
