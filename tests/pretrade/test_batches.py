"""A batch is judged as its orders are one by one, to the last bit, by every limit, in blocks, threads and forks."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, options, pretrade
from riskresearch.core import Decision, Order
from riskresearch.core._errors import InvalidInputError
from riskresearch.pretrade.checker._flow import Flow
from riskresearch.pretrade.checker._plan import Plan
from riskresearch.pretrade.checker._standing import standings
from tests.examples import examples

ASSETS = ("A", "B", "C")
START = 1_767_600_000_000_000_000  # Monday 2026-01-05 08:00 UTC, in nanoseconds
SCENARIOS = pd.DataFrame(np.random.default_rng(0).normal(0.0, 0.02, (40, 3)), columns=list(ASSETS))
LIMITS = (
    pretrade.OrderUnits(30, warn=20), pretrade.OrderUnits({"A": 10, "*": 25}, limit_exits=True, inclusive=True),
    pretrade.OrderNotional(400.0, warn=200.0), pretrade.PriceCollar(0.05, warn=0.02),
    pretrade.PriceCollar(2.0, unit="volatility", two_sided=True, reference="opening", on_missing="warn"),
    pretrade.Participation(0.1, on_missing="pass"), pretrade.LotSize(5), pretrade.LotSize(2, odd_lot_exits=True),
    pretrade.TickSize(0.25), pretrade.DuplicateOrder(0.004), pretrade.OrderRate(3, window=0.005),
    pretrade.OrderRate(2, window=0.01, scope="asset"), pretrade.MessageRate(4, window=0.006, scope="strategy"),
    pretrade.RepeatedExecution(5), pretrade.SelfTrade(), pretrade.RestrictedList(["B"]),
    pretrade.AllowedList({"s": ["A", "B"], "": ["A", "B", "C"]}),
    pretrade.Session("09:00", "17:00", time_zone="Europe/Berlin"), pretrade.ShortSale(),
    pretrade.PositionUnits(40, warn=30), pretrade.PositionUnits(20, scope="strategy"),
    pretrade.PositionNotional(500.0), pretrade.PositionWeight(0.4), pretrade.PositionWeight(0.7, denominator="gross"),
    pretrade.MinimumTrade(0.01), pretrade.BuyingPower(0.5, reserve=100.0), pretrade.GrossExposure(900.0, warn=600.0),
    pretrade.NetExposure(600.0), pretrade.NetExposure(300.0, scope="strategy"), pretrade.Leverage(0.9),
    pretrade.GroupWeight(0.6, by="sector"), pretrade.UcitsConcentration(0.3, single=0.15, total=0.6, by="issuer"),
    pretrade.InstrumentCount(2), pretrade.Turnover(700.0), pretrade.Turnover(0.4, denominator="nav", scope="asset"),
    pretrade.ValueAtRisk(0.02), pretrade.ConditionalValueAtRisk(0.005, increase=True), pretrade.BetaExposure(0.5),
    pretrade.FactorExposure(0.4, factor="value"), pretrade.StressLoss(0.1, shocks={"A": -0.2, "*": -0.1}),
    pretrade.TradingStateLimit(),
    pretrade.CustomLimit(lambda order, book: abs(order.units) + book.units.sum(), 60.0, name="own"),
    pretrade.OrderUnits(5, valid_from="2026-01-05T08:00:00.004+00:00", valid_until="2026-01-05T08:00:00.010+00:00"),
)  # fmt: skip


def some(*values):
    return st.sampled_from(values)


prices = some(8.0, 10.0, 10.5, float("nan"))
units = st.one_of(st.integers(-60, 60).map(float), some(0.5, -2.75, 0.0, float("nan"), float("inf")))
times = st.one_of(st.none(), st.integers(-2, 15).map(lambda each: np.datetime64(START + 1_000_000 * each, "ns")))
orders = st.tuples(
    some(*ASSETS, "X"), units, some(float("nan"), 8.0, 10.0, 10.1, 10.25, -1.0), times, some("", "me", "other"),
    some("", "s", "new"), some(""), some("order", "order", "order", "cancel"),
).map(lambda each: Order(*each))  # fmt: skip
working = st.tuples(
    some(*ASSETS), st.integers(-20, 20).filter(bool).map(float), some(float("nan"), 9.0, 10.75)
).map(lambda each: Order(*each))  # fmt: skip


@st.composite
def books(draw):
    """Return a book with positions of strategies, working and earlier orders, and numbers that are not known."""
    held = {asset: {name: float(draw(st.integers(-30, 30))) for name in ("", "s")} for asset in ASSETS}
    by_strategy = {name: {asset: held[asset][name] for asset in ASSETS} for name in ("", "s")}
    numbers = {
        name: {asset: draw(some(*values)) for asset in ASSETS}
        for name, values in {
            "average_volume": (100.0, 250.0, float("nan")), "volatility": (0.01, 0.03), "betas": (0.5, 1.25, -1.0),
            "opening_prices": (9.5, 10.0, float("nan")), "locates": (0.0, 15.0),
        }.items()
    }  # fmt: skip
    return pretrade.Book(
        {asset: sum(each.values()) for asset, each in held.items()}, {asset: draw(prices) for asset in ASSETS},
        nav=draw(some(1000.0, 777.0, -1.0)), cash=draw(some(500.0, 60.0, None)),
        working=draw(st.lists(working, max_size=3)), account=draw(some(None, "me")),
        groups={"sector": {"A": "x", "B": "x", "C": "y"}, "issuer": {"A": "i", "B": "j"}}, scenarios=SCENARIOS,
        factors={"value": {"A": 1.0, "B": -0.5}}, strategy_units=draw(some(None, by_strategy)),
        recent=[each for each in draw(st.lists(orders, max_size=3)) if each.asset != "X"],
        traded={"": 100.0, "A": 50.0}, time=draw(some(None, np.datetime64(START, "ns"))),
        decision=draw(some(Decision(), Decision(multiplier=0.5), Decision(reduce_only=True), None)), **numbers,
    )  # fmt: skip


def one_account(batch):
    """Return orders that name one account at most."""
    return [order._replace(account=batch[0].account) for order in batch]


batches = st.lists(orders, min_size=1, max_size=8).map(one_account)
checkers = st.builds(
    UnifiedLimitChecker, st.lists(some(*LIMITS), max_size=6), on_breach=some("deny", "clip", "record"),
    max_age=st.none(),
)  # fmt: skip


def bits(verdict):
    """Return all of a verdict, nan equal to itself."""
    measured = [(each.code, each.name, each.outcome, repr(each.value), repr(each.limit)) for each in verdict.measured]
    return verdict.outcome, repr(verdict.units), verdict.denied, verdict.warned, measured


@given(checkers, batches, books())
@examples(150)
def test_a_batch_is_judged_as_its_orders_one_by_one(checker, batch, book):
    verdicts = checker.check_batch(batch, book)
    faults = pretrade.LimitCode.INVALID_ORDER | pretrade.LimitCode.UNKNOWN_ASSET | pretrade.LimitCode.UNKNOWN_ACCOUNT
    for place, order in enumerate(batch):
        alone = checker.check(order, book)
        assert bits(verdicts[place]) == bits(alone), (place, verdicts.explain(place), alone.explain())
        passed = alone.units if order.kind == "order" else 0.0
        sent = passed != 0.0 or (order.kind == "cancel" and not alone.denied) or checker.on_breach == "record"
        if sent and not alone.denied & faults:
            book = book.after(order if order.kind == "cancel" else order._replace(units=passed))


@given(checkers, batches, books(), st.randoms())
@examples(100)
def test_independent_orders_are_judged_as_if_each_were_alone_in_any_order(checker, batch, book, random):
    verdicts = checker.check_batch(batch, book, mode="independent")
    alone = [checker.check(order, book) for order in batch]
    for name in ("outcome", "denied", "warned"):
        assert getattr(verdicts, name).tolist() == [int(getattr(each, name)) for each in alone]
    assert [repr(float(each)) for each in verdicts.units] == [repr(each.units) for each in alone]
    assert [bits(each) for each in verdicts] == [bits(each) for each in alone]
    places = random.sample(range(len(batch)), len(batch))
    moved = checker.check_batch([batch[place] for place in places], book, mode="independent")
    assert [bits(each) for each in moved] == [bits(alone[place]) for place in places]


@given(st.lists(some(*LIMITS), max_size=8), batches, books(), books())
@examples(60)
def test_a_plan_that_is_refilled_is_that_of_the_book(limits, batch, before, book):
    read = pretrade.Orders.of(batch)
    limits = [limit for limit in limits if limit.rules()]
    plan = Plan(limits, {}, before, read.assets, read.strategies, len(read))
    Flow(plan, read, mode="cumulative", on_breach="deny").run()
    fresh = Plan(limits, {}, book, read.assets, read.strategies, len(read))
    if not plan.has_names_of(book):
        return
    plan.refill(book)
    assert repr(standings(plan)) == repr(standings(fresh))
    flows = [Flow(each, read, mode="cumulative", on_breach="deny", keep=slice(None)) for each in (plan, fresh)]
    for flow in flows:
        flow.run()
    for name in ("outcome", "denied", "warned", "accepted", "values", "bounds", "grades"):
        np.testing.assert_array_equal(flows[0].arrays[name], flows[1].arrays[name])


def many_orders(count):
    rng = np.random.default_rng(3)
    return pretrade.Orders(
        ASSETS, rng.integers(0, 3, count), np.round(rng.normal(0.0, 20.0, count)),
        rng.choice([8.0, 10.0, 10.1, np.nan], count), START + np.arange(count) * 1_000_000,
        strategies=("", "s"), strategy_of=rng.integers(0, 2, count),
    )  # fmt: skip


BOOK = pretrade.Book(
    {"A": 10.0, "B": -5.0}, dict.fromkeys(ASSETS, 10.0), nav=1000.0, cash=500.0, scenarios=SCENARIOS,
    average_volume=dict.fromkeys(ASSETS, 200.0), volatility={"A": 0.01, "B": 0.02}, betas=dict.fromkeys(ASSETS, 1.0),
)  # fmt: skip
INSIDE = tuple(limit for limit in LIMITS if limit.rules())


def test_orders_on_several_threads_get_the_verdicts_of_one(monkeypatch):
    monkeypatch.setattr("riskresearch.kernels._threads.HEAVY_ELEMENTS_PER_THREAD", 1_000)
    orders, checker = many_orders(3_001), UnifiedLimitChecker(INSIDE, on_breach="clip")
    with options.context(threads=1):
        expected = checker.check_batch(orders, BOOK, mode="independent")
    with options.context(threads=4):
        found = checker.check_batch(orders, BOOK, mode="independent")
    for name in ("outcome", "units", "denied", "warned"):
        np.testing.assert_array_equal(getattr(found, name), getattr(expected, name))
    for place in (0, 255, 256, 3_000):
        assert bits(found[place]) == bits(checker.check(orders[place], BOOK))


def test_eight_threads_share_a_checker():
    checker, orders = UnifiedLimitChecker(LIMITS), many_orders(300)
    some_books = [BOOK.after({"asset": "A", "units": float(number)}) for number in range(1, 25)]

    def judged(book):
        batch = checker.check_batch(orders, book)
        alone = checker.check(orders[0], book)
        return batch.denied.tolist(), batch.units.tolist(), bits(alone), checker.headroom(book).limits.to_csv()

    expected = [judged(book) for book in some_books]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(judged, [*some_books, *some_books])) == [*expected, *expected]


@given(st.lists(books(), min_size=20, max_size=24), batches, st.lists(some(*INSIDE), max_size=6))
@examples(20)
def test_a_checker_of_many_books_judges_as_a_new_one(some_books, batch, limits):
    checker = UnifiedLimitChecker(limits)
    for book in some_books:  # more than the checker keeps, so that it puts them into arrays of earlier ones
        again = UnifiedLimitChecker(limits)
        assert bits(checker.check(batch[0], book)) == bits(again.check(batch[0], book))
        found, expected = checker.check_batch(batch, book), again.check_batch(batch, book)
        assert [bits(each) for each in found] == [bits(each) for each in expected]
        assert repr(checker.what_if(batch, book).after) == repr(again.what_if(batch, book).after)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"column": np.array([0, 3])}, "column must be places in the 3 names, from 0 on, got 3"),
        ({"column": np.array([0, -1])}, "column must be places in the 3 names, from 0 on, got -1"),
        ({"column": np.array([0.0, 1.0])}, "column must be an array of integers, got one of float64"),
        ({"column": np.array([0])}, "column must have an entry for each of the 2 orders, got 1"),
        ({"limit_price": np.ones(3)}, "limit_price must have an entry for each of the 2 orders, got 3"),
    ],
)
def test_columns_that_the_kernel_would_read_beyond_are_refused(changed, message):
    columns = {"column": np.array([0, 1]), "units": np.ones(2), **changed}
    with pytest.raises(InvalidInputError, match=message):
        UnifiedLimitChecker([]).check_batch(pretrade.Orders(ASSETS, **columns), BOOK)


def test_what_if_measures_the_book_after_the_orders_as_that_book_does():
    checker = UnifiedLimitChecker([limit for limit in INSIDE if not isinstance(limit, pretrade.DuplicateOrder)])
    batch = [{"asset": "A", "units": 7.0, "limit_price": 9.5}, {"asset": "C", "units": -3.0}]
    found = checker.what_if(batch, BOOK).limits
    then = checker.headroom(BOOK.after(batch)).limits
    assert found["after"].to_list() == pytest.approx(then["value"].to_list(), rel=1e-13, nan_ok=True)
    assert found["before"].equals(checker.headroom(BOOK).limits["value"])
