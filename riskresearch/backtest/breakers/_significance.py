"""The result of `halt_significance`: p-values against random halts, a verdict, and both as text and HTML."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import (
    MISSING,
    Formatter,
    between,
    counted,
    p_value,
    percent_1,
    percent_4,
    percent_of,
    ratio,
    ratio_3,
)
from riskresearch.core.output._tables import Block, as_html, as_text, table

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import FloatMatrix, FloatVector
    from riskresearch.metrics.inference._interval import Interval

KINDS = ("shift", "placement")
MEASURES = ("wealth", "drawdown", "timing")
WRITTEN: dict[str, Formatter] = {"wealth": ratio_3, "drawdown": percent_1}
"""How a measure of the account is written."""
WHAT = {"shift": "the same halts, all moved in time alike", "placement": "halts of the same lengths, placed at random"}
NOTE_ON_TIMING = (
    "Halts that follow volatility move wealth more than random ones, which timing corrects, and make drawdowns "
    "shallower without skill, which nothing does"
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HaltSignificance:
    """Halts against chance, see `halt_significance`; a p-value is the share of random halts that did as well."""

    rows: int
    halts: int
    """Maximal runs of bars with an exposure other than 1."""
    time_halted: float
    """Share of the bars with an exposure other than 1."""
    wealth: float
    """Final, of 1, with the halts and their costs."""
    wealth_unhalted: float
    """Without halts."""
    wealth_equal: float
    """With a constant exposure that is the mean of the path: equal time out of the market, without costs."""
    drawdown: float
    drawdown_unhalted: float
    drawdown_equal: float
    shift: FloatMatrix
    """Final wealth and worst drawdown of each circular shift, shape (draws, 2)."""
    placement: FloatMatrix
    """The same of each random placement."""
    timing: float
    """Gain over equal time out, before costs, in units of its own noise: about standard normal without skill."""
    shift_timing: FloatVector
    """The same of each circular shift, shape (draws,)."""
    placement_timing: FloatVector
    """The same of each random placement, shape (draws,)."""
    difference: Interval | None
    """Mean net return per bar with halts less that without, by the stationary bootstrap; None if no halts."""
    trials: int
    """From how many parameter sets this one was chosen."""
    seed: int

    def p_value(self, measure: str = "wealth", *, kind: str = "shift", corrected: bool = True) -> float:
        """Return the p-value of "wealth", "drawdown" or "timing" against "shift" or "placement"; nan without halts.

        (1 + random halts at least as good) / (draws + 1); corrected for `trials` sets it is 1 - (1 - p) ** trials
        (Sidak), which is too strict where the sets are alike. Halts that follow volatility fall on stormy bars, where
        wealth moves more than on those of random halts, so the p-value of wealth is too small for them; that of timing
        is not. Drawdowns they make shallower without any skill.
        """
        if measure not in MEASURES or kind not in KINDS:
            raise InvalidInputError(
                "measure must be wealth or drawdown, or timing, and kind shift or placement, got "
                f"{measure!r} and {kind!r}."
            )
        if not self.halts:
            return math.nan
        draws: FloatMatrix = getattr(self, kind)
        if measure == "timing":
            good = getattr(self, f"{kind}_timing") >= self.timing
        else:
            good = draws[:, 0] >= self.wealth if measure == "wealth" else draws[:, 1] <= self.drawdown
        p = (1.0 + float(good.sum())) / (len(draws) + 1.0)
        return -math.expm1(self.trials * math.log1p(-p)) if corrected and p < 1.0 else p

    def min_halts(self, significance: float = 0.05) -> int:
        """Return how many halts a verdict takes.

        Each of k halts is as likely to help as to harm without skill, so all of them help with probability 0.5 ** k.
        With fewer halts than this even that would happen, in the best of `trials` sets, with a larger probability than
        `significance`.

        Parameters
        ----------
        significance : float
            As in `verdict`.
        """
        return math.ceil(-math.log2(self._largest_p_value(significance)))

    def _largest_p_value(self, significance: float) -> float:
        """Return the largest p-value, before it is corrected for the sets tried, that is significant."""
        checked = check_number(significance, name="significance")
        if not 0.0 < checked < 0.5:
            raise InvalidInputError(
                f"significance must be in (0, 0.5), got {significance!r}. It is the largest p-value that counts as "
                "significant: 5 % is significance=0.05, not 0.95."
            )
        return -math.expm1(math.log1p(-checked) / self.trials)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each measure and kind of chance: actual, median of chance, p-values."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows: list[dict[str, Any]] = []
        for column, measure in enumerate(("wealth", "drawdown")):
            for kind in KINDS:
                draws: FloatMatrix = getattr(self, kind)
                rows.append(
                    {
                        "measure": measure, "against": kind, "actual": getattr(self, measure),
                        "unhalted": getattr(self, f"{measure}_unhalted"),
                        "equal_time_halted": getattr(self, f"{measure}_equal"),
                        "median_of_chance": float(np.median(draws[:, column])) if len(draws) else math.nan,
                        "p_value": self.p_value(measure, kind=kind, corrected=False),
                        "p_value_corrected": self.p_value(measure, kind=kind),
                    }
                )  # fmt: skip
        return pd.DataFrame(rows).set_index(["measure", "against"])

    def verdict(self, significance: float = 0.05) -> str:
        """Return the verdict on the halts in one sentence.

        Parameters
        ----------
        significance : float
            The largest p-value, corrected for `trials`, that is significant, in (0, 0.5). Halts are called better than
            chance where the p-values of wealth and of timing both are. `min_halts` are needed for any verdict.
        """
        fewest, most = self.min_halts(significance), self._largest_p_value(significance)
        confidence = percent_of(1.0 - significance)
        chosen = f", corrected for {self.trials} sets tried" if self.trials > 1 else ""
        if not self.halts:
            return "Nothing was halted: there is nothing to judge."
        if self.halts < fewest:
            return f"Too few halts to say: {self.halts}, and a verdict at {confidence} takes {fewest}{chosen}."
        if 1.0 / (len(self.shift) + 1.0) > most:
            return (
                f"Too few random halts to say: {len(self.shift)}, and a verdict at {confidence} takes "
                f"{math.ceil(1.0 / most) - 1}{chosen}."
            )
        wealth, drawdown, timing = (self.p_value(measure, corrected=False) <= most for measure in MEASURES)
        if wealth and timing:
            also = " and drawdown" if drawdown else ""
            return f"Better than chance at {confidence} in wealth{also}{chosen}."
        if drawdown:
            return (
                f"No better in wealth than halts at random times at {confidence}, but shallower in drawdown"
                f"{chosen}: halts that follow volatility or losses are so without skill."
            )
        but = ""
        if wealth:
            but = (
                " Their wealth is that of few random halts, but of halts on bars as stormy as theirs "
                f"{percent_1(self.p_value('timing'))} would have timed as well."
            )
        no_better = f"No better than halts at random times at {confidence}, neither in wealth nor in drawdown"
        return f"{no_better}{chosen}.{but}"

    def summary(self, significance: float = 0.05) -> str:
        """Return the verdict at `significance`, the p-values, and what they are of.

        Parameters
        ----------
        significance : float
            As in `verdict`.
        """
        return as_text(self.verdict(significance), *self._lines())

    def _lines(self) -> list[str]:
        """Return the p-values and what they are of, a line each; nothing without halts."""
        if not self.halts:
            return []
        lines = []
        for measure, write in WRITTEN.items():
            actual, held, equal = map(write, self._numbers(measure))
            shares = ", ".join(f"{p} of {len(getattr(self, kind)):,} {kind}s" for kind, p in self._shares(measure))
            lines.append(
                f"{measure}: {actual} (held {held}, equal time out {equal}); share of random halts at least as good: "
                f"{shares}{self._corrected(measure)}"
            )
        return [*lines, *self._timing_lines(), *self._counts()]

    def _numbers(self, measure: str) -> tuple[float, float, float]:
        return getattr(self, measure), getattr(self, f"{measure}_unhalted"), getattr(self, f"{measure}_equal")

    def _shares(self, measure: str, *, corrected: bool = False) -> list[tuple[str, str]]:
        """Return the p-value against each kind of chance, as it is written."""
        return [(kind, p_value(self.p_value(measure, kind=kind, corrected=corrected))) for kind in KINDS]

    def _timing_lines(self) -> list[str]:
        shares = ", ".join(f"{p} of {kind}s" for kind, p in self._shares("timing"))
        return [
            f"timing: {ratio(self.timing)} standard errors over equal time out; at least as good: {shares}"
            f"{self._corrected('timing')}. {NOTE_ON_TIMING}"
        ]

    def _corrected(self, measure: str) -> str:
        """Return the corrected p-values as the end of a sentence; nothing where one set was tried."""
        if self.trials == 1:
            return ""
        return "; corrected " + ", ".join(p for _, p in self._shares(measure, corrected=True))

    def _counts(self) -> list[str]:
        found = self.difference
        mean = [] if found is None else [
            f"mean return per bar less that of holding: {percent_4(found.estimate)}, "
            f"{percent_of(found.confidence)} interval {between(percent_4, found.lower, found.upper)}"
        ]  # fmt: skip
        return [
            *mean,
            f"{counted(self.halts, 'halt')}, {percent_1(self.time_halted)} of {counted(self.rows, 'bar')}; "
            f"shift: {WHAT['shift']}; placement: {WHAT['placement']}; seed {self.seed}.",
        ]

    def _blocks(self) -> list[Block]:
        """Return the verdict, a table that begins with the p-values, and what they are of."""
        if not self.halts:
            return [self.verdict()]
        kinds = [f"p ({len(getattr(self, kind)):,} {kind}s)" for kind in KINDS]
        kinds += [f"p, corrected ({kind}s)" for kind in KINDS] if self.trials > 1 else []
        rows = []
        for measure in MEASURES:
            shares = [p for corrected in (False, True)[: len(kinds) // 2] for _, p in self._shares(
                measure, corrected=corrected)]  # fmt: skip
            numbers = [f"{ratio(self.timing)} standard errors", MISSING, MISSING]
            if measure in WRITTEN:
                numbers = list(map(WRITTEN[measure], self._numbers(measure)))
            rows.append((measure, *shares, *numbers))
        head = ["share of random halts at least as good", *kinds, "with halts", "held", "equal time out"]
        return [self.verdict(), table(head, rows), NOTE_ON_TIMING, *self._counts()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw where the actual wealth stands among the shifts."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_histogram  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        wealth = pd.Series(self.shift[:, 0])
        return plot_histogram(
            wealth,
            label="Final wealth of shifted halts; dashed: actual",
            threshold=self.wealth,
            title=f"The same {counted(self.halts, 'halt')} at other times",
            ax=ax,
        )

    def __repr__(self) -> str:
        return (
            f"HaltSignificance(wealth p={self.p_value():.3g}, drawdown p={self.p_value('drawdown'):.3g}, "
            f"{counted(self.halts, 'halt')})"
        )

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


def runs_of(held: FloatVector) -> list[tuple[int, int]]:
    """Return first row and row after the last of each maximal run with an exposure other than 1."""
    out = np.concatenate([[0], (held != 1.0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(out))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
