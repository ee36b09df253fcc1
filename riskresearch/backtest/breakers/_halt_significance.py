"""The significance of halts: an exposure path compared with the same halts at random times."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import DependentRowsWarning, InvalidInputError
from riskresearch.core._panel import as_panel
from riskresearch.core._seeds import child_seeds, seed_number, seed_of
from riskresearch.kernels.compiled._breaker_chance import outcomes
from riskresearch.metrics._returns import annual_return
from riskresearch.metrics.inference._bootstrap import Bootstrap

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd
    from matplotlib.axes import Axes

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds
    from riskresearch.metrics.inference._interval import Interval

DRAWS_AT_ONCE = 256
FEWEST_ROWS = 10
KINDS = ("shift", "placement")
MEASURES = ("wealth", "drawdown", "timing")
WHAT = {"shift": "the same halts, all moved in time alike", "placement": "halts of the same lengths, placed at random"}


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
        confidence = _percent(1.0 - significance)
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
                f"{self.p_value('timing'):.1%} would have timed as well."
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
        lines = [self.verdict(significance)]
        if self.halts:
            for measure in ("wealth", "drawdown"):
                shares = ", ".join(
                    f"{self.p_value(measure, kind=kind, corrected=False):.3f} of {len(getattr(self, kind))} {kind}s"
                    for kind in KINDS
                )
                unhalted, equal = getattr(self, f"{measure}_unhalted"), getattr(self, f"{measure}_equal")
                lines.append(
                    f"{measure}: {getattr(self, measure):.4g} (held {unhalted:.4g}, equal time out {equal:.4g}); share "
                    f"of random halts at least as good: {shares}"
                    + (f"; corrected {self.p_value(measure):.3f}, {self.p_value(measure, kind='placement'):.3f}"
                       if self.trials > 1 else "")
                )  # fmt: skip
            shares = ", ".join(f"{self.p_value('timing', kind=kind, corrected=False):.3f} of {kind}s" for kind in KINDS)
            lines.append(
                f"timing: {self.timing:.3g} standard errors over equal time out; at least as good: {shares}. Halts "
                "that follow volatility move wealth more than random ones, which this corrects, and make drawdowns "
                "shallower without skill, which nothing does"
            )
            if self.difference is not None:
                lines.append(
                    f"mean return per bar less that of holding: {self.difference.estimate:.2e}, "
                    f"{self.difference.confidence:.0%} interval [{self.difference.lower:.2e}, "
                    f"{self.difference.upper:.2e}]"
                )
            lines.append(
                f"{self.halts} halts, {self.time_halted:.1%} of {self.rows} bars; shift: {WHAT['shift']}; placement: "
                f"{WHAT['placement']}; seed {self.seed}."
            )
        return "\n".join(lines)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw where the actual wealth stands among the shifts."""
        import pandas as pd  # noqa: PLC0415 (only when a figure is wanted)

        from riskresearch.plots import plot_histogram  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        wealth = pd.Series(self.shift[:, 0])
        return plot_histogram(
            wealth, label="Final wealth of shifted halts; dashed: actual", threshold=self.wealth, ax=ax
        )

    def __repr__(self) -> str:
        return (
            f"HaltSignificance(wealth p={self.p_value():.3g}, drawdown p={self.p_value('drawdown'):.3g}, "
            f"{self.halts} halts)"
        )

    def _repr_html_(self) -> str:
        return f"{self.to_frame().to_html(float_format='{:.4g}'.format, border=0)}<p>{self.verdict()}</p>"


def halt_significance(
    returns: Data,
    exposure: Data,
    *,
    costs: float = 0.0,
    draws: int = 2000,
    trials: int = 1,
    confidence: float = 0.95,
    rng: int | np.random.Generator | None = 0,
) -> HaltSignificance:
    """Judge halts against halts at random times: of the same number and lengths, and of equal time out of the market.

    Parameters
    ----------
    returns : Series or array, shape (rows,)
        Simple returns of the strategy as if never halted.
    exposure : Series or array, shape (rows,)
        What was held on each bar as a fraction of the strategy: 1 is all, 0 is none.
    costs : float
        Fraction of the exposure moved, paid on the bar on which the new exposure holds.
    draws : int
        Random shifts, and random placements. All shifts are taken where there are no more than that.
    trials : int
        From how many parameter sets these halts were chosen.
    confidence : float
        Of the interval of the mean difference, by the stationary bootstrap.
    rng : int, Generator or None
        Seed of the draws, so that a second call gives the same; None takes fresh entropy. The result has the `seed`.

    Returns
    -------
    HaltSignificance

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the two have different lengths.

    References
    ----------
    Politis & Romano (1994), JASA 89; Sidak (1967), JASA 62; circular shifts: Politis & Romano (1992).

    Examples
    --------
    >>> from riskresearch.backtest import halt_significance
    >>> returns = [0.01] * 5 + [-0.05, -0.05] + [0.01] * 13
    >>> lucky = [1.0] * 5 + [0.0, 0.0] + [1.0] * 13
    >>> halt_significance(returns, lucky, rng=1).p_value(corrected=False)
    0.05
    """
    values = _one_column(returns, "returns", "returns")
    held = _one_column(exposure, "exposure", "numbers")
    if held.shape != values.shape:
        raise InvalidInputError(f"exposure must have the {len(values)} rows of returns, got {len(held)}.")
    cost = check_number(costs, name="costs")
    if cost < 0.0:
        raise InvalidInputError(f"costs must not be negative, got {costs!r}.")
    count = check_count(draws, name="draws", minimum=1)
    tried = check_count(trials, name="trials", minimum=1)
    seed = seed_of(rng)
    moves, places, resampling = child_seeds(seed, 3)
    halts = runs_of(held)
    rows, source = len(values), np.concatenate([held, held])
    shifts = _shifts(rows, count, np.random.default_rng(moves)) if halts else np.empty(0, dtype=np.int64)
    moved = outcomes(values, source, shifts, cost)
    placed = _placed(values, held, halts, count if halts else 0, cost, np.random.default_rng(places))
    constant = np.full(rows, held.mean())
    paths = np.concatenate([held, np.ones(rows), constant])
    actual, hold = outcomes(values, paths[: 2 * rows], np.array([0, rows]), cost)
    equal = outcomes(values, paths[2 * rows :], np.array([0]), 0.0)[0]
    return HaltSignificance(
        rows=rows, halts=len(halts), time_halted=float((held != 1.0).mean()),
        wealth=float(actual[0]), wealth_unhalted=float(hold[0]), wealth_equal=float(equal[0]),
        drawdown=float(actual[1]), drawdown_unhalted=float(hold[1]), drawdown_equal=float(equal[1]),
        shift=moved[:, :2], placement=placed[:, :2],
        timing=float(actual[2]), shift_timing=moved[:, 2], placement_timing=placed[:, 2],
        difference=_difference(values, held, cost, confidence, resampling) if halts else None, trials=tried, seed=seed,
    )  # fmt: skip


def _percent(share: float) -> str:
    return f"{100.0 * share:.6g}%"


def _one_column(data: Data, name: str, holds: Holds) -> FloatVector:
    panel = as_panel(data, name=name, holds=holds, min_rows=FEWEST_ROWS)
    if panel.values.shape[1] != 1:
        raise InvalidInputError(f"{name} must be one series, got {panel.values.shape[1]} columns.")
    return np.ascontiguousarray(panel.values[:, 0])


def runs_of(held: FloatVector) -> list[tuple[int, int]]:
    """Return first row and row after the last of each maximal run with an exposure other than 1."""
    out = np.concatenate([[0], (held != 1.0).astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(out))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _shifts(rows: int, draws: int, generator: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return by how many rows each draw is moved: all but 0, or as many different ones as are asked for."""
    if rows - 1 <= draws:
        return np.arange(1, rows, dtype=np.int64)
    return generator.choice(np.arange(1, rows, dtype=np.int64), size=draws, replace=False)


def _placed(
    values: FloatVector,
    held: FloatVector,
    halts: list[tuple[int, int]],
    draws: int,
    cost: float,
    generator: np.random.Generator,
) -> FloatMatrix:
    """Return the outcomes of the halts in random order with random gaps between them, every arrangement as likely."""
    rows, pieces = len(values), [held[first:last] for first, last in halts]
    lengths = np.array([len(piece) for piece in pieces], dtype=np.int64)
    free, results = rows - int(lengths.sum()), [np.empty((0, 3))]
    for first in range(0, draws, DRAWS_AT_ONCE):
        paths = np.ones((min(DRAWS_AT_ONCE, draws - first), rows))
        for path in paths:
            order = generator.permutation(len(pieces))
            slots = np.sort(generator.choice(free + len(pieces), size=len(pieces), replace=False))
            starts = slots - np.arange(len(pieces)) + np.concatenate([[0], np.cumsum(lengths[order])[:-1]])
            for start, number in zip(starts.tolist(), order.tolist(), strict=True):
                path[start : start + lengths[number]] = pieces[number]
        results.append(outcomes(values, paths.ravel(), np.arange(len(paths), dtype=np.int64) * rows, cost))
    return np.concatenate(results)


def _difference(
    values: FloatVector, held: FloatVector, cost: float, confidence: float, seed: np.random.SeedSequence
) -> Interval:
    moved = np.abs(np.diff(held, prepend=1.0))
    difference = (held - 1.0) * values - cost * moved
    settings = Bootstrap(confidence, rng=seed_number(seed))
    with warnings.catch_warnings():  # a series that the caller never sees; its interval states the method
        warnings.simplefilter("ignore", DependentRowsWarning)
        found: Interval = annual_return(difference, compounding="arithmetic", periods_per_year=1.0, interval=settings)
    return found
