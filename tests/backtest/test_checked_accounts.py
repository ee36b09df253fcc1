"""A checker of orders among the limits of a simulation: deny, clip and record, bar after bar."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.backtest import simulate
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import InvalidInputError
from riskresearch.pretrade import (
    Book,
    BuyingPower,
    GroupWeight,
    Leverage,
    NetExposure,
    OrderNotional,
    Orders,
    Participation,
    PositionWeight,
    RestrictedList,
    TradingStateLimit,
    Turnover,
    UnifiedLimitChecker,
)
from tests.backtest.samples import EVERY_COST, impact_panels, market
from tests.backtest.test_capped_accounts import Last, flat, runs
from tests.examples import examples

pytestmark = pytest.mark.filterwarnings("ignore:lag=0 fills:riskresearch.core.ConventionWarning")
WAYS = ("deny", "clip", "record")
SECTORS = {"sector": {"S0": "x", "S1": "y", "S2": "x", "S3": "y"}}
TIGHT = [PositionWeight(0.2), Leverage(0.5), OrderNotional(150.0, warn=100.0), GroupWeight(0.3), Turnover(300.0)]
LOOSE = [PositionWeight(1e9), Leverage(200.0), OrderNotional(1e9), GroupWeight(1e9), NetExposure(1e9)]


def checker(limits, on_breach="deny"):
    return UnifiedLimitChecker(limits, on_breach=on_breach).with_data(groups=SECTORS)


# --- by hand


@pytest.mark.parametrize(("way", "units"), [("deny", 0.0), ("clip", 20.0), ("record", 50.0)])
def test_an_order_beyond_a_limit_is_left_out_cut_or_recorded(way, units):
    """Half of 1,000 at 10 are 50 units; at most 0.2 are 20."""
    weights, prices = flat(0.5)
    done = simulate(weights, prices, limits=[UnifiedLimitChecker([PositionWeight(0.2)], on_breach=way)], capital=1000.0)
    assert done.units["A"].iloc[1] == pytest.approx(units)
    first = done.limit_verdicts.iloc[0]
    assert (first["time"], first["account"], first["asset"], first["code"]) == (
        prices.index[0], "portfolio", "A", "WEIGHT",
    )  # fmt: skip
    assert first["outcome"] == ("CLIP" if way == "clip" else "DENY")
    assert [first["value"], first["limit"]] == pytest.approx([0.5, 0.2])
    assert [first["units_wanted"], first["units_accepted"]] == pytest.approx([50.0, units])
    assert "WEIGHT" in done.summary()


def test_a_denied_order_keeps_the_units_and_an_exit_passes():
    weights, prices = flat(0.1, 0.1)
    weights.loc[weights.index[1], "A"] = 0.9
    weights.loc[weights.index[2:], "A"] = 0.0
    prices.loc[prices.index[1:], "A"] = 11.0
    limit = UnifiedLimitChecker([PositionWeight(0.2), OrderNotional(1e-6)])
    first = UnifiedLimitChecker([PositionWeight(0.2)])
    done = simulate(weights, prices, limits=[first], capital=1000.0)
    assert done.units["A"].tolist() == pytest.approx([0.0, 1000.0 * 0.1 / 11.0, 1000.0 * 0.1 / 11.0, 0.0, 0.0])
    assert done.limit_verdicts["time"].tolist() == [prices.index[1]]
    none = simulate(weights, prices, limits=[limit], capital=1000.0)
    assert (none.units == 0.0).all(axis=None)


def test_the_volume_is_read_at_the_date_of_the_decision():
    weights, prices = flat(0.9)
    volume = pd.DataFrame({"A": [100.0, np.nan, 200.0, 1e9, 0.0]}, index=prices.index)
    limit = UnifiedLimitChecker([Participation(0.1)], on_breach="clip").with_data(average_volume=volume)
    done = simulate(weights, prices, limits=[limit], capital=1000.0)
    assert done.units["A"].tolist() == pytest.approx([0.0, 10.0, 10.0, 30.0, 90.0])
    with pytest.raises(InvalidInputError, match="average_volume must have a row for the date of each bar"):
        simulate(weights, prices, limits=[limit.with_data(average_volume=volume.iloc[1:])], capital=1000.0)


def test_a_list_and_cash_are_those_of_the_account():
    weights, prices = flat(0.4, 0.4, 0.4)
    listed = simulate(weights, prices, limits=[UnifiedLimitChecker([RestrictedList(["B"])])])
    assert listed.weights.iloc[-1].tolist() == pytest.approx([0.4, 0.0, 0.4])
    paid = simulate(weights, prices, limits=[UnifiedLimitChecker([BuyingPower()])], capital=1000.0)
    assert paid.weights.iloc[-1].tolist() == pytest.approx([0.4, 0.4, 0.0])
    apart = simulate(weights, prices, limits=[UnifiedLimitChecker([BuyingPower()])], accounts="columns")
    assert apart.weights.iloc[-1].tolist() == pytest.approx([0.4, 0.4, 0.4])


def test_before_a_price_is_known_no_order_passes_and_the_verdict_names_it():
    weights, prices = flat(0.1, 0.0)
    for way in WAYS:
        limits = [UnifiedLimitChecker([PositionWeight(0.2)], on_breach=way)]
        done = simulate(weights, prices, limits=limits, lag=0, capital=1000.0)
        assert done.units["A"].iloc[0] == (10.0 if way == "record" else 0.0)
        assert done.units["A"].iloc[1] == pytest.approx(10.0)
        verdicts = done.limit_verdicts
        assert verdicts["time"].isna().tolist() == [True]
        assert verdicts[["asset", "code", "outcome"]].iloc[0].tolist() == ["A", "INVALID_ORDER", "DENY"]
        assert verdicts[["value", "limit", "units_wanted"]].isna().all(axis=None)
        assert "INVALID_ORDER" in done.summary()


# --- the decision of the gates


def test_a_freeze_reaches_the_limit_on_the_trading_state():
    weights, prices = market(rows=40, columns=3, seed=3)
    weights, prices = weights.abs(), prices * np.where(np.arange(40) < 10, 1.0, 0.8)[:, None]
    gates = [DrawdownBreaker(0.05, stage="freeze", cooldown=5)]
    states = UnifiedLimitChecker([TradingStateLimit()])
    done = simulate(weights, prices, gates=gates, limits=[states])
    pd.testing.assert_frame_equal(done.units, simulate(weights, prices, gates=gates).units, check_exact=True)
    frozen = done.limit_verdicts["time"]
    assert set(done.limit_verdicts["code"]) == {"TRADING_STATE"}
    bars = [prices.index.get_loc(time) for time in frozen.unique()]
    still = (done.units.diff().abs().sum(axis=1) == 0.0).to_numpy()
    assert all(still[bar + 1] for bar in bars if bar + 1 < len(prices))
    assert len(bars) >= 5


def test_a_halt_lets_only_exits_pass_after_the_breaker_and_before_the_limit():
    weights, prices = market(rows=40, columns=3, seed=3)
    weights, prices = weights.abs(), prices * np.where(np.arange(40) < 10, 1.0, 0.8)[:, None]
    gates = [DrawdownBreaker(0.05, stage="halt", cooldown=5)]
    states = UnifiedLimitChecker([PositionWeight(0.2), TradingStateLimit()])
    done = simulate(weights, prices, gates=gates, limits=[states])
    halted = done.breaker_records[0].active
    grown = done.units.abs().diff().iloc[1:].gt(1e-12).any(axis=1)
    assert any(halted)
    assert not (grown.to_numpy() & np.array(halted[:-1])).any()


def test_without_gates_the_state_is_not_known_and_nothing_passes():
    weights, prices = flat(0.4)
    done = simulate(weights, prices, limits=[UnifiedLimitChecker([TradingStateLimit()])])
    assert (done.units == 0.0).all(axis=None)
    assert set(done.limit_verdicts["code"]) == {"TRADING_STATE"}


# --- properties


@given(runs(), st.sampled_from(WAYS))
@examples(25)
def test_limits_that_never_bind_change_no_bit(drawn, way):
    weights, prices, options = drawn
    options = {**options, "lag": max(1, options["lag"])}  # before the first bar no price is known
    panels = {name: panel.fillna(1.0) for name, panel in impact_panels(prices).items()}
    options = {**options, "costs": EVERY_COST, **panels}
    plain = simulate(weights, prices, **options)
    checked = simulate(weights, prices, limits=[checker(LOOSE, way)], **options)
    for name in ("units", "equity", "cash"):
        np.testing.assert_array_equal(getattr(checked.record, name), getattr(plain.record, name))
    assert checked.limit_verdicts.empty


@given(runs())
@examples(15)
def test_what_is_only_recorded_changes_no_bit(drawn):
    weights, prices, options = drawn
    plain = simulate(weights, prices, **options)
    checked = simulate(weights, prices, limits=[checker(TIGHT, "record")], **options)
    np.testing.assert_array_equal(checked.record.units, plain.record.units)


@given(runs(), st.sampled_from(["deny", "clip"]))
@examples(30)
def test_no_weight_grows_beyond_a_limit_when_it_is_decided(drawn, way):
    weights, prices, options = drawn
    last = Last()
    simulate(weights, prices, limits=[checker(TIGHT, way), last], **options)
    slack = 1.0 + 1e-9
    for left, held in last.left:
        grown = np.abs(left) > np.abs(held) * slack
        assert (np.abs(left[grown]) <= 0.2 * slack).all()
        assert np.abs(left).sum() <= max(0.5, np.abs(held).sum()) * slack


class Judged:
    """A limit before a checker that judges the same orders in a batch, and one behind it that compares."""

    def __init__(self, limits, way):
        self.checker, self.wanted = UnifiedLimitChecker(limits, on_breach=way), []
        self.seen = 0

    def start(self, columns):
        return self

    def apply(self, target, bar):
        self.wanted.append((np.array(target), bar))
        return target

    def compare(self, allowed, bar):
        self.seen += 1
        target, seen = self.wanted[-1]
        assert seen is bar
        account = bar.account
        if np.isnan(account.prices).any() or account.equity <= 0.0:
            return
        names, prices, held = account.columns, account.prices, account.weights
        own = held * account.equity / prices
        moves = ~np.isnan(target) & (target != held)
        reduces = moves & (np.abs(target) < np.abs(held)) & (target * held >= 0.0)
        order = [*np.flatnonzero(reduces), *np.flatnonzero(moves & ~reduces)]
        units = (target - held) * account.equity / prices
        orders = Orders.of([{"asset": names[column], "units": units[column]} for column in order]) if order else []
        book = Book(
            dict(zip(names, own, strict=True)), dict(zip(names, prices, strict=True)), nav=account.equity,
            cash=account.cash, groups=SECTORS,
        )  # fmt: skip
        accepted = np.zeros(len(names))
        if order:
            accepted[order] = self.checker.check_batch(orders, book).units
        left = np.where(np.isnan(allowed), held, allowed)
        np.testing.assert_allclose((left - held) * account.equity / prices, accepted, rtol=1e-9, atol=1e-9)


class Compared:
    def __init__(self, judged):
        self.judged = judged

    def start(self, columns):
        return self

    def apply(self, target, bar):
        self.judged.compare(target, bar)
        return target


@given(runs(), st.sampled_from(WAYS))
@examples(15)
def test_each_bar_has_the_verdicts_of_a_batch_against_its_book(drawn, way):
    weights, prices, options = drawn
    limits = TIGHT[:-1]  # turnover counts what was traded earlier on the day, which a book is told
    judged = Judged(limits, way)
    options = {**options, "accounts": None, "lag": max(1, options["lag"])}
    simulate(weights, prices, limits=[judged, checker(limits, way), Compared(judged)], **options)
    assert judged.seen == len(judged.wanted)  # the limit behind the checker saw every bar that the one before it saw


@given(runs(), st.integers(3, 20), st.sampled_from(WAYS))
@examples(15)
def test_the_future_does_not_change_the_past(drawn, rows, way):
    weights, prices, options = drawn
    volume = prices.fillna(1.0) * 0.0 + np.random.default_rng(0).uniform(0.0, 50.0, prices.shape)
    limits = UnifiedLimitChecker([*TIGHT, Participation(0.1)], on_breach=way)
    whole = simulate(
        weights, prices, limits=[limits.with_data(average_volume=volume, groups=SECTORS)], **options
    ).limit_verdicts
    past = simulate(
        weights.iloc[:rows], prices.iloc[:rows],
        limits=[limits.with_data(average_volume=volume.iloc[:rows], groups=SECTORS)], **options,
    ).limit_verdicts  # fmt: skip
    whole = whole[whole["time"].isna() | whole["time"].isin(prices.index[: rows - 1])]
    assert past.astype(str).to_numpy().tolist() == whole.astype(str).to_numpy().tolist()
