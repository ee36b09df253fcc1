"""The result of the look-ahead check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from riskresearch.core.output._formats import cell
from riskresearch.core.output._tables import as_html

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

WORDS = {
    "cut": "the data is cut off",
    "smaller": "the data gets another, smaller future",
    "larger": "the data gets another, larger future",
    "opposite": "the data turns the other way",
    "missing": "the data is missing on bars",
    "gap": "the bars before are missing and the future is another",
    "absent": "the rows before are left out and the future is another",
}


UNUSUAL = {"missing": 1, "gap": 1, "absent": 1, "outside": 2}
"""What is reported only if no usual future changed the past."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One future, and its effect on the past."""

    cut: int
    """Number of the first bar of the future: its row, where each row is a bar."""
    cut_time: Any
    """Its label, or None."""
    how: str
    """What follows. "cut": nothing; "smaller", "larger", "opposite": other entries; "missing": gaps; "gap", "absent":
    another future after bars without numbers, or without rows; "outside": no future, a sign of a fit to all rows."""
    outcome: str
    """"same"; "rounding": other last digits, which no larger change of the future makes larger; "changed"; "refused":
    the function raised, or returned rows that belong to no bar."""
    row: int | None = None
    """First bar of the past that changed."""
    time: Any = None
    column: str | None = None
    value: Any = None
    """The result on it with all data."""
    other: Any = None
    """The result on it now."""
    note: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class LookaheadCheck:
    """Whether the past changed with the future: see `check_no_lookahead`."""

    trials: tuple[Trial, ...]
    rows: int
    """Bars of the data: its rows, where each row is a bar."""
    tolerance: float
    seed: int
    """Given as `rng`, draws the same futures."""

    @property
    def passed(self) -> bool:
        """Whether no trial changed the past."""
        return self.first_changed is None

    @property
    def bitwise(self) -> bool:
        """Whether no trial changed even the last digit of the past."""
        return all(trial.outcome in ("same", "refused") for trial in self.trials)

    @property
    def unchecked(self) -> tuple[int, ...]:
        """The bars from which on every future was refused, so that nothing is known of them."""
        bars = {trial.cut: False for trial in self.trials}
        for trial in self.trials:
            bars[trial.cut] |= trial.outcome != "refused"
        return tuple(bar for bar, known in bars.items() if not known)

    @property
    def first_changed(self) -> Trial | None:
        """The trial that changed the earliest bar, or None; one of data with gaps only if no other did."""
        changed = [trial for trial in self.trials if trial.outcome == "changed"]
        return min(changed, key=lambda trial: (UNUSUAL.get(trial.how, 0), trial.row, trial.cut), default=None)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a trial: where the future begins, how it differs, and the first bar before it that changed."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        fields = ("cut", "cut_time", "how", "outcome", "row", "time", "column", "value", "other", "note")
        return pd.DataFrame([{name: getattr(trial, name) for name in fields} for trial in self.trials])

    def conventions(self) -> str:
        """Return a one-line description of the trials."""
        futures = [trial for trial in self.trials if trial.how != "outside"]
        words = ("same", "rounding", "changed", "refused")
        counts = {word: sum(trial.outcome == word for trial in futures) for word in words}
        bits = "equal bits" if self.tolerance == 0.0 else f"within {self.tolerance:g} of the value"
        cuts = len({trial.cut for trial in futures})
        rounding = f", {counts['rounding']} but for rounding" if counts["rounding"] else ""
        return (
            f"{self.rows} rows, {cuts} cuts, {len(futures)} futures: {counts['same']} left the past as it was "
            f"({bits}){rounding}, {counts['changed']} changed it, {counts['refused']} were refused; seed {self.seed}."
        )

    def summary(self) -> str:
        """Return the verdict, the first bar that changed, and what was tried, as text."""
        first = self.first_changed
        if first is None:
            return f"No look-ahead found. {self.conventions()}{self._not_known()}"
        if first.how == "outside":
            return f"LOOK-AHEAD: {first.note}. {self.conventions()}"
        bar = f"row {first.row}" if first.time is None else f"{cell(first.time)} (row {first.row})"
        where = "" if first.column is None else f", column {first.column!r}"
        start = f"row {first.cut}" if first.cut_time is None else f"{cell(first.cut_time)} (row {first.cut})"
        what = first.note or " becomes ".join(_told_apart(first.value, first.other))
        return f"LOOK-AHEAD: {bar}{where}: {what} when {WORDS[first.how]} from {start} on. {self.conventions()}"

    def _not_known(self) -> str:
        """Return one sentence for each trial that was not possible."""
        text, missed = "", self.unchecked
        if missed:
            note = next(trial.note for trial in self.trials if trial.cut == missed[0])
            shown = ", ".join(map(str, missed[:5])) + (", ..." if len(missed) > 5 else "")
            text = f" Could not be checked from row{'s' * (len(missed) > 1)} {shown} on: {note.rstrip('.')}."
        gaps = [trial for trial in self.trials if trial.how in ("missing", "gap")]
        if gaps and all(trial.outcome == "refused" for trial in gaps):
            text += " Missing rows could not be tried: the function refuses them."
        return text

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw, for each trial that changed the past, how many bars before the cut the change begins."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        reach = {
            f"{trial.how} at {trial.cut}": float(trial.cut - (trial.cut if trial.row is None else trial.row))
            for trial in self.trials
            if trial.outcome != "refused" and trial.how != "outside"
        }
        label = "Bars of the past that changed, from the first on"
        return plot_bars(pd.Series(reach), label=label, title="Look-ahead: how far the past changed", ax=ax)

    def __repr__(self) -> str:
        count = len(self.trials)
        first = self.first_changed
        verdict = "passed" if first is None else f"look-ahead at row {first.row}"
        return f"LookaheadCheck({verdict}, {count} trial{'s' * (count != 1)})"

    def _repr_html_(self) -> str:
        return as_html(self.summary())


def _told_apart(value: Any, other: Any) -> tuple[str, str]:
    """Return two results, numbers with as many digits as tell them apart."""
    if not all(isinstance(each, float | int) and each == each for each in (value, other)):
        one, two = ("missing" if each != each else cell(each) for each in (value, other))
        return one, two
    for digits in range(6, 18):
        pair = f"{float(value):.{digits}g}", f"{float(other):.{digits}g}"
        if pair[0] != pair[1]:
            break
    return pair
