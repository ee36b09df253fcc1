"""Intervals of Kelly weights and growth: against draws of the textbook, the closed form, and their own claims."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from riskresearch.core import DependentRowsWarning, InvalidInputError
from riskresearch.sizing import (
    Constraints,
    continuous_kelly_fraction,
    continuous_kelly_weights,
    kelly_fraction,
    kelly_weights,
)
from riskresearch.sizing.optimise import _kelly, _kelly_moments

FREE = {"constraints": Constraints(lower=None, total=(-math.inf, math.inf)), "max_leverage": math.inf}
ROWS = pd.DataFrame(np.random.default_rng(3).normal([0.001, 0.0004], 0.01, (400, 2)), columns=["A", "B"])


@pytest.fixture
def few_draws(monkeypatch):
    """Draw 100 times, for what does not depend on the number."""
    for module in (_kelly, _kelly_moments):
        monkeypatch.setattr(module, "DRAWS", 100)


few = pytest.mark.usefixtures("few_draws")


# --- reference values


def test_the_draws_are_those_of_the_textbook():
    """The quantiles of inverse(C) m, C from SciPy's inverse Wishart of n - 1 degrees of freedom, m normal given C."""
    mean, scatter = ROWS.mean().to_numpy(), np.cov(ROWS.T) * (len(ROWS) - 1)
    rng = np.random.default_rng(0)
    covariances = stats.invwishart(df=len(ROWS) - 1, scale=scatter).rvs(20_000, random_state=rng)
    roots = np.linalg.cholesky(covariances / len(ROWS))
    means = mean + (roots @ rng.standard_normal((20_000, 2, 1)))[..., 0]
    weights = np.linalg.solve(covariances, means[..., None])[..., 0]
    expected = np.quantile(weights, [0.05, 0.95], axis=0).T
    bet = continuous_kelly_weights(mean, np.cov(ROWS.T), observations=len(ROWS), confidence=0.9, **FREE)
    assert np.array(bet.weight_intervals) == pytest.approx(expected, abs=0.1 * np.ptp(expected))
    near = kelly_weights(ROWS, method="quadratic", confidence=0.9, **FREE)
    assert np.array(near.weight_intervals) == pytest.approx(expected, abs=0.12 * np.ptp(expected))


def test_one_asset_has_the_interval_of_the_closed_form():
    """The closed form averages over the variance by quadrature; the other draws."""
    drawn = continuous_kelly_weights([0.11], [[0.0225]], risk_free=0.06, observations=50, confidence=0.9, **FREE)
    exact = continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06, observations=50, confidence=0.9)
    assert drawn.weights[0] == pytest.approx(exact.estimate, rel=1e-9)
    assert drawn.weight_intervals[0] == pytest.approx((exact.lower, exact.upper), abs=0.15)


def test_the_closed_form_has_the_quantiles_of_its_definition():
    """Two million draws of chi-squared and normal, in another program: 0.583 and 4.008 (errors of 0.003)."""
    found = continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06, observations=50, confidence=0.9)
    assert (found.lower, found.upper) == pytest.approx((0.583, 4.008), abs=0.005)
    half = continuous_kelly_fraction(
        0.11, volatility=0.15, risk_free=0.06, observations=50, confidence=0.9, fraction=0.5
    )
    assert (half.estimate, half.lower) == pytest.approx((found.estimate / 2, found.lower / 2), rel=1e-9)
    assert found.estimate == continuous_kelly_fraction(0.11, volatility=0.15, risk_free=0.06, observations=50)


def test_a_bet_of_two_outcomes_has_clopper_and_pearsons_interval():
    """SciPy's `binomtest(530, 1000).proportion_ci(method="exact")`, twice which less 1 is the stake at even money."""
    found = kelly_fraction(0.53, observations=1000, confidence=0.95)
    chance = stats.binomtest(530, 1000).proportion_ci(0.95, method="exact")
    assert found.estimate == kelly_fraction(0.53)
    assert (found.lower, found.upper) == pytest.approx((max(0.0, 2 * chance.low - 1), 2 * chance.high - 1), rel=1e-9)
    sure = kelly_fraction(1.0, observations=3, confidence=0.95)
    assert (sure.lower, sure.upper) == (0.0, 1.0)
    assert kelly_fraction(0.0, observations=3, confidence=0.95).upper == pytest.approx(
        2 * stats.binomtest(0, 3).proportion_ci(0.95).high - 1, rel=1e-9
    )


# --- what the result says


@few
def test_the_result_shows_weights_growth_and_the_robust_fraction():
    bet = kelly_weights(ROWS, confidence=0.95)
    frame = bet.to_frame()
    assert list(frame.columns) == ["weight", "lower", "upper", "unconstrained"]
    assert ((frame["lower"] <= frame["weight"]) & (frame["weight"] <= frame["upper"])).all()
    low, high = bet.growth_interval
    assert low < bet.sample_growth_rate < high
    text = bet.summary()
    assert "95% intervals: of the true Kelly weights" in text
    assert "seed 0" in text
    assert f"robust fraction of Kelly: {bet.robust_fraction:.2f}" in text
    assert len(bet.plot().lines) > 0
    assert "95% intervals" in bet._repr_html_()


@few
def test_weights_and_growth_do_not_depend_on_whether_an_interval_is_asked_for():
    plain, sure = kelly_weights(ROWS), kelly_weights(ROWS, confidence=0.9)
    assert (plain.weights, plain.growth_rate, plain.binding) == (sure.weights, sure.growth_rate, sure.binding)
    assert plain.confidence is plain.weight_intervals is plain.growth_interval is plain.robust_fraction is plain.seed
    assert list(plain.to_frame().columns) == ["weight", "unconstrained"]


@few
def test_intervals_are_the_same_each_time_and_repeated_by_their_seed():
    first, again = (kelly_weights(ROWS, confidence=0.9, **FREE) for _ in range(2))
    assert first == again
    fresh = kelly_weights(ROWS, confidence=0.9, rng=None, **FREE)
    assert fresh == kelly_weights(ROWS, confidence=0.9, rng=fresh.seed, **FREE)
    assert fresh.weight_intervals != first.weight_intervals
    assert json.loads(json.dumps(first.weight_intervals)) == [list(each) for each in first.weight_intervals]


@few
def test_more_confidence_is_wider_and_a_fraction_scales():
    wide, narrow = kelly_weights(ROWS, confidence=0.99, **FREE), kelly_weights(ROWS, confidence=0.8, **FREE)
    for (low, high), (least, most) in zip(narrow.weight_intervals, wide.weight_intervals, strict=True):
        assert least < low < high < most
    assert wide.growth_interval[0] < narrow.growth_interval[0] < narrow.growth_interval[1] < wide.growth_interval[1]
    half = kelly_weights(ROWS, confidence=0.8, fraction=0.5, **FREE)
    assert half.weight_intervals == pytest.approx(0.5 * np.array(narrow.weight_intervals), abs=1e-8)
    assert half.robust_fraction == pytest.approx(narrow.robust_fraction, abs=1e-12)


def test_the_robust_fraction_is_that_of_a_known_lower_mean():
    """With the variance all but known, the end of c m - c^2 m^2 / 2 at mean - z s / root n is highest at 1 - z / t.

    t is the mean in units of its error, here 4; the estimate that was chosen is taken for 1/n too high besides, so that
    the multiple is 1 - 1.96 / 4 - 1 / 16.
    """
    rows, deviation = 20_000, 0.01
    mean = 4.0 * deviation / math.sqrt(rows)
    bet = continuous_kelly_weights([mean], [[deviation**2]], observations=rows, confidence=0.95, **FREE)
    assert bet.robust_fraction == pytest.approx(1.0 - 1.96 / 4.0 - 1.0 / 16.0, abs=0.03)
    weak = continuous_kelly_weights([mean / 3.0], [[deviation**2]], observations=rows, confidence=0.95, **FREE)
    assert weak.robust_fraction == 0.0
    assert "no bet is sure to grow faster than cash" in weak.summary()


@few
def test_constraints_hold_in_every_draw_and_no_fraction_is_named_without_cash():
    limits = Constraints(lower=0.1, upper=0.7, total=1.0)
    bet = kelly_weights(ROWS, confidence=0.95, constraints=limits)
    assert all(0.3 - 1e-8 <= low <= high <= 0.7 for low, high in bet.weight_intervals)
    assert bet.robust_fraction is None
    assert "robust" not in bet.summary()


@few
def test_a_bet_without_an_edge_earns_what_cash_does_and_still_has_an_interval():
    bet = kelly_weights(ROWS["A"] - 0.002, confidence=0.95, risk_free=0.0001)
    assert bet.weights == (0.0,)
    assert bet.growth_interval == pytest.approx((math.log1p(0.0001),) * 2, rel=1e-9)
    assert bet.weight_intervals[0][0] == 0.0
    assert bet.robust_fraction is None


# --- edges


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: kelly_weights(ROWS, confidence=95.0), r"confidence must be in \(0, 1\), got 95.0"),
        (
            lambda: kelly_weights([[1.0], [-1.0]], probabilities=[0.6, 0.4], uncertainty="ignore", confidence=0.95),
            "confidence must not be given with probabilities, which are known",
        ),
        (
            lambda: kelly_weights(ROWS.iloc[:4], uncertainty="ignore", confidence=0.95),
            "returns needs more than 4 rows for 2 columns with confidence, got 4",
        ),
        (lambda: kelly_fraction(0.6, confidence=0.95), "observations must be given with confidence"),
        (
            lambda: continuous_kelly_fraction(0.1, volatility=0.2, confidence=0.95),
            "observations must be given with confidence",
        ),
        (
            lambda: kelly_weights(np.abs(ROWS) - 0.0002, uncertainty="ignore", confidence=0.95, **FREE),
            "confidence must come with constraints that bound the weights|constraints must bound the weights",
        ),
    ],
)
def test_what_is_refused(call, text):
    with pytest.raises(InvalidInputError, match=text):
        call()


@few
def test_overlapping_and_few_rows_warn():
    sums = ROWS.rolling(10).sum().dropna()
    with pytest.warns(DependentRowsWarning, match="the interval of the Kelly weights assumes independent rows"):
        kelly_weights(sums, confidence=0.9)
    with pytest.warns(DependentRowsWarning, match="12 rows are too few"):
        kelly_weights(ROWS.iloc[:12], confidence=0.9)


@pytest.mark.parametrize("method", ["exact", "quadratic"])
def test_what_never_moves_has_no_interval_around_a_weight_of_the_solver(method):
    found = kelly_weights(np.zeros((30, 1)), method=method, confidence=0.9)
    assert found.weights == (0.0,)
    assert found.weight_intervals == ((0.0, 0.0),)
    assert found.growth_interval == (0.0, 0.0)
