"""Caps in a simulation: by hand, the bits of `apply_caps` without drift, and no weight beyond a cap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from riskresearch.backtest import simulate
from riskresearch.core import Account, Bar, InvalidInputError
from riskresearch.sizing import CapReason, Caps, apply_caps
from tests.backtest.samples import EVERY_COST, impact_panels, market
from tests.examples import examples
from tests.sizing.test_caps import caps_and_targets

pytestmark = pytest.mark.filterwarnings("ignore:lag=0 fills:riskresearch.core.ConventionWarning")
DATES = pd.bdate_range("2024-01-02", periods=5)
NAMES = ["A", "B", "C"]
SECTORS = {"A": "tech", "B": "tech", "C": "energy"}
SPLIT = {"S0": "a", "S1": "b", "S2": "a", "S3": "b"}


def flat(*targets, price=10.0):
    """Return constant targets and prices of as many columns over five bars."""
    names = NAMES[: len(targets)]
    prices = pd.DataFrame(price, index=DATES, columns=names)
    return prices * 0.0 + list(targets), prices


# --- by hand


def test_participation_fills_a_target_bar_after_bar():
    """10 % of 100 units are 10 a bar, 100 of money at a price of 10, a tenth of the capital."""
    weights, prices = flat(0.35)
    caps = Caps(max_participation=0.1).with_data(average_volume=prices * 0.0 + 100.0)
    done = simulate(weights, prices, limits=[caps], capital=1000.0)
    assert done.units["A"].tolist() == pytest.approx([0.0, 10.0, 20.0, 30.0, 35.0])


def test_the_volume_is_that_of_the_bar_of_the_decision():
    weights, prices = flat(0.9)
    volume = pd.DataFrame({"A": [100.0, np.nan, 200.0, 1e9, 0.0]}, index=DATES)
    done = simulate(
        weights, prices, limits=[Caps(max_participation=0.1).with_data(average_volume=volume)], capital=1000.0
    )
    assert done.units["A"].tolist() == pytest.approx([0.0, 10.0, 10.0, 30.0, 90.0])
    again = simulate(
        weights, prices, limits=[Caps(max_participation=0.1).with_data(average_volume=volume.to_numpy())],
        capital=1000.0,
    )  # fmt: skip
    pd.testing.assert_frame_equal(again.units, done.units, check_exact=True)


def test_lots_are_counted_at_the_price_of_the_decision():
    """500 of money at 30 are 16.7 units, a lot of 10; then at 25 20 units: 2 lots."""
    weights, prices = flat(0.5, price=30.0)
    prices.iloc[2:] = 25.0
    done = simulate(weights, prices, limits=[Caps(lot_size=10.0)], capital=1000.0)
    # Decided after bars 0 and 1 at 30: 10 units of 1,000 are a weight of 0.3. Bar 2 fills it at 25 with 950 of equity.
    assert done.units["A"].tolist()[:3] == pytest.approx([0.0, 10.0, 0.3 * 950.0 / 25.0])
    # After bar 2 half of 950 is 19 units at 25: one lot.
    assert done.units["A"].iloc[3] == pytest.approx(10.0)
    whole = simulate(weights, prices, limits=[Caps(lot_size=10.0)], lot_size=10.0, capital=1000.0)
    assert whole.units["A"].tolist() == [0.0, 10.0, 10.0, 10.0, 10.0]


def test_groups_of_several_accounts_count_what_each_account_holds():
    weights, prices = flat(0.4, 0.4, 0.4)
    caps = Caps(max_group=0.5, groups=SECTORS)
    assert simulate(weights, prices, limits=[caps]).weights.iloc[-1].tolist() == pytest.approx([0.25, 0.25, 0.4])
    alone = simulate(weights, prices, limits=[caps], accounts="columns").weights.iloc[-1]
    assert alone.tolist() == pytest.approx([0.4, 0.4, 0.4])
    tech = Caps(max_group=0.1, groups={"A": "tech"})  # no other account holds a member
    assert simulate(weights, prices, limits=[tech], accounts="columns").weights.iloc[-1].tolist() == pytest.approx(
        [0.1, 0.4, 0.4]
    )


def test_turnover_counts_from_what_is_held_after_drift():
    weights, prices = flat(1.0)
    prices.iloc[2:] = 20.0
    done = simulate(weights, prices, limits=[Caps(max_turnover=0.3)], capital=1000.0)
    # 0.3 held on bar 1; doubled on bar 2, where 0.6 were asked for: 0.6 of 1,300. Then 780 of 1300 and 0.3 more.
    assert done.weights["A"].tolist() == pytest.approx([0.0, 0.3, 0.6, 0.9, 1.0])


def test_a_target_that_is_missing_keeps_the_units_within_the_caps():
    weights, prices = flat(0.5, 0.2)
    weights.iloc[1:] = np.nan
    prices.iloc[2:, 0] = 30.0
    kept = simulate(weights, prices, limits=[Caps(0.9)], missing_weights="hold", capital=1000.0)
    plain = simulate(weights, prices, missing_weights="hold", capital=1000.0)
    pd.testing.assert_frame_equal(kept.units, plain.units, check_exact=True)
    # On bar 2 A is 1,500 of 2,000: beyond 0.6, which is sold to on bar 3, while B stays as it is.
    cut = simulate(weights, prices, limits=[Caps(0.6)], missing_weights="hold", capital=1000.0)
    assert cut.weights["A"].tolist() == pytest.approx([0.0, 0.5, 0.75, 0.6, 0.6])
    assert cut.units["B"].iloc[1:].tolist() == [20.0] * 4


def test_before_a_price_is_known_no_cap_that_needs_one_raises_exposure():
    weights, prices = flat(0.5)
    free = simulate(weights, prices, limits=[Caps(0.4)], lag=0)
    assert free.weights["A"].tolist() == pytest.approx([0.4] * 5)
    lots = simulate(weights, prices, limits=[Caps(lot_size=0.01)], lag=0)
    assert lots.weights["A"].tolist() == pytest.approx([0.0, 0.5, 0.5, 0.5, 0.5])


# --- the same bits as `apply_caps`


def bar_of(weights, prices, equity, row):
    names = tuple(str(column) for column in range(len(weights)))
    account = Account("one", names, equity, equity, equity, prices, weights, np.ones(len(weights), dtype=bool))
    return Bar(account=account, row=row)


@given(caps_and_targets(limit_exits=False) | caps_and_targets(limit_exits=True), st.data())
@examples(50)
def test_without_drift_the_stream_has_the_bits_of_the_history(drawn, data):
    caps, targets, options = drawn
    volume, prices = options["average_volume"], options["prices"]
    for panel in (volume, prices):
        panel[data.draw(hnp.arrays(bool, panel.shape, elements=st.sampled_from([False] * 4 + [True])))] = np.nan
    history = apply_caps(targets, caps, **options)
    names = [str(column) for column in range(targets.shape[1])]
    running = caps.with_data(average_volume=volume).start(names)
    held, found = options["held"], []
    for row, target in enumerate(targets):
        held = running.apply(target, bar_of(held, prices[row], options["capital"], row))
        found.append(held)
    np.testing.assert_array_equal(found, history.weights)
    counts = running.verdicts().to_frame()["code"].value_counts()
    expected = history.counts()["weights"]
    assert {code: int(counts.get(code, 0)) for code in expected.index} == expected.to_dict()


def test_an_answer_is_no_view_of_what_the_next_one_changes():
    running = Caps(0.5).start(["A"])
    account = Account("one", ("A",), 1.0, 1.0, 1.0, np.ones(1), np.zeros(1), np.ones(1, dtype=bool))
    first = running.apply([0.9], Bar(account=account))
    running.apply([0.1], Bar(account=account))
    assert first.tolist() == [0.5]
    assert account.weights.tolist() == [0.0]


# --- properties of simulations


@st.composite
def runs(draw):
    """Return weights and prices, some of them missing, and the options of a simulation."""
    weights, prices = market(draw(st.integers(6, 25)), 4, draw(st.integers(0, 2**32 - 1)))
    missing = draw(hnp.arrays(bool, prices.shape, elements=st.sampled_from([False] * 9 + [True])))
    prices = prices.mask(missing & (np.arange(len(prices)) > 0)[:, None])
    weights = weights.mask(draw(hnp.arrays(bool, weights.shape, elements=st.sampled_from([False] * 9 + [True]))))
    options = {
        "lag": draw(st.integers(0, 2)), "missing_weights": "hold", "capital": 1000.0,
        "rebalance": draw(st.sampled_from(["every_bar", "on_change", 0.05, "week"])),
        "accounts": draw(st.sampled_from([None, "columns", SPLIT])),
        "missing_prices": draw(st.sampled_from(["settle", "hold"])),
    }  # fmt: skip
    return weights, prices, options


@given(runs())
@examples(25)
def test_caps_that_never_bind_change_no_bit(drawn):
    weights, prices, options = drawn
    panels = {name: panel.fillna(1.0) for name, panel in impact_panels(prices).items()}
    options = {**options, "costs": EVERY_COST, **panels}
    caps = Caps(
        50.0, max_leverage=200.0, max_group=100.0, groups=dict.fromkeys(SPLIT, "x"), max_turnover=500.0,
        max_participation=1.0,
    ).with_data(average_volume=weights.fillna(0.0) * 0.0 + 1e12)  # fmt: skip
    if options["lag"] == 0:  # before the first bar no price is known, without which a participation binds
        caps = Caps(50.0, max_leverage=200.0, max_turnover=500.0)
    plain, capped = simulate(weights, prices, **options), simulate(weights, prices, limits=[caps], **options)
    for name in ("units", "equity", "cash"):
        np.testing.assert_array_equal(getattr(capped.record, name), getattr(plain.record, name))
    assert capped.limit_verdicts.empty


class Last:
    """A limit behind all others, which keeps what they leave of each target, and what was held then."""

    def __init__(self):
        self.left = []

    def start(self, columns):
        return self

    def apply(self, target, bar):
        held = bar.account.weights
        self.left.append((np.where(np.isnan(target), held, target), held))
        return target


@given(runs(), st.sampled_from([0.05, 0.2, 0.5]), st.booleans())
@examples(30)
def test_no_target_exceeds_a_cap_when_it_is_decided(drawn, most, trades):
    weights, prices, options = drawn
    groups = {"S0": "x", "S1": "y", "S2": "x", "S3": "y"}
    sizes = Caps(most, max_group=1.5 * most, groups=groups, max_leverage=2.5 * most)
    caps = Caps(max_turnover=most) if trades else sizes
    last = Last()
    done = simulate(weights, prices, limits=[caps, last], **options)
    slack = 1.0 + 1e-12
    for left, held in last.left:
        if trades:
            lowers = np.abs(left) < np.abs(held)
            assert np.abs(left - held)[~lowers].sum() <= most * slack + np.abs(held).sum()
        else:
            assert np.abs(left).max() <= most
            assert np.abs(left).sum() <= 2.5 * most * slack
    if not trades and options["rebalance"] == "every_bar" and prices.notna().all(axis=None):
        filled = done.weights[weights.shift(options["lag"]).notna()]
        assert filled.abs().fillna(0.0).max(axis=None) <= most * slack


@given(runs(), st.integers(3, 20))
@examples(20)
def test_the_future_does_not_change_the_past(drawn, rows):
    weights, prices, options = drawn
    volume = prices.fillna(1.0) * 0.0 + np.random.default_rng(0).uniform(0.0, 50.0, prices.shape)
    caps = Caps(0.2, max_leverage=0.4, max_turnover=0.3, max_participation=0.1, lot_size=0.1)
    whole = simulate(weights, prices, limits=[caps.with_data(average_volume=volume)], **options)
    other = volume.copy()
    other.iloc[rows:] = 7.0
    for known in (volume.iloc[:rows], other):
        past = simulate(
            weights.iloc[:rows], prices.iloc[:rows], limits=[caps.with_data(average_volume=known)], **options
        )
        np.testing.assert_array_equal(past.record.units, whole.record.units[:rows])
        then = whole.limit_verdicts
        then = then[then["time"].isna() | then["time"].isin(prices.index[: rows - 1])]
        assert past.limit_verdicts.astype(str).to_numpy().tolist() == then.astype(str).to_numpy().tolist()


# --- the verdicts


def test_verdicts_have_a_row_for_each_weight_and_cap():
    weights, prices = flat(0.9, 0.2)
    done = simulate(weights, prices, limits=[Caps(0.6, max_leverage=0.5)], capital=1000.0)
    frame = done.limit_verdicts
    first = frame[frame["time"] == DATES[0]]
    assert first["asset"].tolist() == ["A", "A", "B"]
    assert first["code"].tolist() == ["WEIGHT", "LEVERAGE", "LEVERAGE"]
    assert set(frame["outcome"]) == {"CLIP"}
    assert first["value"].tolist() == [0.9, 0.9, 0.2]
    assert first["limit"].tolist() == pytest.approx([0.375, 0.375, 0.125])
    assert first["units_wanted"].tolist() == pytest.approx([90.0, 90.0, 20.0])
    assert first["units_accepted"].tolist() == pytest.approx([37.5, 37.5, 12.5])
    assert len(frame) == 4 * 3
    assert [reason.name for reason in CapReason][:3] == ["WEIGHT", "GROUP", "LEVERAGE"]


# --- refusals


@pytest.mark.parametrize(
    ("caps", "message"),
    [
        (
            Caps(max_participation=0.1),
            r"average_volume must be given with max_participation, got None\. Bind it to the caps: caps\.with_data",
        ),
        (Caps(max_group=0.5, groups={"AA": "tech"}), "groups must name columns of weights, got 'AA' and no column"),
        (
            Caps(max_participation=0.1).with_data(average_volume=pd.DataFrame({"A": 1.0}, index=DATES)),
            "average_volume must have the columns of the account, but 'B' has none",
        ),
        (
            Caps(max_participation=0.1).with_data(
                average_volume=pd.DataFrame(1.0, index=DATES[2:], columns=["A", "B"])
            ),
            "average_volume must have a row for the date of each bar, got none at 2024-01-02",
        ),
    ],
)
def test_what_the_caps_need_is_refused_where_it_is_missing(caps, message):
    weights, prices = flat(0.5, 0.2)
    with pytest.raises(InvalidInputError, match=message):
        simulate(weights, prices, limits=[caps])


@pytest.mark.parametrize(
    ("target", "bar", "message"),
    [
        ([0.1, 0.2], None, "bar must be a Bar with an account that holds the columns"),
        ([0.1, 0.2], Bar(), "bar must be a Bar with an account that holds the columns"),
        ([0.1], bar_of(np.zeros(2), np.ones(2), 1.0, 0), None),
        ([0.1, 0.2, 0.3], bar_of(np.zeros(2), np.ones(2), 1.0, 0), "target must be one weight for each of the columns"),
        (["a", 0.2], bar_of(np.zeros(2), np.ones(2), 1.0, 0), "target must be one weight for each of the columns"),
        ([np.inf, 0.2], bar_of(np.zeros(2), np.ones(2), 1.0, 0), "target must be finite, or nan to keep what is held"),
    ],
)
def test_a_running_cap_checks_what_it_is_given(target, bar, message):
    if message is not None:
        with pytest.raises(InvalidInputError, match=message):
            Caps(0.5).start(2).apply(target, bar)
