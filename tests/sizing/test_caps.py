"""Caps: each by hand, the reasons they give, and that none of them makes a size larger."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as hnp

from riskresearch.core import InvalidInputError
from riskresearch.sizing import CapReason, Caps, apply_caps
from tests.examples import examples

MONEY = {"capital": 1e6}
SECTORS = {"A": "tech", "B": "tech", "C": "energy"}


def frame(*rows):
    return pd.DataFrame(list(rows), columns=["A", "B", "C"], index=pd.bdate_range("2020-01-01", periods=len(rows)))


def weights_and_names(targets, caps, **options):
    capped = apply_caps(targets, caps, **options)
    names = [capped.names_of(int(reason)) for reason in np.asarray(capped.reasons).ravel()]
    return np.asarray(capped.weights), names


# --- by hand


def test_the_weight_cap():
    weights, names = weights_and_names([[0.6, -0.7, 0.2]], Caps(max_weight=0.5))
    assert weights.tolist() == [[0.5, -0.5, 0.2]]
    assert names == ["WEIGHT", "WEIGHT", ""]


def test_the_group_cap_scales_its_members_together():
    caps = Caps(max_group=0.5, groups=SECTORS)
    weights, names = weights_and_names(frame([0.6, -0.4, 0.3]), caps)
    assert weights.ravel() == pytest.approx([0.3, -0.2, 0.3])
    assert names == ["GROUP", "GROUP", ""]
    weights, _ = weights_and_names(frame([0.6, -0.4, 0.3]), Caps(max_group={"energy": 0.1}, groups=SECTORS))
    assert weights.ravel() == pytest.approx([0.6, -0.4, 0.1])


def test_the_leverage_cap_comes_after_weights():
    weights, names = weights_and_names([[2.0, -1.0]], Caps(max_weight=1.0, max_leverage=1.5))
    assert weights.tolist() == [[0.75, -0.75]]
    assert names == ["WEIGHT+LEVERAGE", "LEVERAGE"]


def test_participation_in_the_average_volume():
    """1 % of 10,000 units at 50 is 5,000 of money, 0.5 % of a million: the first trade does that, the next the rest."""
    prices, volume = np.full((3, 1), 50.0), np.full((3, 1), 10_000.0)
    caps = Caps(max_participation=0.01)
    weights, names = weights_and_names([[0.008], [0.008], [0.0]], caps, prices=prices, average_volume=volume, **MONEY)
    assert weights.ravel() == pytest.approx([0.005, 0.008, 0.0])
    assert names == ["PARTICIPATION", "", ""]
    slow, names = weights_and_names(
        [[0.008], [0.008], [0.0], [0.0]][:3], Caps(max_participation=0.01, limit_exits=True),
        prices=prices, average_volume=volume, **MONEY,
    )  # fmt: skip
    assert slow.ravel() == pytest.approx([0.005, 0.008, 0.003])
    assert names == ["PARTICIPATION", "", "PARTICIPATION"]


def test_turnover_lets_what_lowers_pass_and_scales_the_rest():
    """Held 0.5 and 0; wanted 0.2 and 0.6: the sale of 0.3 passes, 0.1 of the 0.4 allowed is left for the purchase."""
    weights, names = weights_and_names([[0.2, 0.6]], Caps(max_turnover=0.4), held=[0.5, 0.0])
    assert weights.ravel() == pytest.approx([0.2, 0.1])
    assert names == ["", "TURNOVER"]
    weights, _ = weights_and_names([[0.2, 0.6]], Caps(max_turnover=0.45, limit_exits=True), held=[0.5, 0.0])
    assert weights.ravel() == pytest.approx([0.35, 0.3])


def test_crossing_zero_is_an_exit_and_an_entry():
    weights, names = weights_and_names([[-0.4]], Caps(max_turnover=0.5), held=[0.3])
    assert weights.ravel() == pytest.approx([-0.2])
    assert names == ["TURNOVER"]
    weights, _ = weights_and_names([[-0.4]], Caps(max_turnover=0.2), held=[0.3])
    assert weights.tolist() == [[0.0]]


def test_small_trades_are_left_out_but_not_exits():
    weights, names = weights_and_names([[0.505, 0.495, 0.0]], Caps(min_trade_weight=0.01), held=[0.5, 0.5, 0.005])
    assert weights.tolist() == [[0.5, 0.495, 0.0]]
    assert names == ["MINIMUM_TRADE", "", ""]
    weights, _ = weights_and_names(
        [[0.505, 0.495, 0.0]], Caps(min_trade_weight=0.01, limit_exits=True), held=[0.5, 0.5, 0.005]
    )
    assert weights.tolist() == [[0.5, 0.5, 0.0]]


def test_lots_are_rounded_toward_zero_and_whole_lots_stay():
    """0.0123 of a million is 12,300; at 10 it is 1,230 units, so 12 lots of 100: 0.012. 0.3 is 300 whole lots."""
    targets, prices = [[0.0123, -0.0123, 0.3]], [[10.0, 10.0, 10.0]]
    weights, names = weights_and_names(targets, Caps(lot_size=100.0), prices=prices, **MONEY)
    assert weights.ravel() == pytest.approx([0.012, -0.012, 0.3])
    assert weights[0, 2] == 0.3
    assert names == ["LOT_SIZE", "LOT_SIZE", ""]


def test_the_next_row_trades_from_the_capped_weights():
    weights, _ = weights_and_names([[0.5], [0.5], [0.5]], Caps(max_turnover=0.2))
    assert weights.ravel() == pytest.approx([0.2, 0.4, 0.5])


def test_without_price_or_volume_no_exposure_is_raised_but_lowered():
    caps = Caps(max_participation=1.0, lot_size=1.0)
    targets = np.array([[0.5], [0.2]])
    known = {"prices": np.full((2, 1), 10.0), "average_volume": np.full((2, 1), 1e9)}
    for unknown in known:
        options = {**known, unknown: np.full((2, 1), np.nan)}
        weights, names = weights_and_names(targets, caps, held=[0.3], **options, **MONEY)
        assert weights.ravel() == pytest.approx([0.3, 0.2])
        assert names[0] == "PARTICIPATION"


# --- properties

SIZES = st.floats(-3.0, 3.0).map(lambda x: round(x, 4))
LIMIT = st.one_of(st.none(), st.floats(0.01, 2.0))


@st.composite
def caps_and_targets(draw, limit_exits):
    columns = draw(st.integers(1, 4))
    targets = draw(hnp.arrays(np.float64, (draw(st.integers(1, 6)), columns), elements=SIZES))
    groups = {str(column): draw(st.sampled_from(["x", "y"])) for column in range(columns)}
    caps = Caps(
        max_weight=draw(LIMIT), max_leverage=draw(LIMIT), max_turnover=draw(LIMIT), max_group=draw(LIMIT),
        groups=groups, min_trade_weight=draw(st.sampled_from([0.0, 0.01, 0.3])), limit_exits=limit_exits,
        max_participation=draw(st.one_of(st.none(), st.floats(0.001, 1.0))),
        lot_size=draw(st.sampled_from([None, 1.0, 100.0])),
    )  # fmt: skip
    shape = targets.shape
    options = {
        "held": draw(hnp.arrays(np.float64, columns, elements=SIZES)), "capital": draw(st.floats(1e3, 1e7)),
        "prices": draw(hnp.arrays(np.float64, shape, elements=st.floats(1.0, 500.0))),
        "average_volume": draw(hnp.arrays(np.float64, shape, elements=st.floats(0.0, 1e5))),
    }  # fmt: skip
    return caps, targets, options


@given(caps_and_targets(limit_exits=False))
@examples(150)
def test_a_cap_never_increases_a_size_nor_turns_a_side(drawn):
    caps, targets, options = drawn
    capped = apply_caps(targets, caps, **options)
    weights = capped.weights
    assert (np.abs(weights) <= np.abs(targets)).all()
    assert (weights * targets >= 0.0).all()
    assert ((capped.reasons == 0) == (weights == targets)).all()
    slack = 1.0 + 1e-12
    assert np.abs(weights).max() <= (caps.max_weight or np.inf)
    assert np.abs(weights).sum(axis=1).max() <= (caps.max_leverage or np.inf) * slack


@given(caps_and_targets(limit_exits=True))
@examples(100)
def test_where_exits_are_limited_it_never_exceeds_both_what_was_held_and_what_is_wanted(drawn):
    caps, targets, options = drawn
    weights = apply_caps(targets, caps, **options).weights
    before = np.vstack([options["held"], weights[:-1]])
    assert (np.abs(weights) <= np.maximum(np.abs(before), np.abs(targets)) * (1.0 + 1e-12)).all()
    trades = np.abs(weights - before).sum(axis=1)
    if caps.lot_size is None and caps.max_turnover is not None and caps.min_trade_weight == 0.0:
        assert trades.max() <= caps.max_turnover * (1.0 + 1e-9) + 1e-12


@given(caps_and_targets(limit_exits=False), st.integers(1, 5))
@examples(60)
def test_the_future_does_not_change_the_past(drawn, rows):
    caps, targets, options = drawn
    cut = {name: value[:rows] if name in ("prices", "average_volume") else value for name, value in options.items()}
    whole, past = apply_caps(targets, caps, **options), apply_caps(targets[:rows], caps, **cut)
    assert np.array_equal(whole.weights[:rows], past.weights)
    assert np.array_equal(whole.reasons[:rows], past.reasons)


@given(caps_and_targets(limit_exits=False))
@examples(40)
def test_no_caps_change_nothing(drawn):
    _, targets, _ = drawn
    assert np.array_equal(apply_caps(targets, Caps()).weights, targets)


# --- the result


def test_the_result_says_what_bound_where():
    capped = apply_caps(frame([0.9, 0.1, 0.0], [0.9, 0.9, 0.0]), Caps(max_weight=0.5, max_leverage=0.8))
    assert repr(capped) == "CappedWeights(rows=2, columns=3, bound=3)"
    table = capped.to_frame()
    assert table["asset"].tolist() == ["A", "A", "B"]
    assert table["caps"].tolist() == ["WEIGHT", "WEIGHT+LEVERAGE", "WEIGHT+LEVERAGE"]
    assert table["target"].tolist() == [0.9, 0.9, 0.9]
    assert table["weight"].tolist() == [0.5, 0.4, 0.4]
    assert table["row"].tolist() == list(capped.weights.index[[0, 1, 1]])
    assert capped.counts().loc["WEIGHT"].tolist() == [3, 2]
    assert capped.counts().loc["LOT_SIZE"].tolist() == [0, 0]
    assert capped.summary().endswith("of 6 weights in 2 rows; a weight may be bound by several caps")
    assert CapReason(int(capped.reasons.iloc[1, 0])) == CapReason.WEIGHT | CapReason.LEVERAGE
    assert "of 6 weights in 2 rows" in capped._repr_html_()
    assert len(capped.plot().patches) == len(CapReason) - 2  # DRAWDOWN and LINEAR are of optimisers


def test_every_kind_of_input_keeps_its_labels():
    caps = Caps(max_weight=0.5)
    series = apply_caps(pd.Series([0.9, 0.1], name="A"), caps)
    assert series.weights.tolist() == [0.5, 0.1]
    assert series.counts().loc["WEIGHT", "weights"] == 1
    polars = apply_caps(pl.DataFrame({"A": [0.9, 0.1], "B": [0.2, 0.7]}), caps)
    assert polars.weights["B"].to_list() == [0.2, 0.5]
    assert polars.to_frame()["asset"].tolist() == ["A", "B"]
    with_dates = pl.from_pandas(frame([0.9, 0.1, 0.0]).reset_index(names="date"))
    assert apply_caps(with_dates, caps).to_frame()["asset"].tolist() == ["A"]


# --- refusals


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Caps(max_weight=0.0), "max_weight must be positive"),
        (
            lambda: Caps(max_participation=2.5),
            r"max_participation must be in \(0, 1\], got 2.5. It is a fraction: 2.5 %",
        ),
        (lambda: Caps(min_trade_weight=-0.1), "min_trade_weight must be 0 or more"),
        (lambda: Caps(max_group=0.5), "groups must be given with max_group"),
        (lambda: Caps(max_group={"tec": 0.5}, groups=SECTORS), "max_group must name groups of groups, got 'tec'"),
        (lambda: Caps(max_group=-1.0, groups=SECTORS), "max_group must be positive"),
        (lambda: apply_caps([[0.1]], Caps(lot_size=1.0)), "capital must be given with lot_size"),
        (lambda: apply_caps([[0.1]], Caps(lot_size=1.0), capital=1e6), "prices must be given with lot_size"),
        (
            lambda: apply_caps([[0.1]], Caps(max_participation=0.1), capital=1e6, prices=[[1.0]]),
            "average_volume must be given with max_participation",
        ),
        (
            lambda: apply_caps(
                [[0.1]], Caps(max_participation=0.1), capital=1e6, prices=[[1.0]], average_volume=[[-5.0]]
            ),
            "average_volume must not be negative, got -5. A volume not known is nan.",
        ),
        (lambda: Caps(0.5).with_data(average_volume=[[-5.0]]), "average_volume must not be negative, got -5"),
        (lambda: apply_caps([[np.nan]], Caps()), "weights has 1 non-finite value"),
        (
            lambda: apply_caps([[0.1]], Caps(), held=[0.1, 0.2]),
            "held must be one finite number for each of the 1 columns",
        ),
        (lambda: apply_caps([[0.1]], Caps(), capital=0.0), "capital must be positive"),
        (
            lambda: apply_caps([[0.1]], Caps(max_group=0.5, groups=SECTORS)),
            "groups must name columns of weights, got 'A' and no column",
        ),
        (lambda: apply_caps([[0.1]], {"max_weight": 0.1}), "caps must be Caps, got {'max_weight': 0.1}"),
        (
            lambda: apply_caps([[0.1]], Caps(max_participation=0.1).with_data(average_volume=[[1.0]])),
            "caps must be Caps, got .* Pass the caps without data, and average_volume beside them",
        ),
    ],
)
def test_what_cannot_be(build, message):
    with pytest.raises(InvalidInputError, match=message):
        build()


def test_capital_may_move():
    capital = pd.Series([1e6, 5e5], index=pd.bdate_range("2020-01-01", periods=2))
    targets = frame([0.00155, 0.0, 0.0], [0.00155, 0.0, 0.0])
    weights = apply_caps(targets, Caps(lot_size=100.0), capital=capital, prices=targets * 0.0 + 10.0).weights
    assert weights["A"].tolist() == pytest.approx([0.001, 0.0])
