"""Numbers that cannot be, tables of every kind, and a fuzz of both: our error or a verdict, and nothing passes."""

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import InvalidInputError, Order
from riskresearch.pretrade import Outcome
from tests.examples import examples

PRICES = {"A": 10.0, "B": 20.0}
BOOK = pretrade.Book({"A": 5}, PRICES, cash=1000.0, time=datetime(2026, 1, 5, tzinfo=UTC))
NUMBERS = [
    math.nan, math.inf, -math.inf, 0, -0.0, -1, 5, 0.1, 2**53 + 1, 10**400, -(10**400), 5e-324, 1.7e308, None, True,
    "5", b"5", "1,000", [1.0], (1,), {}, 1j, np.float32(5), np.int64(5), np.array(5.0), np.array([5.0]),
    np.float64("nan"),
    Decimal(5), Decimal("nan"), Fraction(1, 3), pd.NA, pd.NaT, np.datetime64("NaT"), object(), lambda: 5,
    pd.Series([1.0]),
]  # fmt: skip
LIMITS = [
    pretrade.OrderUnits(100), pretrade.OrderNotional(1000), pretrade.PositionWeight(1.0), pretrade.BuyingPower(),
    pretrade.GrossExposure(1000), pretrade.PriceCollar(0.5),
]  # fmt: skip


def shown(value):
    return f"{type(value).__name__}-{value!r:.12}"


def judged(limits, order, book=BOOK):
    """Return the verdicts as one order, as a record, as mappings and as a frame; our error counts as no verdict."""
    checker, found = UnifiedLimitChecker(limits), []
    for give in (
        lambda: checker.check(order, book), lambda: checker.check(Order(**order), book),
        lambda: checker.check_batch([order], book)[0], lambda: checker.check_batch([Order(**order)], book)[0],
        lambda: checker.check_batch(pd.DataFrame({name: [value] for name, value in order.items()}), book)[0],
    ):  # fmt: skip
        answer, text = answer_of(give)
        if text:
            assert "must" in text
        else:
            found.append(answer)
    return found


def answer_of(give):
    """Return what a function gives, and the text of our error if it refuses."""
    try:
        return give(), ""
    except InvalidInputError as error:
        return None, str(error)


@pytest.mark.parametrize("value", NUMBERS, ids=shown)
def test_units_that_are_no_number_of_units_never_pass(value):
    listed = isinstance(value, list | tuple | pd.Series | np.ndarray)
    fine = isinstance(value, int | float | np.number | Decimal | Fraction) and value is not True
    fine = is_positive(abs(value)) if fine else isinstance(value, str) and value == "5"  # a column of text of numbers
    for verdict in judged(LIMITS, {"asset": "A", "units": value}):
        assert verdict.outcome == Outcome.DENY or fine or listed
        assert math.isfinite(verdict.units)
        assert isinstance(verdict.explain(), str)


@pytest.mark.parametrize("value", NUMBERS, ids=shown)
def test_a_limit_price_that_is_no_price_never_passes(value):
    for verdict in judged([], {"asset": "A", "units": 3.0, "limit_price": value}):
        listed = isinstance(value, list | tuple | pd.Series | np.ndarray)
        is_market = value is None or value is pd.NA or value is pd.NaT or (not listed and value != value)
        assert (verdict.outcome == Outcome.PASS) is bool(listed or is_market or is_positive(value)), verdict.explain()
        assert verdict.codes in ((), ("INVALID_ORDER",))


@pytest.mark.parametrize(
    "name", ["prices", "average_volume", "volatility", "nav", "multipliers", "rates", "opening_prices"]
)
@pytest.mark.parametrize("value", NUMBERS, ids=shown)
def test_a_number_of_the_book_that_cannot_be_is_not_known(name, value):
    """Each limit needs the number; with one that is not positive and finite it denies."""
    limits = [
        pretrade.OrderNotional(1e300), pretrade.Participation(1e300), pretrade.PriceCollar(1e300, unit="volatility"),
        pretrade.Leverage(1e300), pretrade.PriceCollar(1e300, reference="opening"),
    ]  # fmt: skip
    needs = {"prices": (0, 2, 3, 4), "average_volume": (1,), "volatility": (2,), "nav": (3,), "multipliers": (0, 3),
             "rates": (0, 3), "opening_prices": (4,)}[name]  # fmt: skip
    own = {
        "prices": PRICES, "average_volume": {"A": 9.0}, "volatility": {"A": 0.1}, "nav": 100.0,
        "multipliers": {"A": 1.0},
        "rates": {"X": 1.0}, "currencies": {"A": "X"}, "opening_prices": {"A": 9.0},
    }  # fmt: skip
    own[name] = value if name == "nav" else {"X" if name == "rates" else "A": value}
    book, text = answer_of(lambda: pretrade.Book({}, own.pop("prices"), **own))
    if text:
        assert name in text
        return
    verdict = UnifiedLimitChecker(limits).check({"asset": "A", "units": 1.0}, book)
    if is_positive(value) and not 1e-300 < float(value) < 1e300:
        return  # what is made of it may be over every limit
    denied = {place for place, each in enumerate(verdict.measured) if each.outcome == Outcome.DENY}
    assert denied == (set() if is_positive(value) else set(needs)), verdict.explain()


def is_positive(value):
    try:
        return bool(0 < float(value) < math.inf)
    except (TypeError, ValueError, OverflowError):
        return False


@pytest.mark.parametrize("nav", [0, -5.0, math.nan, math.inf, -math.inf, 10**400])
def test_a_net_asset_value_that_cannot_be_denies_what_is_measured_by_it(nav):
    book = pretrade.Book({"A": 5}, PRICES, nav=nav, scenarios=pd.DataFrame({"A": [0.1, -0.1]}), betas={"A": 1})
    limits = [
        pretrade.PositionWeight(999.0), pretrade.Leverage(999.0), pretrade.MinimumTrade(0.001),
        pretrade.BetaExposure(999.0), pretrade.ValueAtRisk(999.0), pretrade.ConditionalValueAtRisk(999.0),
        pretrade.StressLoss(999.0, shocks={"*": -1.0}),
        pretrade.Turnover(9.0, denominator="nav"), pretrade.UcitsConcentration(by="asset"),
    ]  # fmt: skip
    checker = UnifiedLimitChecker(limits)
    verdict = checker.check({"asset": "A", "units": 1}, book)
    assert [each.outcome for each in verdict.measured] == [Outcome.DENY] * 10, verdict.explain()
    assert checker.check({"asset": "A", "units": -5}, book).outcome == Outcome.PASS
    assert checker.headroom(book).units.loc["A", "buy"] == 0.0
    assert (
        checker.headroom(book)
        .limits.set_index("code")["value"]
        .loc[["WEIGHT", "LEVERAGE", "VALUE_AT_RISK"]]
        .isna()
        .all()
    )


def test_whole_numbers_beyond_what_a_double_counts():
    book = pretrade.Book({"A": 2**53}, {"A": 1.0}, nav=1e300, cash=0.0)
    limit = pretrade.PositionUnits(2**53 + 2)
    assert UnifiedLimitChecker([limit]).check({"asset": "A", "units": 2}, book).outcome == Outcome.PASS
    assert UnifiedLimitChecker([pretrade.OrderUnits(2**53)]).check({"asset": "A", "units": 2**54}, book).codes
    most = UnifiedLimitChecker([limit]).repair({"asset": "A", "units": 10**300}, book)
    assert 0 <= most.units <= 2**53
    huge = pretrade.Book({"A": 1e308}, {"A": 1e308}, cash=0.0)
    every = [pretrade.GrossExposure(1e308), pretrade.Leverage(1e308), pretrade.PositionNotional(1e308)]
    assert UnifiedLimitChecker(every).check({"asset": "A", "units": 1e308}, huge).outcome == Outcome.DENY
    assert UnifiedLimitChecker(every).check({"asset": "A", "units": -1e308}, huge).outcome == Outcome.PASS


TABLES = {
    "rows": lambda rows: rows, "records": lambda rows: [Order(**row) for row in rows],
    "mixed": lambda rows: [Order(**rows[0]), *rows[1:]], "generator": lambda rows: (row for row in rows),
    "columns": lambda rows: {name: [row[name] for row in rows] for name in rows[0]},
    "arrays": lambda rows: {name: np.array([row[name] for row in rows]) for name in rows[0]},
    "pandas": pd.DataFrame, "polars": pl.DataFrame,
    "categories": lambda rows: pd.DataFrame(rows).astype({"asset": "category", "strategy": "category"}),
    "masked": lambda rows: pd.DataFrame(rows).convert_dtypes(),
    "whole": lambda rows: pd.DataFrame(rows).astype({"units": "int64"}),
    "indexed": lambda rows: pd.DataFrame(rows).set_index("asset"),
    "orders": lambda rows: pretrade.Orders.of(rows),
}  # fmt: skip


@pytest.mark.parametrize("kind", TABLES)
def test_a_flow_is_read_from_every_kind_of_table(kind):
    rows = [
        {"asset": "A", "units": 20, "limit_price": 10.0, "strategy": "s"},
        {"asset": "B", "units": -7, "limit_price": 20.5, "strategy": "t"},
        {"asset": "Z", "units": 7, "limit_price": 20.5, "strategy": ""},
        {"asset": "A", "units": -5, "limit_price": 10.0, "strategy": "s"},
    ]  # fmt: skip
    checker = UnifiedLimitChecker([pretrade.OrderNotional(150), pretrade.AllowedList({"s": ["A"], "t": ["A"]})])
    verdicts = checker.check_batch(TABLES[kind](rows), BOOK)
    assert [each.codes for each in verdicts] == [
        ("ORDER_NOTIONAL",), ("ALLOWED_LIST",), ("ALLOWED_LIST", "UNKNOWN_ASSET"), ()
    ]  # fmt: skip
    assert verdicts.to_frame()["asset"].astype(str).tolist() == ["A", "B", "Z", "A"]


def test_a_side_beside_positive_units():
    for sides in (["buy", "sell"], ["BUY", "SELL"]):
        frame = pd.DataFrame({"asset": ["A", "A"], "side": sides, "units": [3.0, 2.0]})
        assert UnifiedLimitChecker([]).check_batch(frame, BOOK).units.tolist() == [3.0, -2.0]
    for side, units in (("buy", -3.0), ("sell", -3.0), ("both", 3.0), ("B", 3.0), (None, 3.0)):
        frame = pd.DataFrame({"asset": ["A"], "side": [side], "units": [units]})
        with pytest.raises(InvalidInputError, match=r"side|units"):
            UnifiedLimitChecker([]).check_batch(frame, BOOK)


@pytest.mark.parametrize("time", [
    datetime(2026, 1, 5, 12), datetime(2026, 1, 5, 12, tzinfo=UTC), "2026-01-05 12:00", "2026-01-05T07:00-05:00",
    pd.Timestamp("2026-01-05 13:00", tz="Europe/Berlin"), np.datetime64("2026-01-05T12:00"),
    pd.Timestamp("2026-01-05 12:00"),
], ids=shown)  # fmt: skip
def test_times_are_instants_and_those_without_a_zone_are_of_utc(time):
    verdict = UnifiedLimitChecker([pretrade.Session("12:00", "12:01")]).check(
        {"asset": "A", "units": 1, "time": time}, BOOK
    )
    assert verdict.outcome == Outcome.PASS


@pytest.mark.parametrize("time", [
    pd.Timestamp("3000-01-01").as_unit("s"), np.datetime64("3000-01-01"), np.datetime64("1000-01-01"), 1e18, 1e300,
    10**400, -(10**400), math.nan, math.inf, None, pd.NaT, np.datetime64("NaT"), date(9999, 12, 31), True, "soon",
    [1], object(), b"x",
], ids=shown)  # fmt: skip
def test_a_time_that_cannot_be_is_refused_or_not_known(time):
    order = {"asset": "A", "units": 1, "time": time}
    book = pretrade.Book({}, PRICES)
    limits = [pretrade.OrderRate(5, window=1), pretrade.Session("00:00", "23:59"), pretrade.DuplicateOrder(1)]
    for verdict in judged(limits, order, book):
        assert set(verdict.codes) == {"ORDER_RATE", "SESSION", "DUPLICATE_ORDER"}, verdict.explain()
    dated, text = answer_of(lambda: pretrade.Book({}, PRICES, time=time))
    assert "time must" in text or dated.time == np.iinfo(np.int64).min


@pytest.mark.parametrize("asset", [None, math.nan, "", 5, 5.0, (1, 2), b"A", True, "a", " A", "A "])
def test_an_asset_that_the_book_does_not_name_is_unknown(asset):
    for verdict in judged([pretrade.OrderUnits(100)], {"asset": asset, "units": 1.0}):
        assert verdict.codes == ("UNKNOWN_ASSET",)
        assert "does not name" in verdict.explain()


def test_names_that_are_numbers():
    book = pretrade.Book({600519: 5}, {600519: 10.0, 858: 5.0}, cash=1000.0, account=7)
    limits = [pretrade.PositionUnits({600519: 6, "*": 2}), pretrade.AllowedList([600519, 858])]
    for asset, units, codes in ((600519, 1, ()), (600519, 2, ("POSITION_UNITS",)), (858, 3, ("POSITION_UNITS",))):
        order = {"asset": asset, "units": units, "account": 7}
        verdicts = judged(limits, order, book)
        assert [each.codes for each in verdicts] == [codes] * 5


def test_doubled_ids_are_two_orders():
    orders = [{"asset": "A", "units": 3, "order_id": "x"}, {"asset": "A", "units": 3, "order_id": "x"}]
    verdicts = UnifiedLimitChecker([pretrade.PositionUnits(8)]).check_batch(orders, BOOK)
    assert verdicts.outcome.tolist() == [Outcome.PASS, Outcome.DENY]


@pytest.mark.parametrize(
    "empty", [[], (), {}, pd.DataFrame({"asset": [], "units": []}), pretrade.Orders.of([])], ids=shown
)
@pytest.mark.parametrize("mode", ["cumulative", "all_or_none", "independent"])
def test_an_empty_batch(empty, mode):
    checker = UnifiedLimitChecker(LIMITS)
    if isinstance(empty, dict):
        with pytest.raises(InvalidInputError, match="asset"):
            checker.check_batch(empty, BOOK, mode=mode)
        return
    verdicts = checker.check_batch(empty, BOOK, mode=mode)
    assert len(verdicts) == 0
    assert list(verdicts) == []
    assert len(verdicts.to_frame()) == len(verdicts.values()) == len(verdicts.counts()) == 0
    assert "0 orders" in verdicts.summary()
    with pytest.raises(InvalidInputError, match="place must be the number of one of the 0 orders"):
        verdicts[0]


anything = st.one_of(
    st.sampled_from([each for each in NUMBERS if not isinstance(each, pd.Series)]), st.text(max_size=3), st.floats(),
    st.integers(), st.lists(st.floats(), max_size=2), st.dictionaries(st.text(max_size=2), st.floats(), max_size=2),
)  # fmt: skip
FIELDS = ("units", "prices", "nav", "cash", "working", "average_volume", "volatility", "groups", "scenarios", "betas",
          "factors", "currencies", "rates", "multipliers", "locates", "traded", "recent", "released", "strategy_units",
          "opening_prices", "decision", "time", "ages")  # fmt: skip


@given(name=st.sampled_from(FIELDS), value=anything, inner=st.booleans(), order=st.fixed_dictionaries(
    {"asset": st.sampled_from(["A", "B"]), "units": st.integers(1, 50)},
    optional={"limit_price": anything, "time": anything, "strategy": anything, "kind": anything, "order_id": anything},
))  # fmt: skip
@examples(300)
def test_books_and_orders_of_anything_give_our_error_or_a_verdict(name, value, inner, order):
    given_book = {"units": {"A": 5}, "prices": PRICES, "cash": 1000.0, name: {"A": value} if inner else value}
    checker = UnifiedLimitChecker([pretrade.OrderUnits(7), *LIMITS])
    book, text = answer_of(lambda: pretrade.Book(given_book.pop("units"), given_book.pop("prices"), **given_book))
    if text:
        return
    verdict, text = answer_of(lambda: checker.check(order, book))
    batch, other_text = answer_of(lambda: checker.check_batch([order], book))
    if text or other_text:  # lists are columns in a mapping, and no numbers in a row
        return
    assert verdict.outcome == batch.outcome[0]
    assert verdict.denied == batch.denied[0]
    if order["units"] > 7 and order.get("kind") != "cancel" and not is_short(book, order):
        assert "ORDER_UNITS" in verdict.codes


def is_short(book, order):
    """Return whether the book was made so that the order may be an exit."""
    return book.units[book.column(order["asset"])] < 0.0 or len(book.working) > 0


columns = st.sampled_from(["asset", "units", "side", "time", "limit_price", "kind"])


@given(rows=st.lists(st.dictionaries(columns, anything), max_size=3))
@examples(150)
def test_rows_of_anything_give_our_error_or_verdicts(rows):
    verdicts, text = answer_of(lambda: UnifiedLimitChecker(LIMITS).check_batch(rows, BOOK))
    if text:
        return
    assert len(verdicts) == len(rows)
    assert all(isinstance(verdicts.explain(place), str) for place in range(len(rows)))


def test_a_working_cancellation_is_refused():
    with pytest.raises(InvalidInputError, match="working must be orders, got a cancellation"):
        pretrade.Book({}, PRICES, working=[{"asset": "A", "units": 5, "kind": "cancel"}])


@pytest.mark.parametrize("mode", ["cumulative", "all_or_none", "independent"])
@pytest.mark.parametrize("on_breach", ["deny", "clip", "record"])
def test_what_is_no_order_is_no_order_in_every_mode(on_breach, mode):
    checker = UnifiedLimitChecker(LIMITS, on_breach=on_breach)
    rows = [{"asset": "A", "units": math.nan}, {"asset": "Z", "units": 5}, {"asset": "A", "units": 0}]
    verdicts = checker.check_batch(rows, BOOK, mode=mode)
    assert verdicts.outcome.tolist() == [Outcome.DENY] * 3
    if on_breach != "record":
        assert not verdicts.units.any()
