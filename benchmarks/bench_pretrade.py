"""Limits of 1,000,000 orders against NumPy's bare bitmask, and the peers; `python -m benchmarks.bench_pretrade`.

nanobook, riskkit-quant and pyfortis may need an environment of their own: `PRETRADE_PYTHON=/path/to/python` names its
interpreter. A peer that is not there has no row.
"""

import functools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from benchmarks.compare import ratio
from riskresearch import UnifiedLimitChecker, options, pretrade, simulate
from riskresearch.core import Order

ORDERS, ASSETS, PEER_ORDERS = 1_000_000, tuple(f"A{number}" for number in range(20)), 100_000
VOLUME, VOLATILITY, TICK = 1e4, 0.01, 0.01
OF_BITMASK, OF_NANOBOOK, OF_SLOW_PEERS, GATED = 1.0, 0.4, 0.01, 3.0
NANOSECONDS, MICROSECONDS, MILLISECONDS, SMALL = 300.0, 20.0, 1.0, 100.0
"""Targets: our time over that of peers; a cumulative order, one check, one what-if, 20 orders on another book."""
STATELESS = (
    pretrade.OrderUnits(500), pretrade.OrderNotional(1e4), pretrade.Participation(0.05), pretrade.PriceCollar(0.02),
    pretrade.LotSize(1), pretrade.TickSize(TICK), pretrade.RestrictedList(("A3",)), pretrade.AllowedList(ASSETS),
)  # fmt: skip
CUMULATIVE = (
    *STATELESS[:5],
    pretrade.PositionUnits(5000),
    pretrade.GrossExposure(1e6),
    pretrade.OrderRate(50, window=1),
)
THEIRS = """
import random, statistics, sys, time
from datetime import UTC, datetime
from decimal import Decimal

random.seed(0)
ASSETS = [f"A{number}" for number in range(20)]


def nanobook():
    from nanobook import RiskEngine
    engine = RiskEngine(max_order_value_cents=10**9, max_trade_usd=1e7, max_batch_value_cents=10**15, max_leverage=1e9)
    orders = [
        (random.choice(ASSETS), random.choice(["buy", "sell"]), random.randint(1, 600), random.randint(1000, 3000))
        for _ in range(COUNT)
    ]
    book = [(asset, 0) for asset in ASSETS], [(asset, 0.0) for asset in ASSETS]
    return lambda: engine.check_batch(orders, 10**9, *book), COUNT


def riskkit():
    from riskkit import PreTradeValidator, TradeProposal
    validator = PreTradeValidator()
    order = TradeProposal("A1", "long", 10.0, 9.0, 12.0, 10.0, 100.0, "", 80, equity=1e6)
    return lambda: [validator.validate(order) for _ in range(2000)], 2000


def pyfortis():
    import pathlib, pyfortis
    from pyfortis import Account, RiskContext, RiskEngine, Side
    policy = pathlib.Path(pyfortis.__file__).parent / "data" / "templates" / "policy_minimal.yaml"
    engine = RiskEngine.from_yaml(str(policy))
    now = datetime.now(UTC)
    context = RiskContext(as_of=now, account=Account(nav=Decimal(10**7)), prices={"A1": Decimal(10)})
    order = pyfortis.Order(order_id="o", symbol="A1", side=Side.BUY, quantity=Decimal(10))
    return lambda: [engine.evaluate(order, context) for _ in range(300)], 300


try:
    work, count = {"nanobook": nanobook, "riskkit": riskkit, "pyfortis": pyfortis}[sys.argv[1]]()
except ImportError:
    sys.exit(3)
work()
times = []
for _ in range(9):
    start = time.perf_counter()
    work()
    times.append(time.perf_counter() - start)
print(statistics.median(times) / count)
""".replace("COUNT", str(PEER_ORDERS))


def orders_and_book(count: int) -> tuple[pretrade.Orders, pretrade.Book]:
    """Return orders in whole units at prices near the last ones, and a book that holds nothing."""
    rng = np.random.default_rng(0)
    units = rng.integers(-600, 600, count).astype(float)
    units[units == 0.0] = 1.0
    column = rng.integers(0, len(ASSETS), count).astype(np.intp)
    prices = 10.0 + np.arange(len(ASSETS))
    limits = np.round(prices[column] * (1.0 + rng.normal(0.0, 0.01, count)), 2)
    orders = pretrade.Orders(ASSETS, column, units, limits, time=np.arange(count) * 1_000_000)
    return orders, book_of(dict(zip(ASSETS, prices.tolist(), strict=True)))


def book_of(prices: dict[str, float]) -> pretrade.Book:
    """Return a book that holds nothing."""
    each = dict.fromkeys(ASSETS, VOLUME), dict.fromkeys(ASSETS, VOLATILITY)
    return pretrade.Book({}, prices, nav=1e7, cash=1e7, average_volume=each[0], volatility=each[1], time=0)


def bitmask(orders: pretrade.Orders, book: pretrade.Book) -> np.ndarray:
    """Return the reasons of `STATELESS` as the checker defines them, for orders that raise a position."""
    column, units, limit = orders.column, orders.units, np.asarray(orders.limit_price)
    last, size, tie = book.prices[column], np.abs(units), 1.0 + 1e-12
    sold = np.maximum(limit, last)  # a sale is worth its limit or the last price, whichever is dearer
    mask = bare_bitmask(orders, book) & ~14
    mask |= (size * np.where(units < 0.0, sold, limit) > 1e4 * tie) * 2
    mask |= (size / VOLUME > 0.05 * tie) * 4
    mask |= (np.sign(units) * (limit - last) / last > 0.02 * tie) * 8
    return mask


def bare_bitmask(orders: pretrade.Orders, book: pretrade.Book) -> np.ndarray:
    """Return eight comparisons as they are first written, without the dearer price of a sale and without ties."""
    column, units, limit = orders.column, orders.units, np.asarray(orders.limit_price)
    volume = np.full(len(ASSETS), VOLUME)
    restricted, allowed = np.array(ASSETS) == "A3", np.ones(len(ASSETS), dtype=bool)
    last, size, mask = book.prices[column], np.abs(units), np.zeros(len(units), dtype=np.int64)
    mask |= (size > 500) * 1
    mask |= (size * limit > 1e4) * 2
    mask |= (size / volume[column] > 0.05) * 4
    mask |= (np.sign(units) * (limit - last) / last > 0.02) * 8
    mask |= (size % 1 != 0) * 16
    mask |= (np.abs(limit / TICK - np.round(limit / TICK)) > 1e-9) * 32
    mask |= restricted[column] * 64
    mask |= (~allowed[column]) * 128
    return mask


def median(work: Callable[[int], object], calls: int) -> float:
    """Return the median seconds of a call, which gets its number."""
    times = []
    work(0)
    for call in range(calls):
        start = time.perf_counter()
        work(call)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def check_masks(orders: pretrade.Orders, book: pretrade.Book) -> None:
    """Raise AssertionError unless the masks of the checker are those of NumPy."""
    denied = UnifiedLimitChecker(STATELESS).check_batch(orders, book, mode="independent").denied
    expected = bitmask(orders, book)
    for place, limit in enumerate(STATELESS):
        assert np.array_equal((denied & int(limit.code)) != 0, (expected >> place) & 1 != 0), limit.code.name


def batches() -> None:
    """Print the rows of large batches."""
    orders, book = orders_and_book(ORDERS)
    check_masks(orders, book)
    checker, cumulative = UnifiedLimitChecker(STATELESS), UnifiedLimitChecker(CUMULATIVE)
    for threads in sorted({1, options.threads}):
        with options.context(threads=threads):
            found = ratio(
                lambda: checker.check_batch(orders, book, mode="independent"), lambda: bare_bitmask(orders, book), 9
            )
        show(
            f"1,000,000 orders x 8 stateless limits over NumPy's bitmask, {threads} thread(s)", found.median, OF_BITMASK
        )
        print(f"    {found.our_seconds * 1e9 / ORDERS:.0f} and {found.their_seconds * 1e9 / ORDERS:.0f} ns an order")
    took = median(lambda _: cumulative.check_batch(orders, book), 5) * 1e9 / ORDERS
    show("the same with cumulative position, gross and rate, ns an order", took, NANOSECONDS)


def small() -> None:
    """Print the rows of single orders and small batches."""
    orders, book = orders_and_book(20)
    checker, cumulative, order = UnifiedLimitChecker(STATELESS), UnifiedLimitChecker(CUMULATIVE), Order("A1", 10.0)
    show(
        "one check, 8 stateless limits, microseconds",
        median(lambda _: checker.check(order, book), 3000) * 1e6,
        MICROSECONDS,
    )
    took = median(lambda _: cumulative.check(order, book), 3000) * 1e6
    show("one check, 8 limits with position, gross and rate, microseconds", took, MICROSECONDS)
    books = [book_of({asset: 10.0 + 0.01 * number for asset in ASSETS}) for number in range(220)]
    took = median(lambda call: cumulative.check_batch(orders, books[20 + call]), 200) * 1e6
    show("20 orders x 8 limits on another book each time, microseconds", took, SMALL)
    names = [f"S{number}" for number in range(500)]
    scenarios = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.01, (1000, 500)), columns=names)
    wide = pretrade.Book(dict.fromkeys(names, 10.0), dict.fromkeys(names, 10.0), nav=1e5, scenarios=scenarios)
    risk = UnifiedLimitChecker((pretrade.ConditionalValueAtRisk(0.05),))
    took = median(lambda _: risk.what_if([Order("S1", 5.0)], wide), 200) * 1e3
    show("what_if on 500 names x 1,000 scenarios with CVaR, milliseconds", took, MILLISECONDS)


def peers() -> None:
    """Print the rows of the other packages, each on the limits that both have."""
    orders, book = orders_and_book(PEER_ORDERS)
    value = pretrade.OrderNotional(1e7), pretrade.OrderNotional(1e7, name="second")
    ours = {
        "nanobook": (UnifiedLimitChecker(value), OF_NANOBOOK, "two limits on the value of an order"),
        "riskkit": (UnifiedLimitChecker(STATELESS), OF_SLOW_PEERS, "8 stateless limits, and its checks"),
        "pyfortis": (
            UnifiedLimitChecker((pretrade.OrderNotional(5e4), pretrade.PriceCollar(0.05))), OF_SLOW_PEERS,
            "notional and collar, its minimal policy",
        ),
    }  # fmt: skip
    for name, (checker, target, what) in ours.items():
        theirs = seconds_of(name)
        if theirs is None:
            print(f"{name} is not installed for {python()}: no row")
            continue
        took = median(functools.partial(judge, checker, orders, book), 9) / len(orders)
        show(f"batch over {name}, an order; {what}", took / theirs, target)
        print(f"    {took * 1e9:.0f} and {theirs * 1e9:.0f} ns an order")


class Passing:
    """A limit that lets everything pass, so that a simulation runs its gated loop."""

    def start(self, columns: Sequence[str]) -> "Passing":
        """Return itself."""
        return self

    def apply(self, target: np.ndarray, bar: object) -> np.ndarray:
        """Return the target."""
        return target


def simulations() -> None:
    """Print what a checker of 8 limits takes of a simulation, over its gated loop without one."""
    rng = np.random.default_rng(1)
    dates, names = pd.bdate_range("2000-01-03", periods=5000), [f"A{number}" for number in range(20)]
    prices = pd.DataFrame(100.0 * np.exp(np.cumsum(rng.normal(0.0, 0.01, (5000, 20)), axis=0)), dates, names)
    weights = pd.DataFrame(rng.dirichlet(np.ones(20), 5000), dates, names)
    for what, scale in {"never binding": 1e6, "binding on nearly every bar": 1.0}.items():
        limits = (
            pretrade.PositionWeight(0.12 * scale), pretrade.Leverage(0.95 * scale),
            pretrade.GrossExposure(0.95 * scale),
            pretrade.NetExposure(0.95 * scale), pretrade.OrderNotional(0.1 * scale), pretrade.PositionUnits(scale),
            pretrade.InstrumentCount(18 * scale), pretrade.Turnover(0.9 * scale, denominator="nav"),
        )  # fmt: skip
        for on_breach in ("deny", "clip"):
            checker = UnifiedLimitChecker(limits, on_breach=on_breach)
            found = ratio(
                functools.partial(simulate, weights, prices, accounts=None, limits=[checker]),
                functools.partial(simulate, weights, prices, accounts=None, limits=[Passing()]), 5,
            )  # fmt: skip
            show(
                f"simulate, 5,000 bars x 20 assets, 8 limits {what}, {on_breach}, over its gated loop", found.median,
                GATED,
            )  # fmt: skip


def judge(checker: UnifiedLimitChecker, orders: pretrade.Orders, book: pretrade.Book, _: int) -> object:
    """Judge orders that do not see one another."""
    return checker.check_batch(orders, book, mode="independent")


def python() -> str:
    """Return the interpreter of the peers."""
    return os.environ.get("PRETRADE_PYTHON", sys.executable)


def seconds_of(name: str) -> float | None:
    """Return a peer's seconds for an order, None if it is not installed."""
    done = subprocess.run([python(), "-c", THEIRS, name], capture_output=True, text=True, check=False)
    if done.returncode:
        if done.returncode != 3:
            print(done.stderr, file=sys.stderr)
        return None
    return float(done.stdout)


def show(work: str, value: float, target: float) -> None:
    """Print a row."""
    print(f"{work}: {value:.3g}, target at most {target:g}: {'reached' if value <= target else 'missed'}", flush=True)


if __name__ == "__main__":
    batches()
    small()
    simulations()
    peers()
