"""VaR and CVaR over a horizon and of a portfolio: hand calculations, pandas' rolling product, and their laws."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch import conditional_value_at_risk, value_at_risk
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels._horizon import compounded_windows
from riskresearch.kernels.inference._tail_errors import order_statistic_bounds
from riskresearch.metrics import AnalyticInterval, Bootstrap, bootstrap_interval, portfolio_returns, tail_risk
from riskresearch.portfolio import risk_contributions
from tests.examples import examples
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

MEASURES = (value_at_risk, conditional_value_at_risk)
HOW = ("overlapping", "nonoverlapping", "sqrt")
DATES = pd.bdate_range("2023-01-02", periods=120)
WEIGHTS = {"a": 0.5, "b": 0.2, "c": 0.3}
each_measure = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.__name__)


def frame(rows=120):
    return pd.DataFrame(fat_tailed(rows, 3, 5), index=DATES[:rows], columns=list("abc"))


def windows_of_pandas(returns, horizon, how):
    """Return compounded windows by pandas: the rolling product, of which every `horizon`th has rows of its own."""
    rolled = ((1.0 + returns).rolling(horizon).apply(np.prod, raw=True) - 1.0).iloc[horizon - 1 :]
    return rolled if how == "overlapping" else rolled.iloc[::-1].iloc[::horizon]


# --- reference values


# By hand: windows of two rows return 1.1 * 0.8 - 1 = -0.12, then -0.16, 0.05, -0.10 and 0.9 * 1.02 - 1 = -0.082. The
# first, third and fifth share no rows. CVaR at 0.6 of three is (0.12 + 0.2 * 0.082) / 1.2.
@pytest.mark.parametrize(
    ("how", "level", "var", "cvar"),
    [("overlapping", 0.8, 0.12, 0.16), ("nonoverlapping", 0.6, 0.082, (0.12 + 0.2 * 0.082) / 1.2)],
)
@pytest.mark.parametrize("left_over", [[], [-0.5]])
def test_windows_of_two_rows_equal_the_hand_calculation(how, level, var, cvar, left_over):
    returns = [0.10, -0.20, 0.05, 0.0, -0.10, 0.02]
    if how == "nonoverlapping":
        returns = left_over + returns  # an odd row is left over at the start
    options = {"level": level, "horizon": 2, "horizon_method": how}
    assert value_at_risk(returns, **options) == pytest.approx(var, rel=1e-12)
    assert conditional_value_at_risk(returns, **options) == pytest.approx(cvar, rel=1e-12)


@each_measure
@pytest.mark.parametrize("how", ["overlapping", "nonoverlapping"])
@pytest.mark.parametrize("method", ["historical", "normal", "student_t", "cornish_fisher"])
def test_every_method_measures_the_rolling_products_of_pandas(measure, how, method):
    returns = frame()
    windows = windows_of_pandas(returns, 7, how).reset_index(drop=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConventionWarning)
        ours = measure(returns, level=0.9, method=method, horizon=7, horizon_method=how)
        theirs = measure(windows, level=0.9, method=method)
    assert ours.tolist() == pytest.approx(theirs.tolist(), rel=1e-6)


def test_quantile_definitions_are_applied_to_the_windows():
    returns = frame()["a"]
    losses = -windows_of_pandas(returns, 5, "overlapping")
    for definition in ("linear", "hazen", "inverted_cdf"):
        ours = value_at_risk(returns, level=0.9, horizon=5, quantile=definition)
        assert ours == pytest.approx(np.quantile(losses, 0.9, method=definition), rel=1e-9)


@each_measure
@pytest.mark.parametrize("method", ["historical", "normal", "student_t"])
def test_the_square_root_of_time_scales_the_measure_of_single_rows(measure, method):
    returns = frame()
    plain = measure(returns, method=method)
    scaled = measure(returns, method=method, horizon=10, horizon_method="sqrt")
    assert scaled.tolist() == (np.sqrt(10.0) * plain).tolist()


def test_independent_normal_rows_have_the_ten_row_var_of_the_square_root():
    """200,000 rows of 1 %: the windows' VaR is that of the lognormal, 2 % apart from the root's; both by SciPy."""
    rows = 0.01 * np.random.default_rng(1).standard_normal(200_000)
    root = 0.01 * np.sqrt(10.0) * stats.norm.ppf(0.99)
    lognormal = 1.0 - np.exp(10 * (-0.5 * 0.01**2) - root)
    for how in ("overlapping", "nonoverlapping"):
        assert value_at_risk(rows, level=0.99, horizon=10, horizon_method=how) == pytest.approx(lognormal, rel=0.03)
    assert value_at_risk(rows, level=0.99, horizon=10, horizon_method="sqrt") == pytest.approx(root, rel=0.03)


# --- laws of the horizon


@given(returns_arrays(min_rows=4), LEVELS, st.sampled_from(HOW), st.sampled_from(["historical", "normal"]))
@examples(60)
def test_a_horizon_of_one_row_has_the_bits_of_none(returns, level, how, method):
    for measure in MEASURES:
        plain = measure(returns, level=level, method=method)
        one = measure(returns, level=level, method=method, horizon=1, horizon_method=how)
        assert np.array_equal(plain, one)


@given(st.data(), st.integers(1, 13))
@examples(80)
def test_windows_are_the_products_of_their_rows_and_those_without_shared_rows_are_among_them(data, horizon):
    values = data.draw(returns_arrays(min_rows=horizon, max_rows=40))
    every, own = compounded_windows(values, horizon, 1), compounded_windows(values, horizon, horizon)
    expected = [np.prod(1.0 + values[i : i + horizon], axis=0) - 1.0 for i in range(len(values) - horizon + 1)]
    np.testing.assert_allclose(every, expected, rtol=0, atol=1e-12)
    assert np.array_equal(own, every[::-1][::horizon][::-1])
    assert len(own) == len(values) // horizon


@given(st.data(), st.integers(2, 9))
@examples(60)
def test_later_rows_change_no_bit_of_earlier_windows(data, horizon):
    values = data.draw(returns_arrays(min_rows=horizon + 1, max_rows=30))
    rows = data.draw(st.integers(horizon, len(values) - 1))
    past = compounded_windows(values[:rows], horizon, 1)
    assert np.array_equal(past, compounded_windows(values, horizon, 1)[: len(past)])


@of_any_size
@given(st.data(), st.integers(2, 6), LEVELS)
@examples(60)
def test_a_compounded_loss_is_at_most_everything(data, horizon, level):
    values = data.draw(returns_arrays(min_rows=2 * horizon)) * 3.0
    values = np.maximum(values, -1.0)
    values[horizon] = -1.0
    for how in ("overlapping", "nonoverlapping"):
        loss = conditional_value_at_risk(values, level=level, horizon=horizon, horizon_method=how)
        assert (loss <= 1.0).all()
        assert (loss >= value_at_risk(values, level=level, horizon=horizon, horizon_method=how)).all()
    assert (compounded_windows(values, horizon, 1)[1 : horizon + 1] == -1.0).all()


@pytest.mark.parametrize("how", HOW)
@each_measure
def test_a_series_a_frame_an_array_and_polars_agree_to_the_last_bit(measure, how):
    data, options = frame(), {"horizon": 10, "horizon_method": how}
    whole = measure(data, **options)
    polars = pl.from_pandas(data.reset_index(names="date"))
    assert list(measure(polars, **options).row(0)) == whole.tolist()
    assert measure(data.to_numpy(), **options).tolist() == whole.tolist()
    for name in data:
        alone = measure(data[name], **options)
        assert type(alone) is float
        assert alone == whole[name] == measure(data[[name]], **options).iloc[0]


@each_measure
@pytest.mark.parametrize("how", ["overlapping", "nonoverlapping"])
def test_a_missing_row_is_left_out_and_the_window_goes_on(measure, how):
    holed = frame()
    holed.iloc[[3, 40, 41], 1] = np.nan
    options = {"horizon": 10, "horizon_method": how}
    found = measure(holed, nan_policy="omit", **options)
    assert found["b"] == measure(holed["b"].dropna(), **options)
    assert found["a"] == measure(holed["a"], **options)
    with pytest.raises(InvalidInputError, match=r"returns has 3 non-finite values.*2023-01-05 in column 'b'"):
        measure(holed, **options)


@each_measure
def test_the_calculator_and_the_pair_have_the_bits_of_the_function(measure):
    data = frame()
    calculator = riskresearch.RiskMetricsCalculator(data, level=0.9)
    for options in ({"horizon": 5}, {"horizon": 5, "weights": WEIGHTS}, {"horizon": 5, "horizon_method": "sqrt"}):
        plain = measure(data, level=0.9, **options)
        assert np.array_equal(getattr(calculator, measure.__name__)(**options), plain)
        assert np.array_equal(getattr(tail_risk(data, level=0.9, **options), measure.__name__), plain)


# --- portfolios


@each_measure
@pytest.mark.parametrize("horizon", [1, 10])
def test_weights_measure_the_portfolio_of_those_weights(measure, horizon):
    data = frame()
    found = measure(data, weights=WEIGHTS, horizon=horizon)
    assert type(found) is float
    assert found == measure(portfolio_returns(data, weights=WEIGHTS), horizon=horizon)
    for same in (pd.Series(WEIGHTS)[["c", "a", "b"]], list(WEIGHTS.values()), np.array([0.5, 0.2, 0.3])):
        assert measure(data, weights=same, horizon=horizon) == found
    polars = pl.from_pandas(data.reset_index(names="date"))
    assert measure(polars, weights=WEIGHTS, horizon=horizon) == found
    assert measure(data.to_numpy(), weights=list(WEIGHTS.values()), horizon=horizon) == found


@each_measure
@pytest.mark.parametrize("method", ["historical", "normal"])
@pytest.mark.parametrize("weights", [(0.3, 0.2, 0.0), (1.0, 0.8, -0.6), (-0.2, -0.2, -0.2), (0.0, 0.0, 0.0)])
def test_cash_leverage_and_shorts_have_the_risk_whose_contributions_are_given(measure, method, weights):
    data = frame()
    split = risk_contributions(data, weights=weights, measure=measure.__name__, method=method)
    assert measure(data, weights=weights, method=method) == pytest.approx(split.total, abs=1e-14)


@given(st.integers(0, 1000), st.permutations([0, 1, 2]), st.integers(1, 12))
@examples(40)
def test_the_order_of_columns_is_irrelevant_to_a_portfolio(seed, order, horizon):
    values, weights = fat_tailed(60, 3, seed), np.array([0.7, -0.4, 0.5])
    for measure in MEASURES:
        whole = measure(values, weights=weights, horizon=horizon)
        assert measure(values[:, order], weights=weights[order], horizon=horizon) == pytest.approx(whole, abs=1e-14)


@each_measure
def test_a_portfolio_is_over_the_rows_on_which_every_asset_has_a_value(measure):
    holed = frame()
    holed.iloc[[3, 40], [1, 2]] = np.nan
    found = measure(holed, weights=WEIGHTS, horizon=4, nan_policy="omit")
    assert found == measure(holed.dropna(), weights=WEIGHTS, horizon=4)


def test_one_asset_as_a_portfolio_is_that_asset():
    data = frame()[["a"]]
    for measure in MEASURES:
        assert measure(data, weights={"a": 1.0}, horizon=3) == measure(data["a"], horizon=3)


# --- intervals


@each_measure
@pytest.mark.parametrize("how", ["overlapping", "nonoverlapping"])
def test_a_bootstrap_compounds_within_each_draw_of_single_rows(measure, how):
    values, settings = fat_tailed(120, 1)[:, 0], Bootstrap(0.9, draws=200, resampling="stationary", rng=3)
    found = measure(values, horizon=10, horizon_method=how, interval=settings)
    own = bootstrap_interval(
        values, measure=lambda column: measure(column, horizon=10, horizon_method=how), interval=settings
    )
    assert (found.estimate, found.lower, found.upper) == (own.estimate, own.lower, own.upper)
    assert found.method.endswith(f"{how} windows of 10 rows, compounded within each draw of single rows")


@each_measure
@pytest.mark.parametrize("how", ["overlapping", "nonoverlapping", "sqrt"])
def test_the_default_filters_single_rows_and_compounds_them(measure, how):
    values = fat_tailed(300, 1)[:, 0]
    found = measure(values, horizon=10, horizon_method=how, interval=Bootstrap(draws=200, rng=3))
    assert found.method.startswith("filtered bootstrap, 200 histories")
    assert 0.0 < found.lower < found.estimate < found.upper
    if how == "sqrt":
        one = measure(values, interval=Bootstrap(draws=200, rng=3))
        assert found.upper == pytest.approx(10**0.5 * one.upper, rel=1e-12)


@pytest.mark.parametrize(
    ("measure", "how", "analytic"),
    [
        (value_at_risk, "overlapping", False),
        (value_at_risk, "nonoverlapping", True),
        (value_at_risk, "sqrt", True),
        (conditional_value_at_risk, "overlapping", False),
        (conditional_value_at_risk, "nonoverlapping", False),
        (conditional_value_at_risk, "sqrt", True),
    ],
)
def test_formulas_for_independent_rows_are_for_windows_that_share_none(measure, how, analytic):
    options = {"horizon": 10, "horizon_method": how, "interval": AnalyticInterval(0.9)}
    if analytic:
        found = measure(fat_tailed(400, 1)[:, 0], **options)
        assert found.seed is None
        assert found.lower <= found.upper
    else:
        with pytest.raises(InvalidInputError, match=r"which has no analytic interval here, got AnalyticInterval"):
            measure(fat_tailed(400, 1)[:, 0], **options)


def test_analytic_intervals_are_those_of_the_windows_and_of_scaled_rows():
    values, by_formula = pd.Series(fat_tailed(600, 1)[:, 0]), AnalyticInterval(0.9)
    windows = windows_of_pandas(values, 10, "nonoverlapping").to_numpy()
    found = value_at_risk(values, level=0.8, horizon=10, horizon_method="nonoverlapping", interval=by_formula)
    plain = value_at_risk(windows, level=0.8, interval=by_formula)
    assert (found.lower, found.upper) == pytest.approx((plain.lower, plain.upper), rel=1e-12)
    for measure in MEASURES:
        scaled, one = (
            measure(values, interval=by_formula, **options)
            for options in ({"horizon": 4, "horizon_method": "sqrt"}, {})
        )
        for name in ("estimate", "lower", "upper", "standard_error"):
            assert getattr(scaled, name) == pytest.approx(2.0 * getattr(one, name), rel=1e-12)


@of_any_size
def test_the_interval_of_overlapping_windows_covers_where_order_statistics_of_them_do_not():
    """60 samples of 500 rows of t(4), 10-row 95 % VaR and CVaR: at least 95 % less 4 binomial errors."""
    rng = np.random.default_rng(0)

    def sample(rows, columns):
        return 0.01 * rng.standard_t(4, (rows, columns))

    windows = compounded_windows(sample(10, 400_000), 10, 10)[0]
    truth = {measure: measure(windows) for measure in MEASURES}
    histories = sample(500, 400)
    settings = Bootstrap(0.95, draws=300, rng=1)
    for measure in MEASURES:
        found = measure(histories[:, :60], horizon=10, interval=settings)
        covered = np.mean((found.lower <= truth[measure]) & (truth[measure] <= found.upper))
        assert covered > 0.95 - 4 * (0.95 * 0.05 / 60) ** 0.5
    lower, upper = order_statistic_bounds(compounded_windows(histories, 10, 1), 0.95, 0.95)
    assert np.mean((lower <= truth[value_at_risk]) & (truth[value_at_risk] <= upper)) < 0.75


# --- what the result says, and what is refused


def test_the_summary_names_horizon_method_and_weights():
    data = frame()
    plain = tail_risk(data)
    assert plain.summary().endswith("level 0.95, historical; losses")
    assert plain.observations == (120, 120, 120)
    pair = tail_risk(data, horizon=10, weights=WEIGHTS)
    assert pair.summary().endswith(
        "losses; horizon 10 rows, 111 overlapping windows, compounded; portfolio of a 0.5, b 0.2, c 0.3, rebalanced on "
        "each row"
    )
    assert repr(pair) == "TailRisk(portfolio of 3, level=0.95, method='historical', horizon=10)"
    assert (pair.weights, pair.observations) == (WEIGHTS, (111,))
    own = tail_risk(data, horizon=10, horizon_method="nonoverlapping")
    assert "12 nonoverlapping windows" in own.summary()
    assert "scaled by sqrt(10)" in tail_risk(data, horizon=10, horizon_method="sqrt").summary()


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"horizon": 0}, "horizon must be a whole number of at least 1, got 0"),
        ({"horizon": 10.0}, "horizon must be a whole number of at least 1, got 10.0"),
        ({"horizon": "10D"}, "horizon must be a whole number of at least 1, got '10D'"),
        ({"horizon": True}, "horizon must be a whole number of at least 1, got True"),
        ({"horizon": 10, "horizon_method": "overlap"}, "horizon_method must be one of .* Did you mean 'overlapping'"),
        ({"horizon_method": "scaling"}, "horizon_method must be one of"),
        ({"horizon": 61}, r'at least 122 rows for overlapping windows of horizon=61, got 120 in .*"sqrt"'),
        (
            {"horizon": 40, "horizon_method": "nonoverlapping", "method": "student_t"},
            r'at least 160 rows for nonoverlapping windows of horizon=40, got 120 in column \'a\'.*"sqrt"',
        ),
        ({"weights": {"a": 0.5, "B": 0.5}}, "weights must name the columns of returns, but 'B' is in weights only"),
        ({"weights": {**WEIGHTS, "d": 0.1}}, "weights must name the columns of returns, but 'd' is in weights only"),
        ({"weights": [0.5, 0.5]}, "weights must be one finite number for each of the 3 columns"),
        ({"weights": [0.5, 0.5, np.nan]}, "weights must be one finite number for each of the 3 columns"),
        ({"weights": 1.0}, "weights must be one finite number for each of the 3 columns"),
        ({"weights": "equal"}, "weights must be one finite number for each of the 3 columns"),
        ({"weights": np.ones((120, 3)) / 3}, "weights must be one finite number for each of the 3 columns"),
    ],
)
def test_what_cannot_be_meant_is_refused(options, text):
    for function in (*MEASURES, tail_risk):
        with pytest.raises(InvalidInputError, match=text):
            function(frame(), **options)


def test_weights_of_a_single_series_are_refused():
    series = frame()["a"]
    for data in (series, series.to_numpy(), series.tolist(), pl.Series("a", series.to_numpy())):
        with pytest.raises(InvalidInputError, match="weights must be left out for a single series of returns"):
            value_at_risk(data, weights=[1.0])


def test_weights_in_percent_warn_with_both_readings():
    with pytest.warns(ConventionWarning, match=r"weights has sizes that sum to 100.*as percent it is 1 times"):
        value_at_risk(frame(), weights=[60, 30, 10])


def test_rows_that_lose_more_than_everything_do_not_compound():
    data = frame()
    data.iloc[7, 0] = -0.9
    with pytest.raises(InvalidInputError, match=r"lose more than everything.*portfolio returns -1\.8.* at 2023-01-11"):
        value_at_risk(data, weights={"a": 2.0, "b": 0.0, "c": 0.0}, horizon=5)
    assert value_at_risk(data, weights={"a": 2.0, "b": 0.0, "c": 0.0}, level=0.999) == pytest.approx(1.8)
    short = -2.0 * data[["a"]]  # what is held is fine although a column is not
    short.iloc[8, 0] = -1.5
    with pytest.warns(ConventionWarning, match="more than everything"):
        assert value_at_risk(short, weights=[-0.5], horizon=5) < 1.0
    with pytest.raises(InvalidInputError, match="must be -1 or more to be compounded"):
        value_at_risk(short, horizon=5)


def test_a_scaled_loss_of_more_than_everything_warns():
    returns = [0.1, -0.6, 0.2, -0.5, 0.3]
    with pytest.warns(ConventionWarning, match=r'is 1\.897 after scaling by sqrt\(10\), more than everything.*"overl'):
        assert value_at_risk(returns, level=0.9, horizon=10, horizon_method="sqrt") == pytest.approx(0.6 * 10**0.5)
    for function in (conditional_value_at_risk, tail_risk):
        with pytest.warns(ConventionWarning, match=r"conditional_value_at_risk of column 0 is 1\.897"):
            function(returns, level=0.9, horizon=10, horizon_method="sqrt")


@of_any_size
def test_returns_that_compound_beyond_a_double_are_refused():
    with pytest.raises(InvalidInputError, match=r"compound to finite numbers over a horizon of 2 rows.*1e\+200"):
        value_at_risk([1e200, 1e200, -0.1, 0.1], horizon=2)
    assert value_at_risk([1e200, 0.1, -0.1, 1e200], horizon=2, level=0.7) == pytest.approx(0.01)
