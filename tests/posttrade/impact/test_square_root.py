"""The square-root law: recovered from a simulation and from noise, errors by another package, and edges."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, strategies as st

import riskresearch as rr
from riskresearch.accounts import Costs
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.metrics import Bootstrap
from riskresearch.plots import blank_axes
from riskresearch.posttrade import fit_square_root_law
from tests.examples import examples


def orders(count=400, *, coefficient=0.8, exponent=0.5, level=0.0, noise=0.3, seed=0):
    """Return costs, participation and volatility of orders of many sizes."""
    rng = np.random.default_rng(seed)
    sizes = rng.lognormal(-4.0, 1.0, count)
    volatility = rng.lognormal(np.log(0.02), 0.4, count)
    costs = volatility * (coefficient * sizes**exponent + noise * rng.standard_normal(count)) + level
    return {"costs": costs, "participation": sizes, "volatility": volatility}


def fit(data, **options):
    return fit_square_root_law(
        data["costs"], participation=data["participation"], volatility=data["volatility"], **options
    )


# --- what the simulation charges is what the fit finds


@pytest.mark.parametrize("coefficient", [0.05, 0.7, 1.3])
def test_the_coefficient_of_a_simulation_is_found_again_in_its_fills(coefficient):
    """`simulate` charges by the rule that the law is fitted with, so that the fit is exact."""
    rng = np.random.default_rng(7)
    dates = pd.bdate_range("2022-01-03", periods=80, name="date")
    names = ["A", "B", "C"]
    prices = 50.0 * np.exp(pd.DataFrame(rng.normal(0.0, 0.02, (80, 3)), dates, names).cumsum())
    weights = pd.DataFrame(rng.uniform(0.0, 0.3, (80, 3)), dates, names)
    volatility = prices * 0.0 + rng.uniform(0.01, 0.03, (80, 3))
    volume = prices * 0.0 + rng.uniform(5e3, 5e4, (80, 3))
    costs = Costs(commission=0.0005, half_spread=0.0002, impact=coefficient)
    fills = rr.simulate(weights, prices, costs=costs, capital=1e6, volatility=volatility, average_volume=volume).fills
    place = list(zip(fills["time"], fills["asset"], strict=True))
    beside = volatility.stack().loc[place].to_numpy()
    sizes = fills["units"].abs().to_numpy() / volume.stack().loc[place].to_numpy()
    notional = (fills["units"].abs() * fills["price"]).to_numpy()
    law = fit_square_root_law(
        fills["impact"].to_numpy() / notional, participation=sizes, volatility=beside, confidence=0.95
    )
    assert law.coefficient == pytest.approx(coefficient, rel=1e-12)
    assert law.r_squared == pytest.approx(1.0, abs=1e-12)
    assert law.verdict == "cost grows with size"
    assert law.orders == len(fills) > 100
    np.testing.assert_allclose(law.cost(participation=sizes, volatility=beside) * notional, fills["impact"], rtol=1e-10)
    assert Costs(impact=law.coefficient).impact == law.coefficient
    both = (fills["impact"] + fills["spread"]).to_numpy() / notional
    with_spread = fit_square_root_law(both, participation=sizes, volatility=beside, intercept=True)
    assert with_spread.coefficient == pytest.approx(coefficient, rel=1e-9)
    assert with_spread.intercept == pytest.approx(0.0002, rel=1e-9)
    free = fit_square_root_law(
        fills["impact"].to_numpy() / notional, participation=sizes, volatility=beside, exponent=None
    )
    assert free.exponent == pytest.approx(0.5, abs=1e-6)


# --- reference values


@pytest.mark.parametrize("intercept", [False, True])
def test_estimates_and_robust_errors_are_those_of_statsmodels(intercept):
    """statsmodels: OLS of cost over volatility, cov_type HC1, and cluster with its small-sample correction."""
    data = orders(seed=3, level=0.0004)
    scaled = data["costs"] / data["volatility"]
    columns = [np.sqrt(data["participation"])] + ([1.0 / data["volatility"]] if intercept else [])
    model = sm.OLS(scaled, np.column_stack(columns))
    white = model.fit(cov_type="HC1")
    ours = fit(data, intercept=intercept)
    assert ours.coefficient == pytest.approx(white.params[0], rel=1e-10)
    assert ours.coefficient_error == pytest.approx(white.bse[0], rel=1e-10)
    groups = np.arange(len(scaled)) // 5
    clustered = model.fit(cov_type="cluster", cov_kwds={"groups": groups}, use_t=True)
    found = fit(data, intercept=intercept, clusters=groups, confidence=0.9)
    assert found.coefficient_error == pytest.approx(clustered.bse[0], rel=1e-10)
    assert (found.lower[0], found.upper[0]) == pytest.approx(tuple(clustered.conf_int(0.1)[0]), rel=1e-9)
    assert found.clusters == 80
    if intercept:
        assert found.intercept == pytest.approx(white.params[1], rel=1e-9)
        assert found.intercept_error == pytest.approx(clustered.bse[1], rel=1e-9)
        assert ours.intercept_error == pytest.approx(white.bse[1], rel=1e-9)


def test_a_bootstrap_of_clusters_agrees_with_the_robust_error_and_its_seed_repeats_it():
    data = orders(900, seed=5)
    groups = np.arange(900) // 3
    analytic = fit(data, clusters=groups, confidence=0.9)
    drawn = fit(data, clusters=groups, confidence=Bootstrap(0.9, draws=2000, rng=11))
    assert drawn.lower[0] == pytest.approx(analytic.lower[0], abs=0.3 * analytic.coefficient_error)
    assert drawn.upper[0] == pytest.approx(analytic.upper[0], abs=0.3 * analytic.coefficient_error)
    assert fit(data, clusters=groups, confidence=Bootstrap(0.9, rng=drawn.seed)).lower[0] == drawn.lower[0]


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    """300 sets of 60 orders with noise that grows with volatility, a nominal coverage of 90 %."""
    covered = 0
    for seed in range(300):
        found = fit(orders(60, seed=seed), confidence=0.9)
        covered += found.lower[0] <= 0.8 <= found.upper[0]
    assert 0.85 <= covered / 300 <= 0.95


def test_the_exponent_is_found_with_its_error():
    data = orders(4000, coefficient=0.8, exponent=0.6, noise=0.05, seed=2)
    found = fit(data, exponent=None, confidence=0.99)
    assert found.lower[2] < 0.6 < found.upper[2]
    assert found.lower[0] < 0.8 < found.upper[0]
    assert found.exponent_error < 0.05
    assert fit(data).exponent_error != fit(data).exponent_error  # nan: it was given


# --- properties


@given(seed=st.integers(0, 1000), factor=st.floats(0.01, 100.0))
@examples(25)
def test_costs_times_a_factor_have_a_coefficient_times_it(seed, factor):
    data = orders(50, seed=seed)
    scaled = data | {"costs": data["costs"] * factor}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("riskresearch.posttrade.impact._square_root.MOST_PLAUSIBLE_COST", np.inf)
        assert fit(scaled).coefficient == pytest.approx(factor * fit(data).coefficient, rel=1e-9)
        assert fit(scaled).r_squared == pytest.approx(fit(data).r_squared, rel=1e-9)


@given(seed=st.integers(0, 1000))
@examples(15)
def test_the_order_of_orders_does_not_matter_nor_the_names_of_clusters(seed):
    data = orders(60, seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    groups = np.arange(60) // 4
    one = fit(data, clusters=groups)
    two = fit({name: values[order] for name, values in data.items()}, clusters=[f"day {g}" for g in groups[order]])
    assert (two.coefficient, two.coefficient_error) == pytest.approx((one.coefficient, one.coefficient_error), rel=1e-9)


def test_series_frames_columns_and_lists_are_read_alike():
    data = orders(40)
    frame = pd.DataFrame(data)
    expected = fit(data).coefficient
    assert fit(frame).coefficient == expected
    assert fit({name: values.tolist() for name, values in data.items()}).coefficient == expected
    assert fit(pl.DataFrame(data)).coefficient == expected
    same_day = frame.set_index(pd.DatetimeIndex(["2024-01-02"] * 40))
    assert fit(same_day).coefficient == expected


def test_missing_numbers_are_refused_by_name_or_left_out_and_counted():
    data = orders(50)
    data["volatility"] = data["volatility"].copy()
    data["volatility"][[3, 9]] = np.nan
    with pytest.raises(InvalidInputError, match=r"volatility has no number at row 3, and 2 orders lack one"):
        fit(data)
    found = fit(data, nan_policy="omit", clusters=np.arange(50))
    assert (found.orders, found.clusters, found.omitted) == (48, 48, 2)
    assert "2 orders left out" in found.summary()


# --- how far it can be believed


def test_few_orders_are_too_few_to_say():
    assert fit(orders(29)).verdict == "too few to say"
    assert fit(orders(30, noise=0.01)).verdict == "cost grows with size"
    assert fit(orders(300), clusters=np.arange(300) // 100).verdict == "too few to say"
    assert "too few to say" in fit(orders(10)).summary()
    unrelated = fit(orders(200, coefficient=0.0))
    assert unrelated.verdict == "cost does not differ from one that is the same for all sizes"


def test_results_name_the_regression_and_the_model():
    found = fit(orders(), intercept=True, confidence=0.95)
    assert found.to_frame().index.tolist() == ["coefficient", "intercept", "exponent"]
    assert fit(orders()).to_frame().index.tolist() == ["coefficient", "exponent"]
    assert "White (HC1)" in found.summary()
    assert "no measurement" in found.summary()
    assert repr(fit(orders())) == f"SquareRootLaw(coefficient={fit(orders()).coefficient:.3g} +- 0.089, 400 orders)"
    assert found.plot(ax=blank_axes()).get_xlabel() == "Participation in the average volume"


@pytest.mark.parametrize(
    ("change", "options", "text"),
    [
        (
            {"participation": np.zeros(40)},
            {},
            r"participation must be positive, got 0 at row 0. An order without a fill",
        ),
        ({"volatility": -0.02}, {}, r"volatility must be positive, got -0\.02 at row 0"),
        (
            {"volatility": [0.01, 0.02]},
            {},
            r"volatility must have one number for each of the 40 orders of costs, got 2",
        ),
        ({"costs": ["a"] * 40}, {}, r"costs must be numbers, got \['a'"),
        ({"costs": np.full(40, np.inf)}, {}, r"costs must be finite, got inf at row 0"),
        ({}, {"exponent": 3.0}, r"exponent must be in \[0\.01, 2\], got 3\.0\. None estimates it"),
        ({}, {"intercept": 1}, r"intercept must be True or False, got 1"),
        ({}, {"clusters": [1, 2]}, r"clusters must have one entry for each of the 40 costs, got 2"),
        ({}, {"clusters": "order"}, r"clusters must have one entry an order, got 'order'"),
        ({}, {"clusters": [1] * 40}, r"costs must have more than 1 clusters for 1 estimates, got 1"),
        ({}, {"confidence": Bootstrap(resampling="stationary")}, r"resampling must be left out or 'iid'"),
        ({}, {"confidence": Bootstrap(), "exponent": None}, r"confidence must be a number, or a Bootstrap of method"),
        ({}, {"sigma": 0.02}, r"fit_square_root_law has no argument 'sigma', got sigma=0\.02\. Write volatility=0\.02"),
    ],
)
def test_what_cannot_be_is_refused(change, options, text):
    with pytest.raises(InvalidInputError, match=text):
        fit(orders(40) | change, **options)


@pytest.mark.parametrize(
    ("name", "factor", "text"),
    [
        ("costs", 1e4, r"costs of the median order is .*: 10 basis points are 0\.001"),
        ("volatility", 15.9, r"volatility of the median order is .*0\.3 / sqrt\(252\) a day"),
        ("participation", 100.0, r"participation of the median order is .*5 % is 0\.05"),
    ],
)
def test_units_that_were_meant_otherwise_are_doubted_aloud(name, factor, text):
    data = orders()
    with pytest.warns(ConventionWarning, match=text):
        fit(data | {name: data[name] * factor})


def test_orders_of_one_size_do_not_tell_an_exponent():
    data = orders(50)
    with pytest.raises(InvalidInputError, match=r"exponent must be given for these orders, got None"):
        fit(data | {"participation": np.full(50, 0.01)}, exponent=None)
    alike = {"participation": np.full(50, 0.01), "volatility": np.full(50, 0.02)}
    with pytest.raises(
        InvalidInputError, match=r"intercept must be False for these orders, got True: they are of one size"
    ):
        fit(data | alike, intercept=True)
    assert fit(data | alike).coefficient == pytest.approx(np.mean(data["costs"]) / 0.02 / 0.1, rel=1e-9)
