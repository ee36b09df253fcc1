"""Circuit breakers against NumPy and vectorbt: a grid over one history, and halts at random times."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch.backtest.breakers._bars import Bars, read_bars
from riskresearch.backtest.breakers._paths import sweep_alone
from riskresearch.breakers import Breaker, BreakerSet, DrawdownBreaker
from riskresearch.core import Bar
from riskresearch.kernels.compiled._breaker_chance import outcomes

SWEEP_TARGET = 0.1
VECTORBT_TARGET = 0.01
CHANCE_TARGET = 0.2
LIMITS, COOLDOWNS, BARS = 40, 25, 5_000
HALTED_BARS, SHIFTS, COST = 8_000, 2_000, 0.0005

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def all_breaker_cases() -> list[Case]:
    """Return every case whose peer is installed."""
    return [*sweep_cases(), *chance_cases()]


# --- drawdown breakers with a cool-down and a peak reset


def grid() -> tuple[Vector, Vector]:
    """Return limit and cool-down of 1,000 pairs."""
    limits = np.repeat(np.linspace(0.02, 0.3, LIMITS), COOLDOWNS)
    return limits, np.tile(np.arange(5.0, 5.0 * COOLDOWNS + 1.0, 5.0), LIMITS)


def history() -> Vector:
    """Return daily returns with fat tails and a drift of 8 % a year."""
    return np.random.default_rng(0).standard_t(4, BARS) * 0.008 + 0.0003


def our_sweep(sets: list[Breaker], bars: Bars) -> Matrix:
    """Return final equity, worst drawdown, sum and sum of squares of returns, exposure moved, trips and bars out."""
    return sweep_alone(sets, bars, cost=0.0)


def numpy_sweep(returns: Vector, limits: Vector, cooldowns: Vector) -> Matrix:
    """Return the same without the exposure moved: a loop over time, all pairs at once, in place."""
    pairs = len(limits)
    equity, peak, top = np.ones(pairs), np.ones(pairs), np.ones(pairs)
    left, worst, total, square = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    trips, out = np.zeros(pairs), np.zeros(pairs)
    for ret in returns:
        held = left == 0.0
        net = np.where(held, ret, 0.0)
        equity *= 1.0 + net
        total += net
        square += net * net
        out += ~held
        np.maximum(top, equity, out=top)
        np.maximum(worst, (top - equity) / top, out=worst)
        np.maximum(peak, equity, out=peak)
        trip = held & ((peak - equity) / peak >= limits)
        peak = np.where(left == 1.0, equity, peak)
        left = np.where(trip, cooldowns, np.maximum(left - 1.0, 0.0))
        trips += trip
    return np.column_stack([equity, worst, total, square, trips, out])


def vectorbt_sweep(prices: Vector, limits: Vector, cooldowns: Vector) -> Vector:
    """Return final equity by `Portfolio.from_order_func`; its first call, which compiles, does not count."""
    vectorbt = peer("vectorbt")
    assert vectorbt is not None
    portfolio = vectorbt.Portfolio.from_order_func(
        np.broadcast_to(prices[:, None], (len(prices), len(limits))).copy(), _order_function(),
        limits, cooldowns, np.full(len(limits), np.nan), np.zeros(len(limits)), init_cash=1.0,
    )  # fmt: skip
    return np.asarray(portfolio.final_value(), dtype=float)


_compiled: list[object] = []


def _order_function() -> object:
    if not _compiled:
        numba = peer("numba")
        vectorbt = peer("vectorbt")
        assert numba is not None
        assert vectorbt is not None
        order, nothing = vectorbt.portfolio.nb.order_nb, vectorbt.portfolio.enums.NoOrder

        def decide(c, limits, cooldowns, peak, left):  # type: ignore[no-untyped-def]
            column = c.col
            price = c.close[c.i, column]
            value = c.cash_now + c.position_now * price
            if c.i == 0:
                peak[column] = value
                return order(np.inf, price)
            if left[column] > 0.0:
                left[column] -= 1.0
                if left[column] > 0.0:
                    return nothing
                peak[column] = value
                return order(np.inf, price)
            peak[column] = max(peak[column], value)
            if (peak[column] - value) / peak[column] >= limits[column]:
                left[column] = cooldowns[column]
                return order(-c.position_now, price)
            return nothing

        _compiled.append(numba.njit(decide))
    return _compiled[0]


def check_sweep(sets: list[Breaker], bars: Bars, limits: Vector, cooldowns: Vector) -> None:
    """Require equal bits of what both count."""
    ours = our_sweep(sets, bars)[:, [0, 1, 2, 3, 5, 6]]
    np.testing.assert_array_equal(ours, numpy_sweep(bars.returns, limits, cooldowns))


def check_vectorbt(sets: list[Breaker], bars: Bars, prices: Vector, limits: Vector, cooldowns: Vector) -> None:
    """Require equal final equity."""
    np.testing.assert_allclose(vectorbt_sweep(prices, limits, cooldowns), our_sweep(sets, bars)[:, 0], rtol=1e-9)


def sweep_cases() -> list[Case]:
    """Return the cases of 1,000 pairs of limit and cool-down over 5,000 bars."""
    returns, (limits, cooldowns) = history(), grid()
    bars, _ = read_bars(returns, None, None)
    pairs = zip(limits.tolist(), cooldowns.tolist(), strict=True)
    sets: list[Breaker] = [DrawdownBreaker(limit, cooldown=int(wait)) for limit, wait in pairs]
    work = f"drawdown breaker with cool-down, {len(sets)} pairs x {BARS} bars"
    cases = [
        Case(
            work, "NumPy, loop over time, vectorised over pairs", partial(our_sweep, sets, bars),
            partial(numpy_sweep, returns, limits, cooldowns), partial(check_sweep, sets, bars, limits, cooldowns),
            "equal bits of equity, drawdown, moments, trips and bars out", SWEEP_TARGET,
        ),
    ]  # fmt: skip
    if peer("vectorbt") is not None:
        prices = np.concatenate([[100.0], 100.0 * np.cumprod(1.0 + returns)])
        cases.append(
            Case(
                work, "vectorbt Portfolio.from_order_func, warm", partial(our_sweep, sets, bars),
                partial(vectorbt_sweep, prices, limits, cooldowns),
                partial(check_vectorbt, sets, bars, prices, limits, cooldowns),
                "final equity equal to 1e-9", VECTORBT_TARGET, 3,
            )
        )  # fmt: skip
    return cases


# --- halts at random times


def halted() -> tuple[Vector, Vector, NDArray[np.int64]]:
    """Return returns, an exposure with 30 halts of 60 bars twice over, and by how much each draw is shifted."""
    generator = np.random.default_rng(0)
    returns = generator.standard_t(4, HALTED_BARS) * 0.008 + 0.0003
    exposure = np.ones(HALTED_BARS)
    for first in generator.integers(0, HALTED_BARS - 60, 30):
        exposure[first : first + 60] = 0.0
    return returns, np.concatenate([exposure, exposure]), generator.integers(1, HALTED_BARS, SHIFTS)


def numpy_loop_chance(returns: Vector, twice: Vector, shifts: NDArray[np.int64]) -> Matrix:
    """Return final wealth and worst drawdown of each shift: a loop over time, all shifts at once."""
    wealth, top, before, worst = np.ones(SHIFTS), np.ones(SHIFTS), np.ones(SHIFTS), np.zeros(SHIFTS)
    for row, ret in enumerate(returns):
        held = twice[shifts + row]
        wealth *= 1.0 + (held * ret - COST * np.abs(held - before))
        np.maximum(top, wealth, out=top)
        np.maximum(worst, (top - wealth) / top, out=worst)
        before = held
    return np.column_stack([wealth, worst])


def numpy_matrix_chance(returns: Vector, twice: Vector, shifts: NDArray[np.int64]) -> Matrix:
    """Return the same, 50 shifts at a time as a matrix, by cumprod and maximum.accumulate."""
    rows, found = np.arange(len(returns)), []
    for first in range(0, SHIFTS, 50):
        held = twice[shifts[first : first + 50, None] + rows]
        moved = np.abs(np.diff(held, axis=1, prepend=1.0))
        wealth = np.cumprod(1.0 + (held * returns - COST * moved), axis=1)
        top = np.maximum(np.maximum.accumulate(wealth, axis=1), 1.0)
        found.append(np.column_stack([wealth[:, -1], ((top - wealth) / top).max(axis=1)]))
    return np.concatenate(found)


def check_chance(returns: Vector, twice: Vector, shifts: NDArray[np.int64]) -> None:
    """Require equal bits of all three."""
    ours = outcomes(returns, twice, shifts, COST)
    np.testing.assert_array_equal(ours, numpy_loop_chance(returns, twice, shifts))
    np.testing.assert_array_equal(ours, numpy_matrix_chance(returns, twice, shifts))


def chance_cases() -> list[Case]:
    """Return the cases of 2,000 circular shifts over 8,000 bars."""
    data = halted()
    work = f"final wealth and worst drawdown of halts, {SHIFTS} circular shifts x {HALTED_BARS} bars"
    return [
        Case(
            work, name, partial(outcomes, *data, COST), partial(theirs, *data), partial(check_chance, *data),
            "equal bits", target, 7,
        )
        for name, theirs, target in (
            ("NumPy, cumprod and maximum.accumulate of matrices", numpy_matrix_chance, CHANCE_TARGET),
            ("NumPy, loop over time, vectorised over shifts", numpy_loop_chance, None),
        )
    ]  # fmt: skip


# --- one tick


def tick_microseconds(breakers: BreakerSet, conditions: Bar, calls: int = 20_000) -> float:
    """Return the microseconds that one bar takes through a running set, the least of five rounds."""
    from timeit import repeat  # noqa: PLC0415 (not for the cases)

    running = breakers.start(equity=1.0)
    return 1e6 * min(repeat(lambda: running.update(conditions), number=calls, repeat=5)) / calls
