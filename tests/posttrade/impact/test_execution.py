"""Schedules of Almgren and Chriss (2000): another implementation, a numerical minimum, limits and edges."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.optimize import minimize

from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes
from riskresearch.posttrade import almgren_chriss
from tests.examples import examples

PAPER = {
    "horizon": 5, "steps": 5, "volatility": 0.95, "temporary": 2.5e-6, "permanent": 2.5e-7, "half_spread": 0.0625,
}  # fmt: skip
"""The parameters of the paper's section on numbers: 50 dollars a share, 30 % a year, five million shares a day."""
# DROP 4.66.0 (Java, Apache), its test of these parameters as it was run on 2020-01-26: risk aversion in millionths;
# expected cost in millions, variance in millions squared, half-life in days.
DROP = [
    (0.001, 0.6625, 1.0812, 51.30), (0.002, 0.6625, 1.0794, 36.27), (0.003, 0.6625, 1.0776, 29.62),
    (0.004, 0.6625, 1.0758, 25.65), (0.005, 0.6625, 1.0740, 22.94), (0.006, 0.6625, 1.0722, 20.94),
    (0.007, 0.6625, 1.0704, 19.39), (0.008, 0.6626, 1.0687, 18.14), (0.009, 0.6626, 1.0669, 17.10),
]  # fmt: skip


def paper(risk_aversion, units=-1e6, **changes):
    return almgren_chriss(units, risk_aversion=risk_aversion, **PAPER | changes)


def cost_and_variance(trades, schedule):
    """Return expected cost and variance from equations 4 and 5 of the paper, trade by trade."""
    step = schedule.horizon / schedule.steps
    left = abs(schedule.units) - np.cumsum(trades)
    cost = 0.0
    for trade, after in zip(trades, left, strict=True):
        cost += step * after * schedule.permanent * (trade / step)
        cost += trade * (schedule.half_spread + schedule.temporary * trade / step)
    return cost, schedule.volatility**2 * step * float(np.sum(left**2))


@pytest.mark.parametrize(("millionths", "cost", "variance", "half_life"), DROP)
def test_another_implementation_of_the_paper_agrees_to_its_printed_digits(millionths, cost, variance, half_life):
    found = paper(1e-6 * millionths)
    assert found.expected_cost / 1e6 == pytest.approx(cost, abs=5.1e-5)
    assert found.variance / 1e12 == pytest.approx(variance, abs=5.1e-5)
    assert found.half_life == pytest.approx(half_life, abs=5.1e-3)


def test_even_slices_by_hand():
    """E = 0.125 + 0.0625 + 2.375e-6 / 5 * 1e12 in millions; V = 0.9025 (0.8^2 + 0.6^2 + 0.4^2 + 0.2^2), squared."""
    found = paper(0.0)
    assert found.expected_cost == pytest.approx(662_500.0, rel=1e-14)
    assert found.variance == pytest.approx(0.9025e12 * 1.2, rel=1e-14)
    assert found.to_frame()["trade"].tolist() == [0.0, *[-200_000.0] * 5]
    assert found.half_life == np.inf


@given(
    aversion=st.floats(1e-9, 1e-4), steps=st.integers(2, 8), permanent=st.floats(0.0, 2e-7), units=st.floats(1e3, 1e7)
)
@examples(20)
def test_no_other_schedule_is_better(aversion, steps, permanent, units):
    """Checked against SciPy's minimum of expected cost plus risk aversion times variance over free trades."""
    found = almgren_chriss(units, risk_aversion=aversion, **PAPER | {"steps": steps, "permanent": permanent})

    def utility(shares):
        trades = units * np.append(shares, 1.0 - shares.sum())
        cost, variance = cost_and_variance(trades, found)
        return (cost + aversion * variance) / units**2

    best = minimize(utility, np.full(steps - 1, 1.0 / steps), method="BFGS", options={"gtol": 1e-16})
    trades = found.to_frame()["trade"].to_numpy()[1:]
    cost, variance = cost_and_variance(trades, found)
    assert found.expected_cost == pytest.approx(cost, rel=1e-9)
    assert found.variance == pytest.approx(variance, rel=1e-9)
    ours = (cost + aversion * variance) / units**2
    assert ours <= best.fun * (1.0 + 1e-12)
    assert ours == pytest.approx(best.fun, rel=1e-6)


@given(aversion=st.sampled_from([0.0, 1e-300, 1e-20, 1e-12, 1e-6, 1.0, 1e20]), steps=st.integers(1, 400))
@examples(40)
def test_everything_is_traded_one_way_and_faster_with_more_aversion(aversion, steps):
    found = paper(aversion, steps=steps)
    frame = found.to_frame()
    assert frame["trade"].sum() == pytest.approx(-1e6, rel=1e-12)
    assert (frame["trade"] <= 0.0).all()
    assert frame["remaining"].iloc[-1] == 0.0
    assert frame["remaining"].iloc[0] == -1e6
    np.testing.assert_allclose(-np.diff(frame["remaining"]), frame["trade"][1:], atol=1e-6)
    assert np.all(np.diff(np.abs(frame["trade"][1:])) <= 1e-6)
    faster = paper(10.0 * aversion + 1e-8, steps=steps)
    assert faster.variance <= found.variance * (1.0 + 1e-12)
    assert faster.expected_cost >= found.expected_cost * (1.0 - 1e-12)


def test_a_large_aversion_trades_at_once():
    found = paper(1e6)
    assert found.to_frame()["trade"].iloc[1] == pytest.approx(-1e6, rel=1e-9)
    assert found.expected_cost == pytest.approx(0.5 * 2.5e-7 * 1e12 + 62_500.0 + 2.375e-6 * 1e12, rel=1e-9)


def test_a_buy_costs_what_a_sell_does_and_the_schedule_does_not_depend_on_the_size():
    sell, buy, small = paper(1e-6), paper(1e-6, units=1e6), paper(1e-6, units=-1.0)
    assert (buy.expected_cost, buy.variance) == (sell.expected_cost, sell.variance)
    assert buy.to_frame()["trade"].tolist() == (-sell.to_frame()["trade"]).tolist()
    np.testing.assert_allclose(small.to_frame()["trade"] * 1e6, sell.to_frame()["trade"], rtol=1e-12)


def test_the_half_life_is_the_time_in_which_the_remainder_falls_by_the_factor_e():
    far = paper(1e-6, horizon=500, steps=5000)
    remaining = far.to_frame().set_index("time")["remaining"]
    assert np.interp(far.half_life, remaining.index, remaining / -1e6) == pytest.approx(1.0 / np.e, rel=1e-3)


def test_the_frontier_trades_cost_for_risk_and_begins_with_even_slices():
    frontier = paper(1e-6).frontier()
    frame = frontier.to_frame()
    assert len(frame) == 25
    assert frame.index[0] == 0.0
    assert frame["expected_cost"].is_monotonic_increasing
    assert frame["standard_deviation"].is_monotonic_decreasing
    assert frame["expected_cost"].iloc[0] == paper(0.0).expected_cost
    chosen = paper(0.0).frontier([1e-6, 2e-6])
    assert chosen.schedules == (paper(1e-6), paper(2e-6))
    assert frontier.plot(ax=blank_axes()).get_xlabel() == "Standard deviation of the cost"
    assert paper(1e-6).plot(ax=blank_axes()).get_xlabel() == "Time"


def test_results_say_that_they_are_of_a_model():
    found = paper(1e-6)
    assert "Model of Almgren and Chriss (2000), no measurement" in found.summary()
    assert repr(found) == "ExecutionSchedule(-1e+06 units, 5 steps, risk_aversion=1e-06, expected_cost=911227)"
    assert dataclasses.replace(found) == found
    assert "no measurement" in found.frontier().summary()


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"units": 0.0}, r"units must not be zero, got 0: there is nothing to trade"),
        ({"steps": 0}, r"steps must be a whole number of at least 1, got 0"),
        ({"horizon": 0.0}, r"horizon must be positive, got 0\.0"),
        ({"temporary": 0.0}, r"temporary must be positive, got 0\.0"),
        ({"volatility": -1.0}, r"volatility must not be negative, got -1\.0"),
        (
            {"permanent": 1e-5},
            r"permanent must be below 2 \* temporary \* steps / horizon = 5e-06, got 1e-05.*more steps",
        ),
        ({"eta": 1.0}, r"almgren_chriss has no argument 'eta', got eta=1\.0\. Write temporary=1\.0"),
    ],
)
def test_what_cannot_be_is_refused(changes, text):
    options = {"units": 1e6, **PAPER, **changes}
    with pytest.raises(InvalidInputError, match=text):
        almgren_chriss(options.pop("units"), risk_aversion=1e-6, **options)


def test_a_frontier_needs_aversions_and_a_risk():
    with pytest.raises(
        InvalidInputError, match=r"risk_aversions must be one or more numbers of at least zero, got \[-1"
    ):
        paper(0.0).frontier([-1.0])
    with pytest.raises(InvalidInputError, match=r"risk_aversions must be given where volatility is zero"):
        paper(0.0, volatility=0.0).frontier()
    assert paper(1.0, volatility=0.0).to_frame()["trade"].tolist() == [0.0, *[-200_000.0] * 5]


@pytest.mark.parametrize(
    "wrong", [{"volatility": 1e200}, {"units": 1e200}, {"volatility": 1e200, "risk_aversion": 1e200}]
)
def test_what_a_double_does_not_hold_is_refused(wrong):
    given = {"units": 1e6, "volatility": 0.95, "risk_aversion": 1e-6, **wrong}
    with pytest.raises(InvalidInputError, match="a double holds"):
        almgren_chriss(given.pop("units"), horizon=5, steps=5, temporary=2.5e-6, **given)
