"""Measures of a moving window: what each recursion starts from, and its sweep over the rows of a panel.

The same classes serve the live stream, where `source` is a ring of the last rows and `run` goes one row at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._rolling_drawdown import DrawdownWindow
from riskresearch.kernels._rolling_moments import MomentWindow
from riskresearch.kernels._rolling_pairs import PairWindow
from riskresearch.kernels._rolling_shape import ShapeWindow
from riskresearch.kernels._rolling_tail import TailWindow
from riskresearch.kernels._threads import over_columns

COLUMNS_AT_A_TIME = 64
EXPANDING = 2**62
"""The window that never ends."""

MOMENTS = {"mean": 0, "volatility": 1, "sharpe_ratio": 2, "sortino_ratio": 3}
SHAPES = {"skewness": 0, "excess_kurtosis": 1}
PAIRS = {"beta": 0, "correlation": 1}
TAILS = {"value_at_risk": (True, False), "conditional_value_at_risk": (False, True), "tail_risk": (True, True)}
MEASURES = (*MOMENTS, *SHAPES, *PAIRS, *TAILS, "max_drawdown")
TWO_ROWS = ("volatility", "sharpe_ratio", "skewness", "excess_kurtosis", "beta", "correlation")

State = dict[str, npt.NDArray[Any]]


class Sweep(Protocol):
    """A recursion that stands somewhere in its source."""

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Which measure of how many rows; `scale` multiplies a deviation or ratio, `level` is for tails."""

    measure: str
    window: int
    minimum: int
    scale: float = 1.0
    level: float = 0.95


def tail_ranks(level: float, window: int) -> tuple[npt.NDArray[np.longlong], FloatVector]:
    """Return `tail_rank` for each number of observations up to `window`: the counts and what the level leaves."""
    share = Fraction(repr(level))
    above, whole = share.numerator, share.denominator
    counts = [n - -(-above * n // whole) + 1 for n in range(window + 1)]
    masses = [(n * whole - above * n) / whole for n in range(window + 1)]
    return np.array(counts, dtype=np.longlong), np.array(masses)


def new_state(recipe: Recipe, columns: int, rows: int) -> State:
    """Return the state of an empty window that goes over `rows` rows."""
    if recipe.measure in TAILS:
        return _new_tail(recipe, columns)
    if recipe.measure == "max_drawdown":
        now = np.tile([1.0, 1.0, 1.0, 0.0], (columns, 1))
        kept = recipe.window if recipe.window < rows else 0
        return {"count": np.zeros(columns), "now": now, "ends": np.ones((columns, kept, 3))}
    if recipe.measure in PAIRS:
        two = {"latest": np.full((columns, 2), np.nan), "equals": np.zeros((columns, 2))}
        return {"sums": np.zeros((columns, 10)), "count": np.zeros(columns), "centers": np.zeros((columns, 2)), **two}
    sums = ("sum_high", "sum_low", "square_high", "square_low") if recipe.measure in MOMENTS else ("sums",)
    state: State = {name: np.zeros((columns, 8) if name == "sums" else columns) for name in sums}
    state |= {name: np.zeros(columns) for name in ("count", "center", "equals")}
    return state | {"latest": np.full(columns, np.nan)}


def _new_tail(recipe: Recipe, columns: int) -> State:
    """Keep some more values than the tail needs, so that it seldom runs out of them."""
    counts, masses = tail_ranks(recipe.level, recipe.window)
    capacity = min(recipe.window, 2 * int(counts[-1]) + 10)
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
    """Return where the answers of `rows` rows go: one array, or VaR and CVaR of which one may have no rows."""
    parts = TAILS.get(recipe.measure, (True,))
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
    """Return the recursion of `recipe` from `state` over `source`; `complete` says that nothing is missing."""
    measure, window, minimum = recipe.measure, recipe.window, recipe.minimum
    sweep: Any  # compiled classes have no types
    if measure in MOMENTS:
        sweep = MomentWindow(  # type: ignore[no-untyped-call]
            source, rates, complete, window, minimum, MOMENTS[measure], recipe.scale, state, answers[0]
        )
    elif measure in SHAPES:
        sweep = ShapeWindow(source, window, minimum, SHAPES[measure], state, answers[0])  # type: ignore[no-untyped-call]
    elif measure in PAIRS:
        sweep = PairWindow(source, market, rates, window, minimum, PAIRS[measure], state, answers[0])  # type: ignore[no-untyped-call]
    elif measure in TAILS:
        sweep = TailWindow(source, window, minimum, state, *answers)  # type: ignore[no-untyped-call]
    else:
        sweep = DrawdownWindow(source, window, minimum, state, answers[0])  # type: ignore[no-untyped-call]
    found: Sweep = sweep
    return found


def roll(recipe: Recipe, values: FloatMatrix, market: FloatVector, rates: FloatVector) -> list[FloatMatrix]:
    """Return the answers after each row of `values`, shape (rows, columns).

    `market` is for pairs only; `rates` is taken off each row where a measure is one of excess returns.
    """
    rows, columns = values.shape
    answers = new_answers(recipe, rows, columns)

    def task(block: slice) -> None:
        source = values[:, block]
        state = new_state(recipe, source.shape[1], rows)
        whole = recipe.measure in MOMENTS and not np.isnan(source.sum())
        bind(recipe, state, source, market, rates, [part[:, block] for part in answers], complete=whole).run(0, rows)

    _by_blocks(task, values.shape)
    return [part for part in answers if part.shape[0] > 0]


def _by_blocks(task: Callable[[slice], None], shape: tuple[int, int]) -> None:
    """Call `task` on ranges of columns that cover `shape`: few at a time, so that a window stays in the cache."""

    def some(first: int, last: int) -> None:
        for start in range(first, last, COLUMNS_AT_A_TIME):
            task(slice(start, min(start + COLUMNS_AT_A_TIME, last)))

    over_columns(some, shape, heavy=True)
