"""Measures of a moving window: the state in which each recursion starts, and its sweep over the rows of a panel.

The same classes serve the live stream, where `source` is a ring of the last rows and `run` goes one row at a time.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._ranks import tail_rank
from riskresearch.kernels._rolling_loop import FunctionWindow, WindowFunction
from riskresearch.kernels._threads import over_columns
from riskresearch.kernels.compiled.rolling._drawdown import DrawdownWindow
from riskresearch.kernels.compiled.rolling._moments import MomentWindow
from riskresearch.kernels.compiled.rolling._pairs import PairWindow
from riskresearch.kernels.compiled.rolling._shape import ShapeWindow
from riskresearch.kernels.compiled.rolling._tail import TailWindow
from riskresearch.kernels.inlined import _window_layout as layout
from riskresearch.kernels.inlined._moment_lanes import FIELDS, LANES, SQUARES_ERROR

ROWS_AT_A_TIME = 256
NUMBERS_IN_CACHE, COLUMNS_IN_CACHE = 2**17, 512
EXPANDING = 2**62
"""The window that never ends."""

MOMENTS = {
    "mean": layout.MEAN,
    "volatility": layout.DEVIATION,
    "sharpe_ratio": layout.RATIO,
    "sortino_ratio": layout.DOWNSIDE_RATIO,
}
SHAPES = {"skewness": layout.SKEWNESS, "excess_kurtosis": layout.EXCESS_KURTOSIS}
PAIRS = {"alpha": layout.ALPHA, "beta": layout.BETA, "correlation": layout.CORRELATION}
TAILS = {"value_at_risk": (True, False), "conditional_value_at_risk": (False, True), "tail_risk": (True, True)}
MEASURES = (*MOMENTS, *SHAPES, *PAIRS, *TAILS, "max_drawdown")

State = dict[str, npt.NDArray[Any]]


class Sweep(Protocol):
    """A recursion over the rows of a source, between two rows."""

    def run(self, first: int, last: int) -> None:
        """Process rows `first` to `last` - 1."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """A measure and its window in rows; `scale` multiplies an alpha, deviation or ratio, `level` is for tails.

    `function` is the measure of a window's rows where there is no recursion for it.
    """

    measure: str
    window: int
    minimum: int
    scale: float = 1.0
    level: float = 0.95
    function: WindowFunction | None = None


def scale_of(measure: str, periods: float) -> float:
    """Return what makes a number per row one per year: a mean grows with the rows, a deviation with their root."""
    return periods if measure == "alpha" else periods**0.5


def tail_ranks(level: float, window: int) -> tuple[npt.NDArray[np.longlong], FloatVector]:
    """Return `tail_rank` for each number of observations up to `window`: the counts and what the level leaves."""
    share = Fraction(repr(level))
    above, whole = share.numerator, share.denominator
    counts = [n - -(-above * n // whole) + 1 for n in range(window + 1)]
    masses = [(n * whole - above * n) / whole for n in range(window + 1)]
    return np.array(counts, dtype=np.longlong), np.array(masses)


def new_state(recipe: Recipe, columns: int, rows: int) -> State:
    """Return the state of an empty window that goes over `rows` rows."""
    if recipe.function is not None:
        return {}
    if recipe.measure in TAILS:
        return _new_tail(recipe, columns)
    if recipe.measure == "max_drawdown":
        now = np.tile([1.0, 1.0, 1.0, 0.0], (columns, 1))
        kept = recipe.window if recipe.window < rows else 0
        return {"count": np.zeros(columns), "now": now, "ends": np.ones((columns, kept, 3))}
    if recipe.measure in PAIRS:
        two = {"largest": np.zeros((columns, 2)), "differs": np.zeros((columns, 2))}
        return {
            "sums": np.zeros((columns, layout.PAIR_SUMS)),
            "count": np.zeros(columns),
            "centers": np.zeros((columns, 2)),
            **two,
        }
    if recipe.measure in MOMENTS:
        lanes = np.zeros((-(-columns // LANES), FIELDS, LANES))
        lanes[-1, SQUARES_ERROR // LANES, columns % -LANES or LANES :] = (
            1.0  # a lane without a column has a deviation, so it is never looked at
        )
        return {"lanes": lanes.ravel()}
    state: State = {name: np.zeros(columns) for name in ("count", "center", "largest", "differs")}
    return state | {"sums": np.zeros((columns, layout.SHAPE_SUMS))}


def _capacity(level: float, window: int) -> int:
    """Return how many values are kept: more than the tail needs, so that the window is seldom read again."""
    return min(window, 3 * tail_rank(level, window)[0] // 2 + 6)


def _new_tail(recipe: Recipe, columns: int) -> State:
    counts, masses = tail_ranks(recipe.level, recipe.window)
    capacity = _capacity(recipe.level, recipe.window)
    return {
        "counts": counts,
        "masses": masses,
        "kept": np.zeros((columns, capacity + 1)),
        "sizes": np.zeros(columns, dtype=np.longlong),
        "present": np.zeros(columns, dtype=np.longlong),
        "bounds": np.full(columns, np.inf),
        "answers": np.full((2, columns), np.nan),
    }


def new_answers(recipe: Recipe, rows: int, columns: int) -> list[FloatMatrix]:
    """Return the output arrays, shape (rows, columns): one, or those of VaR and CVaR, one of which may have no rows."""
    parts = (True,) if recipe.function is not None else TAILS.get(recipe.measure, (True,))
    return [np.empty((rows if part else 0, columns)) for part in parts]


def bind(
    recipe: Recipe,
    state: State,
    source: FloatMatrix,
    market: FloatVector,
    rates: FloatVector,
    answers: list[FloatMatrix],
    *,
    complete: bool = False,
) -> Sweep:
    """Return the recursion of `recipe` from `state` over `source`; `complete` means that no value is missing."""
    measure, window, minimum = recipe.measure, recipe.window, recipe.minimum
    if recipe.function is not None:
        return FunctionWindow(source, market, rates, window, minimum, recipe.function, answers[0])
    sweep: Any  # compiled classes have no types
    if measure in MOMENTS:
        line, pitch = _in_line(source)
        into, apart = _in_line(answers[0])
        sweep = MomentWindow(  # type: ignore[no-untyped-call]
            (line, pitch, source.shape[1]), rates, complete, window, minimum, MOMENTS[measure], recipe.scale,
            state["lanes"], (into, apart, len(answers[0])),
        )  # fmt: skip
    elif measure in SHAPES:
        sweep = ShapeWindow(source, window, minimum, SHAPES[measure], state, answers[0])  # type: ignore[no-untyped-call]
    elif measure in PAIRS:
        kind = PAIRS[measure]
        sweep = PairWindow(source, market, rates, window, minimum, kind, recipe.scale, state, answers[0])  # type: ignore[no-untyped-call]
    elif measure in TAILS:
        tails = [(*_in_line(part), len(part)) for part in answers]
        sweep = TailWindow((*_in_line(source), len(source)), window, minimum, state, tails)  # type: ignore[no-untyped-call]
    else:
        sweep = DrawdownWindow(source, window, minimum, state, answers[0])  # type: ignore[no-untyped-call]
    found: Sweep = sweep
    return found


def roll(
    recipe: Recipe, values: FloatMatrix, market: FloatVector, rates: FloatVector, *, complete: bool = False
) -> list[FloatMatrix]:
    """Return the answers after each row of `values`, shape (rows, columns).

    `market` is for pairs only; `rates` is taken off each row where a measure is one of excess returns; `complete` means
    that no value is missing.
    """
    rows, columns = values.shape
    answers = new_answers(recipe, rows, columns)
    if recipe.function is not None:  # Python, and perhaps a user's: on this thread alone
        bind(recipe, {}, values, market, rates, answers).run(0, rows)
        return answers
    side_by_side = _lies_in_rows(values)
    few = _columns_at_a_time(recipe, rows, side_by_side)

    def task(first: int, last: int) -> None:
        first, last = (edge if edge == columns else edge // LANES * LANES for edge in (first, last))
        for start in range(first, last, few):
            block = slice(start, min(start + few, last))
            source, into = values[:, block], [part[:, block] for part in answers]
            state = new_state(recipe, source.shape[1], rows)
            whole = complete or (recipe.measure in MOMENTS and not np.isnan(source.sum()))
            if side_by_side:
                bind(recipe, state, source, market, rates, into, complete=whole).run(0, rows)
            else:
                _run_through_ring(recipe, state, source, market, rates, into, whole)

    over_columns(task, values.shape, heavy=True)
    return [part for part in answers if part.shape[0] > 0]


def _columns_at_a_time(recipe: Recipe, rows: int, side_by_side: bool) -> int:
    """Return how many columns have their state, or the ring of their rows, in the cache; wide rows are read best."""
    window = min(recipe.window, rows)
    if not side_by_side:
        numbers = ROWS_AT_A_TIME + window
    elif recipe.measure in MOMENTS:
        numbers = FIELDS
    else:
        numbers = _capacity(recipe.level, window) if recipe.measure in TAILS else ROWS_AT_A_TIME + window
    if recipe.measure == "max_drawdown":
        numbers *= 4  # of each end of a block it keeps three
    return min(COLUMNS_IN_CACHE, max(1, NUMBERS_IN_CACHE // numbers // LANES) * LANES)


def _run_through_ring(
    recipe: Recipe,
    state: State,
    source: FloatMatrix,
    market: FloatVector,
    rates: FloatVector,
    answers: list[FloatMatrix],
    complete: bool,
) -> None:
    """Run the sweep where the values of a row are apart in memory: copy some rows at a time into a ring."""
    rows, columns = source.shape
    length = ROWS_AT_A_TIME * (1 + -(-min(recipe.window, rows) // ROWS_AT_A_TIME))
    ring, their_rates, their_market = np.empty((length, columns)), np.empty(length), np.empty(length)
    sweep = bind(recipe, state, ring, their_market, their_rates, answers, complete=complete)
    for first in range(0, rows, ROWS_AT_A_TIME):
        last = min(first + ROWS_AT_A_TIME, rows)
        place = slice(first % length, first % length + last - first)
        ring[place], their_rates[place], their_market[place] = source[first:last], rates[first:last], market[first:last]
        sweep.run(first, last)


def _lies_in_rows(matrix: FloatMatrix) -> bool:
    down, across = matrix.strides
    return across == matrix.itemsize and down >= 0 and down % matrix.itemsize == 0


def _in_line(matrix: FloatMatrix) -> tuple[FloatVector, int]:
    """Return a matrix that lies in rows, together with what is between them, as one vector; and how far rows are apart.

    A vector is what compilers know to be without gaps.
    """
    rows, columns = matrix.shape
    pitch = matrix.strides[0] // matrix.itemsize
    shape, apart = ((rows - 1) * pitch + columns if rows else 0,), (matrix.itemsize,)
    return np.lib.stride_tricks.as_strided(matrix, shape, apart, writeable=matrix.flags.writeable), pitch
