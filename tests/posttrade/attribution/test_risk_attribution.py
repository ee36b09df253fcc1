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
    assert result.effect == pytest.approx([0.2 * (0.005 - 0.01 - 0.005 + 0.01), 0.0, 0.0])
    # active returns 0.002, -0.004, -0.002, 0.004: the worst of four is the second row
    assert result.value_at_risk == pytest.approx([0.2 * 0.01 * -1.0, 0.2 * 0.02, 0.0])
    assert result.conditional_value_at_risk == pytest.approx([0.006, -0.002, 0.0])
    assert math.fsum(result.conditional_value_at_risk) == pytest.approx(0.004)
    assert result.cash_effect is None


def test_cash_has_an_effect_and_no_risk():
    result = attribute({"x": 0.5}, {"x": 1.0}, PLAIN[["x"]])
    # half in cash: what the other half of the benchmark made is the effect of cash; that of x is r - R = 0
    assert result.effect == pytest.approx([0.0])
    assert result.cash_effect == pytest.approx(-0.5 * PLAIN["x"].sum())
    assert result.cash_weight == 0.5
    frame = result.to_frame()
    assert frame.loc["rest in cash"].iloc[2:5].tolist() == [0.0, 0.0, 0.0]
    assert frame.loc["total", "active_weight"] == 0.0


def test_components_are_those_of_risk_contributions_and_totals_those_of_the_measures():
    result = attribute(TILTED, EVEN, RETURNS, groups=GROUPS, level=0.9)
    active = {name: TILTED[name] - EVEN[name] for name in NAMES}
    for measure, scale in (("volatility", 252**0.5), ("value_at_risk", 1.0), ("conditional_value_at_risk", 1.0)):
        wanted = portfolio.risk_contributions(RETURNS, active, measure=measure, level=0.9)
        field = "tracking_error" if measure == "volatility" else measure
        assert getattr(result, field) == pytest.approx(np.array(wanted.component) * scale, rel=1e-12)
    own, other = (RETURNS @ pd.Series(each) for each in (TILTED, EVEN))
    total = result.to_frame().loc["total"]
    assert total["tracking_error"] == pytest.approx(metrics.tracking_error(own, other), rel=1e-12)
    assert total["value_at_risk"] == pytest.approx(metrics.value_at_risk(own - other, level=0.9), rel=1e-9)
    assert total["conditional_value_at_risk"] == pytest.approx(
        metrics.conditional_value_at_risk(own - other, level=0.9), rel=1e-9
    )


def test_the_effect_of_a_group_is_brinson_and_fachlers_total():
    weights, other = drifting(1), drifting(2)
    result = attribute(weights, other, RETURNS, groups=GROUPS).by_group()
    market = (other * RETURNS).sum(axis=1)
    for group in ("one", "two", "three"):
        members = [name for name in NAMES if GROUPS[name] == group]
        w, b = weights[members].sum(axis=1), other[members].sum(axis=1)
        ours = (weights * RETURNS)[members].sum(axis=1) / w
        theirs = (other * RETURNS)[members].sum(axis=1) / b
        allocation = (w - b) * (theirs - market)
        selection, interaction = b * (ours - theirs), (w - b) * (ours - theirs)
        assert result.loc[group, "effect"] == pytest.approx((allocation + selection + interaction).sum(), abs=1e-13)


# --- properties


@examples(25)
@given(st.integers(0, 10**6), st.sampled_from(["latest", "average"]), st.sampled_from(["historical", "normal"]))
def test_parts_sum_to_totals(seed, weights_of, method):
    draws = np.random.default_rng(seed)
    returns = pd.DataFrame(draws.standard_t(4, (60, 5)) * 0.01, RETURNS.index[:60], NAMES)
    weights, other = (pd.DataFrame(draws.normal(0.2, 0.1, (60, 5)), returns.index, NAMES) for _ in range(2))
    result = attribute(weights, other, returns, groups=GROUPS, weights_of=weights_of, method=method)
    active = ((weights - other) * returns).sum(axis=1).sum()
    chosen = (weights - other).iloc[-1] if weights_of == "latest" else (weights - other).mean()
    for frame in (result.by_group(), result.by_asset()):
        parts = frame.drop("total").sum()
        for name in frame.columns.drop("share_of_cvar"):
            assert parts[name] == pytest.approx(frame.loc["total", name], abs=1e-12)
        assert frame.loc["total", "effect"] == pytest.approx(active, abs=1e-12)
        assert frame.loc["total", "active_weight"] == pytest.approx(0.0, abs=1e-12)
        spread = float((returns @ chosen).std() * 252**0.5)
        assert frame.loc["total", "tracking_error"] == pytest.approx(spread, rel=1e-9)


def test_weights_of_the_future_do_not_move_the_effects_of_the_past_and_order_is_irrelevant():
    weights, other = drifting(1), drifting(2)
    result = attribute(weights, other, RETURNS)
    turned = attribute(weights.iloc[:, ::-1], other[["c", "a", "e", "d", "b"]], RETURNS)
    assert turned.to_frame().equals(result.to_frame())
    part = attribute(weights.iloc[:-1], other.iloc[:-1], RETURNS.iloc[:-1])
    last = attribute(weights.iloc[-2:], other.iloc[-2:], RETURNS.iloc[-2:], episodes=None)
    first = attribute(weights.iloc[-2:-1].to_numpy().repeat(2, 0), other.iloc[-2:-1].to_numpy().repeat(2, 0),
                      RETURNS.iloc[-2:-1].to_numpy().repeat(2, 0))  # fmt: skip
    assert np.add(part.effect, last.effect) - 0.5 * np.array(first.effect) == pytest.approx(result.effect, abs=1e-14)


def test_intervals_bracket_their_estimates_and_are_repeatable():
    result = attribute(TILTED, EVEN, RETURNS, groups=GROUPS, confidence=QUICK)
    frame = result.to_frame()
    for name in ("effect", "tracking_error", "conditional_value_at_risk"):
        inside = (frame[f"{name}_lower"] <= frame[name]) & (frame[name] <= frame[f"{name}_upper"])
        assert inside.all()
    assert frame.equals(attribute(TILTED, EVEN, RETURNS, groups=GROUPS, confidence=QUICK).to_frame())
    own, other = (RETURNS @ pd.Series(each) for each in (TILTED, EVEN))
    asked = metrics.Bootstrap(0.9, draws=200, resampling="stationary", rng=1)
    interval = metrics.tracking_error(own, other, interval=asked)
    assert frame.loc["total", "tracking_error_lower"] == pytest.approx(interval.lower, rel=1e-9)
    assert frame.loc["total", "tracking_error_upper"] == pytest.approx(interval.upper, rel=1e-9)


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
    assert result.by_group().index[-1] == "total"
    assert result.by_group()["active_weight"].drop("total").sum() == pytest.approx(0.0, abs=1e-15)


# --- edges


def test_a_portfolio_like_its_benchmark_has_no_risk_to_attribute():
    with pytest.raises(InvalidInputError, match=r'the latest active weights are all zero\. Pass weights_of="average"'):
        attribute(EVEN, EVEN, RETURNS)


def test_without_a_benchmark_the_weights_are_the_active_ones():
    result = attribute(TILTED, None, RETURNS)
    assert result.effect == pytest.approx([TILTED[name] * RETURNS[name].sum() for name in NAMES])
    assert result.conventions().startswith("The benchmark is cash")


def test_missing_returns_and_names():
    holes = RETURNS.copy()
    holes.iloc[5, 1] = holes.iloc[7, 4] = np.nan
    with pytest.raises(InvalidInputError, match=r"returns has 2 non-finite values"):
        attribute(TILTED, EVEN, holes)
    result = attribute(TILTED, EVEN, holes, nan_policy="omit")
    assert (result.observations, result.left_out, result.risk_rows) == (298, 2, 298)
    with pytest.raises(InvalidInputError, match=r"weights must name assets of returns, but 'q' is in weights only"):
        attribute({"q": 1.0}, EVEN, RETURNS)
    with pytest.warns(ConventionWarning, match=r"name 2 of the 5 columns of returns; .* have no weight and left"):
        attribute({"a": 1.0}, {"b": 1.0}, RETURNS)
    with pytest.raises(InvalidInputError, match=r"groups must have names other than 'total'"):
        attribute(TILTED, EVEN, RETURNS, groups=["total", *"bcde"])
    with pytest.raises(InvalidInputError, match=r"weights must have the dates of returns"):
        attribute(drifting().iloc[1:], EVEN, RETURNS)
    with pytest.raises(InvalidInputError, match=r"confidence must be a probability or a Bootstrap of blocks"):
        attribute(TILTED, EVEN, RETURNS, confidence=metrics.Bootstrap(resampling="filtered"))
    with pytest.raises(InvalidInputError, match=r"has no argument 'sectors'"):
        attribute(TILTED, EVEN, RETURNS, sectors=GROUPS)


def test_percent_weights_and_returns_warn():
    with pytest.warns(ConventionWarning, match=r"benchmark_weights has sizes that sum to 100"):
        attribute(TILTED, {name: 20.0 for name in NAMES}, RETURNS)
    with pytest.warns(ConventionWarning, match="returns"):
        attribute(TILTED, EVEN, 100.0 * RETURNS, episodes=None)
