"""The significance of halts: an exposure path compared with the same halts at random times."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from riskresearch.backtest.breakers._bars import complete_panel
from riskresearch.backtest.breakers._significance import HaltSignificance, runs_of
from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import ConventionWarning, DependentRowsWarning, InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._seeds import child_seeds, seed_number, seed_of
from riskresearch.kernels.compiled._breaker_chance import outcomes
from riskresearch.metrics._returns import annual_return
from riskresearch.metrics.inference._bootstrap import Bootstrap

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds
    from riskresearch.metrics.inference._interval import Interval

DRAWS_AT_ONCE = 256
FEWEST_ROWS = 10


@answers_other_names()
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


def _one_column(data: Data, name: str, holds: Holds) -> FloatVector:
    panel = complete_panel(data, name=name, holds=holds, min_rows=FEWEST_ROWS)
    if panel.values.shape[1] != 1:
        raise InvalidInputError(f"{name} must be one series, got {panel.values.shape[1]} columns.")
    return np.ascontiguousarray(panel.values[:, 0])


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
        warnings.simplefilter("ignore", ConventionWarning)
        found: Interval = annual_return(difference, compounding="arithmetic", periods_per_year=1.0, interval=settings)
    return found
