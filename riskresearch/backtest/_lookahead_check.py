"""The result of looking for look-ahead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WORDS = {
    "cut": "the data is cut off",
    "smaller": "the data gets another, smaller future",
    "larger": "the data gets another, larger future",
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One future, and what it did to the past."""

    cut: int
    """Number of the first row of the future."""
    cut_time: Any
    """Its label, or None."""
    how: str
    """"cut": nothing follows; "smaller" or "larger": other numbers do."""
    outcome: str
    """"same", "changed", or "refused": the function raised."""
    row: int | None = None
    """First row of the past that changed."""
    time: Any = None
    column: str | None = None
    value: Any = None
    """What the function said of it with all data."""
    other: Any = None
    """What it says now."""
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LookaheadCheck:
    """Whether the past changed with the future: see `check_no_lookahead`."""

    trials: tuple[Trial, ...]
    rows: int
    """Rows of the data."""
    tolerance: float
    seed: int
    """Given as `rng`, draws the same futures."""

    @property
    def passed(self) -> bool:
        """Whether no trial changed the past."""
        return self.first_changed is None

    @property
    def first_changed(self) -> Trial | None:
        """The trial that changed the earliest bar, or None."""
        changed = [trial for trial in self.trials if trial.outcome == "changed"]
        return min(changed, key=lambda trial: (trial.row, trial.cut), default=None)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a trial: where the future begins, how it differs, and the first bar before it that changed."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        fields = ("cut", "cut_time", "how", "outcome", "row", "time", "column", "value", "other", "note")
        return pd.DataFrame([{name: getattr(trial, name) for name in fields} for trial in self.trials])

    def conventions(self) -> str:
        """Return in one line what was tried."""
        counts = {word: sum(trial.outcome == word for trial in self.trials) for word in ("same", "changed", "refused")}
        bits = "equal bits" if self.tolerance == 0.0 else f"within {self.tolerance:g} of the value"
        cuts = len({trial.cut for trial in self.trials})
        return (
            f"{self.rows} rows, {cuts} cuts, {len(self.trials)} futures: {counts['same']} left the past as it was "
            f"({bits}), {counts['changed']} changed it, {counts['refused']} were refused; seed {self.seed}."
        )

    def summary(self) -> str:
        """Return the verdict, the first bar that changed, and what was tried, as text."""
        first = self.first_changed
        if first is None:
            return f"No look-ahead found. {self.conventions()}"
        bar = f"row {first.row}" if first.time is None else f"{first.time} (row {first.row})"
        where = "" if first.column is None else f", column {first.column!r}"
        start = f"row {first.cut}" if first.cut_time is None else f"{first.cut_time} (row {first.cut})"
        what = first.note or f"{first.value} becomes {first.other}"
        return f"LOOK-AHEAD: {bar}{where}: {what} when {WORDS[first.how]} from {start} on. {self.conventions()}"

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw, for each trial that changed the past, how many bars before the cut the change begins."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        reach = {
            f"{trial.how} at {trial.cut}": float(trial.cut - (trial.cut if trial.row is None else trial.row))
            for trial in self.trials
            if trial.outcome != "refused"
        }
        return plot_bars(pd.Series(reach), label="Bars of the past that changed, from the first on", ax=ax)

    def __repr__(self) -> str:
        count = len(self.trials)
        first = self.first_changed
        verdict = "passed" if first is None else f"look-ahead at row {first.row}"
        return f"LookaheadCheck({verdict}, {count} trial{'s' * (count != 1)})"

    def _repr_html_(self) -> str:
        return f"{self.to_frame().to_html(border=0)}<p>{self.conventions()}</p>"
