"""Return effects and risk components of active weights by hand, against the measures, and sums that must hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import datasets, metrics, portfolio, posttrade, simple_returns
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.plots import blank_axes
from tests.examples import examples
from tests.samples import fat_tailed

DATES = pd.bdate_range("2024-01-01", periods=4)
PLAIN = pd.DataFrame({"x": [0.02, -0.03, 0.01, 0.0], "y": [0.01, -0.01, 0.02, -0.02], "z": 0.0}, DATES)
NAMES = list("abcde")
ROWS = 300
RETURNS = pd.DataFrame(fat_tailed(ROWS, 5, seed=3), pd.bdate_range("2019-06-03", periods=ROWS), NAMES)
GROUPS = dict(zip(NAMES, ("one", "two", "one", "two", "three"), strict=True))
EVEN = dict.fromkeys(NAMES, 0.2)
TILTED = dict(zip(NAMES, (0.4, 0.3, 0.1, 0.2, 0.0), strict=True))
QUICK = metrics.Bootstrap(0.9, draws=200, rng=1)


def attribute(weights, benchmark_weights, returns, **options):
    return posttrade.risk_attribution(weights, benchmark_weights, returns, **options)


def drifting(seed=0):
    shares = np.random.default_rng(seed).dirichlet(np.ones(5), ROWS)
    return pd.DataFrame(shares, RETURNS.index, NAMES)


# --- reference values


def test_two_assets_by_hand():
    # active weights 0.2, -0.2, 0; the benchmark's returns 0.015, -0.02, 0.015, -0.01
    result = attribute({"x": 0.7, "y": 0.3, "z": 0.0}, {"x": 0.5, "y": 0.5, "z": 0.0}, PLAIN, level=0.75)
    # the portfolio's returns are 0.017, -0.024, 0.013, -0.006
    assert result.excess_return == pytest.approx(1.017 * 0.976 * 1.013 * 0.994 - 1.015 * 0.98 * 1.015 * 0.99)
    assert sum(result.effect) == pytest.approx(result.excess_return, abs=1e-15)
    # unlinked, x has 0.2 times 0.005, -0.01, -0.005 and 0.01; linked by Carino's factors
    own, other = np.array([0.017, -0.024, 0.013, -0.006]), np.array([0.015, -0.02, 0.015, -0.01])
    factors = np.log((1.0 + own) / (1.0 + other)) / (own - other)
    whole = math.log(np.prod((1.0 + own) / (1.0 + other))) / (np.prod(1.0 + own) - np.prod(1.0 + other))
    assert result.effect[0] == pytest.approx(factors @ [0.001, -0.002, -0.001, 0.002] / whole)
    # active returns 0.002, -0.004, -0.002, 0.004: the worst of four is the second row
    assert result.value_at_risk == pytest.approx([0.2 * 0.01 * -1.0, 0.2 * 0.02, 0.0])
    assert result.conditional_value_at_risk == pytest.approx([0.006, -0.002, 0.0])
    assert math.fsum(result.conditional_value_at_risk) == pytest.approx(0.004)


def test_cash_has_an_effect_and_no_risk():
    result = attribute({"x": 0.5}, {"x": 1.0}, PLAIN[["x"]])
    # half in cash: what the other half of the benchmark made is the effect of cash; that of x is r - R = 0
    assert result.assets == ("x", "cash")
    assert result.effect == pytest.approx([0.0, result.excess_return])
    assert result.active_weights == (-0.5, 0.5)
    assert result.to_frame().loc["cash"].iloc[2:5].tolist() == [0.0, 0.0, 0.0]
    assert result.totals()["active_weight"] == 0.0


def test_components_are_those_of_risk_contributions_and_totals_those_of_the_measures():
    result = attribute(TILTED, EVEN, RETURNS, groups=GROUPS, level=0.9)
    active = {name: TILTED[name] - EVEN[name] for name in NAMES}
    for measure, scale in (("volatility", 252**0.5), ("value_at_risk", 1.0), ("conditional_value_at_risk", 1.0)):
        wanted = portfolio.risk_contributions(RETURNS, active, measure=measure, level=0.9)
        field = "tracking_error" if measure == "volatility" else measure
        assert getattr(result, field) == pytest.approx(np.array(wanted.component) * scale, rel=1e-12)
    own, other = (RETURNS @ pd.Series(each) for each in (TILTED, EVEN))
    total = result.totals()
    assert total["tracking_error"] == pytest.approx(metrics.tracking_error(own, other), rel=1e-12)
    assert total["value_at_risk"] == pytest.approx(metrics.value_at_risk(own - other, level=0.9), rel=1e-9)
    assert total["conditional_value_at_risk"] == pytest.approx(
        metrics.conditional_value_at_risk(own - other, level=0.9), rel=1e-9
    )


def test_the_effects_are_brinsons():
    weights, other = drifting(1), drifting(2)
    for linking in ("carino", "menchero"):
        result = attribute(weights, other, RETURNS, groups=GROUPS, linking=linking)
        found = posttrade.brinson(weights, other, RETURNS, groups=GROUPS, linking=linking)
        assert result.by_group()["effect"].to_numpy() == pytest.approx(found.to_frame()["total"].to_numpy(), abs=1e-13)
        assert result.effect == pytest.approx(found.to_frame("asset")["total"].tolist(), abs=1e-13)
        assert result.excess_return == found.excess_return
    # weights after each row earn the next one
    late = attribute(weights.shift(-1).ffill(), other.shift(-1).ffill(), RETURNS, weights_at="end")
    begun = attribute(weights.iloc[1:], other.iloc[1:], RETURNS.iloc[1:])
    assert late.effect == pytest.approx(begun.effect, abs=1e-14)
    assert late.observations == ROWS - 1


# --- properties


@examples(25)
@given(st.integers(0, 10**6), st.sampled_from(["latest", "average"]), st.sampled_from(["historical", "normal"]))
def test_parts_sum_to_totals(seed, weights_of, method):
    draws = np.random.default_rng(seed)
    returns = pd.DataFrame(draws.standard_t(4, (60, 5)) * 0.01, RETURNS.index[:60], NAMES)
    weights, other = (pd.DataFrame(draws.normal(0.2, 0.1, (60, 5)), returns.index, NAMES) for _ in range(2))
    result = attribute(weights, other, returns, groups=GROUPS, weights_of=weights_of, method=method)
    grown, other_grown = (np.prod(1.0 + (each * returns).sum(axis=1)) for each in (weights, other))
    chosen = (weights - other).iloc[-1] if weights_of == "latest" else (weights - other).mean()
    totals = result.totals()
    for frame in (result.by_group(), result.by_asset()):
        for name in frame.columns.drop("share_of_cvar"):
            assert frame[name].sum() == pytest.approx(totals[name], abs=1e-12)
    assert totals["effect"] == pytest.approx(grown - other_grown, abs=1e-12)
    assert totals["active_weight"] == pytest.approx(0.0, abs=1e-12)
    assert totals["tracking_error"] == pytest.approx(float((returns @ chosen).std() * 252**0.5), rel=1e-9)


def test_the_order_of_columns_is_irrelevant():
    weights, other = drifting(1), drifting(2)
    result = attribute(weights, other, RETURNS)
    turned = attribute(weights.iloc[:, ::-1], other[["c", "a", "e", "d", "b"]], RETURNS)
    assert turned.to_frame().equals(result.to_frame())
    other_returns = attribute(weights, other, RETURNS.iloc[:, ::-1]).to_frame().loc[NAMES]
    np.testing.assert_allclose(other_returns, result.to_frame(), rtol=1e-9, atol=1e-15)


def test_intervals_bracket_their_estimates_and_are_repeatable():
    result = attribute(TILTED, EVEN, RETURNS, groups=GROUPS, confidence=QUICK)
    frame = result.to_frame()
    for name in ("effect", "tracking_error", "conditional_value_at_risk"):
        inside = (frame[f"{name}_lower"] <= frame[name]) & (frame[name] <= frame[f"{name}_upper"])
        assert inside.all()
    assert frame.equals(attribute(TILTED, EVEN, RETURNS, groups=GROUPS, confidence=QUICK).to_frame())
    tested = posttrade.brinson(TILTED, EVEN, RETURNS, groups=GROUPS).intervals(QUICK, level="group", effect="total")
    for bound in ("lower", "upper"):
        assert frame[f"effect_{bound}"].tolist() == pytest.approx(tested[bound].tolist(), rel=1e-9)
    own, other = (RETURNS @ pd.Series(each) for each in (TILTED, EVEN))
    asked = metrics.Bootstrap(0.9, draws=200, resampling="stationary", rng=1)
    interval = metrics.tracking_error(own, other, interval=asked)
    assert result.totals()["tracking_error_lower"] == pytest.approx(interval.lower, rel=1e-9)
    assert result.totals()["tracking_error_upper"] == pytest.approx(interval.upper, rel=1e-9)


# --- the result


def test_the_summary_shows_weights_effects_risk_and_episodes():
    result = attribute(drifting(1), EVEN, RETURNS, groups=GROUPS)
    text = result.summary()
    assert "active weight  return effect  tracking error" in text
    assert result.in_episodes().index.tolist() == ["2020 pandemic"]
    stress = portfolio.historical_stress(RETURNS, dict(zip(NAMES, result.active_weights, strict=True)))
    covered = dict(zip(stress.scenarios, stress.portfolio_returns, strict=True))
    assert result.in_episodes().loc["2020 pandemic", "total"] == pytest.approx(covered["2020 pandemic"])
    assert "Euler components of the latest active weights, held constant over 300 rows" in text
    average = attribute(drifting(1), EVEN, RETURNS, weights_of="average")
    assert "of the average active weights" in average.conventions()
    assert repr(average) == "RiskAttribution(5 assets, average weights, level=0.95)"
    bars = result.plot(blank_axes()).patches
    assert bars[0].get_width() == pytest.approx(100.0 * result.by_group()["conditional_value_at_risk"].iloc[0])


def test_bundled_sectors_with_an_asset_on_one_side_only():
    prices = datasets.load("equities_adj_close").loc["2015":, ["AAPL", "JNJ", "XOM", "KO"]]
    table = datasets.load("sectors").drop_duplicates("symbol", keep="last").set_index("symbol")["sector"]
    result = attribute(
        {"AAPL": 0.5, "JNJ": 0.5}, {"JNJ": 0.4, "XOM": 0.3, "KO": 0.3}, simple_returns(prices), groups=table
    )
    assert result.active_weights == pytest.approx([0.5, 0.1, -0.3, -0.3])
    assert result.by_group()["active_weight"].sum() == pytest.approx(0.0, abs=1e-15)


# --- edges


def test_a_portfolio_like_its_benchmark_has_no_risk_to_attribute():
    with pytest.raises(InvalidInputError, match=r'the latest active weights are all zero\. Pass weights_of="average"'):
        attribute(EVEN, EVEN, RETURNS)


def test_without_a_benchmark_the_weights_are_the_active_ones():
    result = attribute(TILTED, None, RETURNS)
    own = RETURNS @ pd.Series(TILTED)
    assert result.excess_return == pytest.approx((1.0 + own).prod() - 1.0)
    assert result.active_weights == pytest.approx([*TILTED.values(), -1.0])
    assert result.conventions().startswith("The benchmark is cash")


def test_missing_returns_and_names():
    holes = RETURNS.copy()
    holes.iloc[5, 1] = holes.iloc[7, 4] = np.nan
    with pytest.raises(InvalidInputError, match=r"returns must be known where weights are not 0, got none for 'b'"):
        attribute(TILTED, EVEN, holes)
    without = {"a": 0.5, "c": 0.5}
    result = attribute(without, {"a": 0.4, "c": 0.6}, holes)
    assert (result.observations, result.risk_rows) == (300, 300)
    assert "'b', 'd' and 'e' have 0" in result.conventions()
    with pytest.raises(InvalidInputError, match=r"weights must name columns of returns, but 'q' is in weights only"):
        attribute({"q": 1.0}, EVEN, RETURNS)
    with pytest.raises(InvalidInputError, match=r"groups must have names other than 'total'"):
        attribute(TILTED, EVEN, RETURNS, groups=["total", *"bcde"])
    with pytest.raises(InvalidInputError, match=r"weights must have a row for each date of returns"):
        attribute(drifting().iloc[1:], EVEN, RETURNS)
    with pytest.raises(InvalidInputError, match=r"resampling must be .* for effects, got 'filtered'"):
        attribute(TILTED, EVEN, RETURNS, confidence=metrics.Bootstrap(resampling="filtered"))
    with pytest.raises(InvalidInputError, match=r"confidence must be in \(0, 1\), got 95"):
        attribute(TILTED, EVEN, RETURNS, confidence=95)
    with pytest.raises(InvalidInputError, match=r"has no argument 'sectors'"):
        attribute(TILTED, EVEN, RETURNS, sectors=GROUPS)


def test_percent_weights_and_returns_warn():
    with pytest.warns(ConventionWarning, match=r"benchmark_weights has sizes that sum to 25"):
        attribute(TILTED, dict.fromkeys(NAMES, 5.0), RETURNS)
    with pytest.warns(ConventionWarning, match="returns"):
        attribute(TILTED, EVEN, 100.0 * RETURNS.clip(lower=-0.009))
