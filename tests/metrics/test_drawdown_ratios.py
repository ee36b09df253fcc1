"""Pain, Martin and Sterling ratios and conditional drawdown at risk against R's numbers and their definitions."""

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import (
    annual_return,
    average_drawdown,
    calmar_ratio,
    conditional_drawdown_at_risk,
    drawdown,
    martin_ratio,
    max_drawdown,
    pain_index,
    pain_ratio,
    sterling_ratio,
    ulcer_index,
)  # fmt: skip
from tests.reference import published
from tests.samples import LEVELS, of_any_size, returns_arrays

BACON = published.BACON["portfolio"]
EXACT, MORE, RISK_FREE = published.BACON_EXACT, published.MORE, published.MORE_RISK_FREE


def relative(expected):
    """Expect a value that R printed with 15 digits."""
    return pytest.approx(expected, rel=1e-12)


# --- reference values


@pytest.mark.parametrize("level", [0.6, 0.75, 0.9, 0.95])
def test_conditional_drawdown_at_risk_is_rockafellar_and_uryasevs_minimum(level):
    ours = conditional_drawdown_at_risk(BACON, level=level)
    assert ours == relative(MORE[f"conditional drawdown at risk {level}"])
    ours = conditional_drawdown_at_risk(BACON, level=level, compounding="arithmetic")
    assert ours == relative(MORE[f"conditional drawdown at risk, not compounded {level}"])


def test_conditional_drawdown_at_risk_by_hand():
    # The path, worst first: .244 .2 .145 .1108 .1 ...; the worst 2.4 of 12 rows are .244, .2 and .4 of .145.
    ours = conditional_drawdown_at_risk(published.DRAWDOWN_RETURNS, level=0.8)
    assert ours == relative((0.244 + 0.2 + 0.4 * 0.145) / 2.4)


def test_pain_and_martin_equal_r():
    assert pain_index(BACON) == relative(EXACT["pain_index"])
    assert pain_ratio(BACON, periods_per_year=12) == relative(EXACT["pain_ratio"])
    assert martin_ratio(BACON, periods_per_year=12) == relative(EXACT["martin_ratio"])
    rate = {"risk_free": RISK_FREE, "periods_per_year": 12}
    assert pain_ratio(BACON, **rate) == relative(MORE["pain ratio, rf 0.002"])
    assert martin_ratio(BACON, **rate) == relative(MORE["martin ratio, rf 0.002"])
    assert pain_index(published.DRAWDOWN_RETURNS) == relative(published.DRAWDOWN_MEAN_OF_SERIES)


def test_sterling_equals_r_on_each_reading():
    assert sterling_ratio(BACON, periods_per_year=12) == relative(MORE["sterling, mean drawdown + 0.1"])
    ours = sterling_ratio(BACON, top=3, periods_per_year=12)
    assert ours == relative(MORE["sterling, mean of the 3 deepest + 0.1"])
    worst = {"drawdowns": "max", "periods_per_year": 12}
    assert sterling_ratio(BACON, **worst) == relative(MORE["sterling, worst drawdown + 0.1"])
    ours = sterling_ratio(BACON, **worst, risk_free=RISK_FREE)
    assert ours == relative(MORE["sterling, worst drawdown + 0.1, rf 0.002"])


# --- properties


@given(returns_arrays(), LEVELS)
def test_conditional_drawdown_at_risk_lies_between_the_mean_and_the_worst_drawdown(returns, level):
    ours = conditional_drawdown_at_risk(returns, level=level)
    assert (ours >= pain_index(returns) * (1.0 - 1e-12)).all()
    assert (ours <= max_drawdown(returns) * (1.0 + 1e-12)).all()


def test_sterling_by_years_is_worked_out_by_hand():
    """Kestner's: years of 4 quarters lose 19, 0 and 20 % at worst; 13 % on average, to which 10 % is added."""
    quarters = [0.0, 0.1, -0.1, -0.1, 0.1, 0.1, 0.0, 0.1, -0.2, 0.25, 0.1, 0.1]
    growth = math.prod(1.0 + value for value in quarters) ** (1 / 3) - 1.0
    ours = sterling_ratio(quarters, drawdowns="yearly", periods_per_year=4)
    assert ours == pytest.approx(growth / (0.39 / 3 + 0.1), rel=1e-12)
    longer = sterling_ratio([0.0, -0.05, *quarters], drawdowns="yearly", periods_per_year=4, added=0.0)
    growth = (0.95 * (growth + 1.0) ** 3) ** (4 / 14) - 1.0
    assert longer == pytest.approx(growth / (0.44 / 4), rel=1e-12)


@given(returns_arrays())
def test_sterling_of_one_year_is_that_of_the_worst_drawdown_and_of_more_is_no_less(returns):
    options = {"periods_per_year": len(returns), "added": 0.01}
    one = sterling_ratio(returns, drawdowns="yearly", **options)
    assert np.array_equal(one, sterling_ratio(returns, drawdowns="max", **options))
    years = {"periods_per_year": max(1, len(returns) // 3), "added": 0.01}
    worst = np.abs(sterling_ratio(returns, drawdowns="max", **years))
    assert (np.abs(sterling_ratio(returns, drawdowns="yearly", **years)) >= worst * (1.0 - 1e-12)).all()


@given(returns_arrays())
def test_conditional_drawdown_at_risk_rises_with_the_level_to_the_worst(returns):
    levels = [conditional_drawdown_at_risk(returns, level=level) for level in (0.6, 0.75, 0.9, 0.99)]
    assert (np.diff(levels, axis=0) >= -1e-15).all()
    assert levels[-1] == pytest.approx(max_drawdown(returns), rel=1e-12, abs=0.0)


@pytest.mark.filterwarnings("ignore:returns looks like prices:riskresearch.core.ConventionWarning")  # doubled
@given(returns_arrays(min_rows=2), LEVELS, st.sampled_from([0.5, 2.0]))
def test_without_compounding_it_is_homogeneous_and_subadditive(returns, level, scale):
    """The drawdown of summed returns is convex and homogeneous in the position (Chekhlov et al., theorem 3)."""
    options = {"level": level, "compounding": "arithmetic"}
    ours = conditional_drawdown_at_risk(returns, **options)
    assert (conditional_drawdown_at_risk(scale * returns, **options) == scale * ours).all()
    both = conditional_drawdown_at_risk(returns + np.roll(returns, 1, axis=1), **options)
    assert (both <= ours + np.roll(ours, 1) + 1e-12).all()


@given(returns_arrays())
def test_pain_index_is_the_mean_of_the_path_and_at_most_the_ulcer_index(returns):
    ours = pain_index(returns)
    assert ours == pytest.approx(drawdown(returns).mean(axis=0), rel=1e-12)
    assert (ours <= ulcer_index(returns) * (1.0 + 1e-12)).all()


@given(returns_arrays())
def test_ratios_are_growth_over_their_drawdowns(returns):
    growth, worst = annual_return(returns), max_drawdown(returns)
    kept = worst > 0.0
    for measure, below in ((pain_ratio, pain_index), (martin_ratio, ulcer_index)):
        assert measure(returns)[kept] == pytest.approx(growth[kept] / below(returns)[kept], rel=1e-12)
        assert np.isnan(measure(returns)[~kept]).all()
    assert sterling_ratio(returns) == pytest.approx(growth / (average_drawdown(returns) + 0.1), rel=1e-12)
    bare = sterling_ratio(returns, drawdowns="max", added=0.0)
    assert np.array_equal(bare, calmar_ratio(returns), equal_nan=True)
    assert np.array_equal(sterling_ratio(returns, top=1), sterling_ratio(returns, drawdowns="max"))


# --- edges


@of_any_size
def test_without_compounding_a_loss_of_more_than_everything_is_a_loss():
    assert conditional_drawdown_at_risk([-2.0, 0.5], level=0.9, compounding="arithmetic") == 2.0


def test_unknown_readings_are_refused():
    with pytest.raises(InvalidInputError, match=r"compounding must be one of 'geometric', 'arithmetic', got 'log'"):
        conditional_drawdown_at_risk(BACON, compounding="log")
    with pytest.raises(InvalidInputError, match=r"drawdowns must be one of 'average', 'max', 'yearly', got 'worst'"):
        sterling_ratio(BACON, drawdowns="worst")
    with pytest.raises(InvalidInputError, match=r'top must be left out with drawdowns="max", got 3'):
        sterling_ratio(BACON, drawdowns="max", top=3)
    with pytest.raises(InvalidInputError, match=r'top must be left out with drawdowns="yearly", got 3'):
        sterling_ratio(BACON, drawdowns="yearly", top=3)
    with pytest.raises(InvalidInputError, match=r"top must be a whole number of at least 1, got 0"):
        sterling_ratio(BACON, top=0)
    with pytest.raises(InvalidInputError, match=r"added must not be negative, got -0\.1\. Drawdowns are positive here"):
        sterling_ratio(BACON, added=-0.1)


def test_nothing_below_the_fraction_line_is_undefined():
    assert math.isnan(sterling_ratio([0.01, 0.02], added=0.0))
    for measure in (pain_ratio, martin_ratio):
        assert math.isnan(measure([0.01, 0.02]))


def test_a_yearly_looking_rate_warns_at_the_caller():
    for measure in (pain_ratio, martin_ratio, sterling_ratio):
        with pytest.warns(ConventionWarning, match=r"0\.03 at 252 periods a year is 756% a year") as caught:
            measure([0.01, -0.02, 0.03], risk_free=0.03)
        assert [warning.filename for warning in caught] == [__file__]
