"""Monte Carlo VaR and CVaR: closed forms, a dense computation of the same scenarios, and the same digits always."""

import functools
import math
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy import stats

import riskresearch
from riskresearch.core import InvalidInputError, OptionalDependencyError
from riskresearch.kernels.optimise._tiled_matmul import product
from riskresearch.metrics import filtered_bootstrap
from riskresearch.plots import blank_axes
from riskresearch.portfolio import monte_carlo_risk, normal_scenarios, student_t_scenarios
from riskresearch.portfolio._scenario_blocks import ATOM, Draws
from tests.examples import examples
from tests.samples import fat_tailed, of_any_size

COVARIANCE = np.array([[4.0, 1.0, 0.0], [1.0, 9.0, -2.0], [0.0, -2.0, 1.0]]) * 1e-4
RNG = np.random.default_rng(7)
LOADINGS = RNG.standard_normal((11, 3))
DELTA, GAMMA = RNG.standard_normal(11), 20.0 * RNG.standard_normal(11)


def simulate(**options):
    return monte_carlo_risk(
        LOADINGS,
        **{"scenarios": normal_scenarios(COVARIANCE), "delta": DELTA, "gamma": GAMMA, "rng": 5, "workers": 1} | options,
    )


def square_payoff(underlying):
    return underlying * (DELTA + 0.5 * GAMMA * underlying)


# --- groups

GROUPS = {str(number): ("rates", "vol", "carry")[number % 3] for number in range(11)}


@pytest.mark.parametrize(("gamma", "in_full"), [(GAMMA, False), (GAMMA, True), (None, False)])
def test_a_group_s_incremental_risk_is_that_of_a_second_simulation_without_it(gamma, in_full):
    """The same seed draws the same scenarios for the smaller book."""
    of_book = {"gamma": gamma, "n_scenarios": 5_000, "level": 0.99}
    payoff = {"delta": None, "gamma": None, "payoff": square_payoff}
    whole = simulate(**(of_book | (payoff if in_full else {})), groups=GROUPS)
    table = whole.by_group()
    assert table.index.tolist() == ["rates", "vol", "carry"]
    for number, group in enumerate(table.index):
        kept = np.array([GROUPS[str(position)] != group for position in range(11)], dtype=float)
        rest = simulate(**of_book | {"delta": DELTA * kept, "gamma": None if gamma is None else gamma * kept})
        incremental = whole.conditional_value_at_risk - rest.conditional_value_at_risk
        assert whole.group_incremental[number] == pytest.approx(incremental, rel=1e-9)
        assert whole.group_incremental_value_at_risk[number] == pytest.approx(
            whole.value_at_risk - rest.value_at_risk, rel=1e-9
        )
        assert table.loc[group, "incremental"] == whole.group_incremental[number]


def test_components_sum_by_group_to_the_whole_whether_named_before_or_after():
    before, after = simulate(n_scenarios=5_000, groups=GROUPS), simulate(n_scenarios=5_000)
    columns = ["component_value_at_risk", "component", "percentage"]
    pd.testing.assert_frame_equal(before.by_group()[columns], after.by_group(GROUPS))
    assert after.by_group(pd.Series(GROUPS)).columns.tolist() == columns
    assert before.by_group()["component"].sum() == pytest.approx(before.conditional_value_at_risk, rel=1e-12)
    assert before.by_group()["component_value_at_risk"].sum() == pytest.approx(before.value_at_risk, rel=1e-12)
    assert before.component == after.component
    with pytest.raises(InvalidInputError, match=r"groups must be given to by_group or to monte_carlo_risk"):
        after.by_group()
    with pytest.raises(InvalidInputError, match=r"groups must name the group of every position, got none for '10'"):
        simulate(groups=dict(list(GROUPS.items())[:10]))


@pytest.mark.parametrize("options", [{"block": 1_000}, {"workers": 3}, {"backend": "joblib", "workers": 2}])
def test_block_and_workers_change_no_digit_of_a_group(options):
    plain = simulate(n_scenarios=5_000, groups=GROUPS)
    assert simulate(n_scenarios=5_000, groups=GROUPS, **options) == plain
    full = {"delta": None, "gamma": None, "payoff": square_payoff, "n_scenarios": 5_000, "groups": GROUPS}
    assert simulate(**full, **options) == simulate(**full)


# --- reference values


@pytest.mark.parametrize("level", [0.95, 0.99])
def test_a_linear_book_of_normal_factors_has_the_closed_form(level):
    exposure = LOADINGS.T @ DELTA
    spread = np.sqrt(exposure @ COVARIANCE @ exposure)
    z = stats.norm.ppf(level)
    result = simulate(gamma=None, level=level, n_scenarios=200_000)
    beyond = spread * stats.norm.pdf(z) / (1 - level)
    assert abs(result.value_at_risk - spread * z) < 4 * result.value_at_risk_error
    assert abs(result.conditional_value_at_risk - beyond) < 4 * result.conditional_value_at_risk_error
    shares = DELTA * (LOADINGS @ COVARIANCE @ exposure) / spread**2
    assert np.array(result.percentage) == pytest.approx(shares, abs=0.02 * np.abs(shares).max())
    assert np.array(result.component_value_at_risk) / result.value_at_risk == pytest.approx(
        shares, abs=0.05 * np.abs(shares).max()
    )


def test_student_t_scenarios_have_their_covariance_and_tail():
    draw = student_t_scenarios(COVARIANCE, dof=5, mean=[0.01, 0.0, 0.0])(np.random.default_rng(0), 400_000)
    assert np.cov(draw.T) == pytest.approx(COVARIANCE, abs=2e-5)
    assert draw.mean(axis=0) == pytest.approx([0.01, 0, 0], abs=2e-4)
    scaled = (draw[:, 0] - 0.01) / 0.02 * np.sqrt(5 / 3)
    assert np.quantile(scaled, 0.99) == pytest.approx(stats.t.ppf(0.99, 5), rel=0.02)


def test_a_chi_square_book_has_the_closed_form():
    """A short position of pure gamma loses c u^2 / 2, u normal: VaR is c s^2 / 2 times a chi-square quantile."""
    result = monte_carlo_risk(
        [[1.0]], scenarios=normal_scenarios([[1e-4]]), delta=[0.0], gamma=[-1e4], n_scenarios=200_000, rng=1, level=0.99
    )
    assert abs(result.value_at_risk - 0.5 * stats.chi2.ppf(0.99, 1)) < 4 * result.value_at_risk_error


def test_everything_equals_the_dense_computation_of_the_same_scenarios():
    result = simulate(n_scenarios=4500, level=0.95)
    seeds = np.random.SeedSequence(5).spawn(5)  # the public way to the same seeds
    draw = normal_scenarios(COVARIANCE)
    counts = (ATOM, ATOM, ATOM, ATOM, 500)
    moves = np.concatenate([draw(np.random.default_rng(s), n) for s, n in zip(seeds, counts, strict=True)])
    profits = square_payoff(moves @ LOADINGS.T)
    book = profits.sum(axis=1)
    assert result.value_at_risk == pytest.approx(riskresearch.value_at_risk(book), rel=1e-12)
    assert result.conditional_value_at_risk == pytest.approx(riskresearch.conditional_value_at_risk(book), rel=1e-12)
    split = riskresearch.portfolio.risk_contributions(profits, weights=np.ones(11))
    assert result.component == pytest.approx(split.component, rel=1e-10)
    smooth = riskresearch.portfolio.risk_contributions(
        profits, weights=np.ones(11), measure="value_at_risk", bandwidth=result.bandwidth
    )
    assert np.array(result.component_value_at_risk) / result.value_at_risk == pytest.approx(smooth.percentage, rel=1e-9)


def test_standard_errors_are_those_of_repeated_simulations():
    runs = [simulate(n_scenarios=5000, rng=seed, level=0.95) for seed in range(120)]
    for number, error in (
        ("value_at_risk", "value_at_risk_error"),
        ("conditional_value_at_risk", "conditional_value_at_risk_error"),
    ):
        spread = np.std([getattr(run, number) for run in runs], ddof=1)
        assert np.mean([getattr(run, error) for run in runs]) == pytest.approx(spread, rel=0.25)


def test_so_are_those_of_the_components():
    runs = [simulate(n_scenarios=5000, rng=seed, level=0.95) for seed in range(150)]
    spread = np.std([run.component for run in runs], axis=0, ddof=1)
    assert np.mean([run.component_error for run in runs], axis=0) == pytest.approx(spread, rel=0.25)
    spread = np.std([np.array(run.component_value_at_risk) / run.value_at_risk for run in runs], axis=0, ddof=1)
    errors = [np.array(run.component_value_at_risk_error) / run.value_at_risk for run in runs]
    assert np.median(np.mean(errors, axis=0) / spread) == pytest.approx(1.0, abs=0.3)


def test_a_single_position_has_the_error_of_the_book():
    one = {"scenarios": normal_scenarios([[1e-4]]), "delta": [3.0], "n_scenarios": 20_000, "rng": 2}
    result = monte_carlo_risk([[1.0]], **one)
    assert result.component_error == pytest.approx((result.conditional_value_at_risk_error,), rel=0.02)


@pytest.mark.parametrize("book", [{}, {"gamma": None}, {"delta": None, "gamma": None, "payoff": square_payoff}])
def test_incremental_risk_is_that_of_the_book_less_that_without_the_position(book):
    result = simulate(n_scenarios=4500, incremental=("0", "7"), **book)
    assert result.incremental_positions == ("0", "7")
    seeds = np.random.SeedSequence(5).spawn(5)
    draw = normal_scenarios(COVARIANCE)
    moves = np.concatenate([draw(np.random.default_rng(s), n) for s, n in zip(seeds, 4 * [ATOM] + [500], strict=True)])
    underlying = moves @ LOADINGS.T
    profits = underlying * DELTA if book == {"gamma": None} else square_payoff(underlying)
    for number, name in enumerate((0, 7)):
        rest = profits.sum(axis=1) - profits[:, name]
        for measure, ours in (
            (riskresearch.value_at_risk, result.incremental_value_at_risk),
            (riskresearch.conditional_value_at_risk, result.incremental),
        ):
            expected = measure(profits.sum(axis=1)) - measure(rest)
            assert ours[number] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_incremental_risk_does_not_depend_on_what_else_is_asked_for(monkeypatch):
    both = simulate(n_scenarios=3000, incremental=("3", "8"))
    monkeypatch.setattr("riskresearch.portfolio._monte_carlo_components.NUMBERS_AT_ONCE", 3000)
    one_by_one = simulate(n_scenarios=3000, incremental=("3", "8"), block=1000, workers=2)
    assert one_by_one == both
    assert simulate(n_scenarios=3000, incremental=("8",)).incremental == both.incremental[1:]
    frame = both.to_frame()
    assert frame["incremental"].dropna().tolist() == list(both.incremental)
    assert frame.index[frame["incremental"].notna()].tolist() == ["3", "8"]


def test_a_filtered_bootstrap_rescales_past_rows_by_hand():
    returns = np.tile([[0.01], [-0.02]], (10, 1))
    variance, standardised = 2.5e-4, []
    for value in returns[:, 0]:
        standardised.append(value / math.sqrt(variance))
        variance = 0.5 * variance + 0.5 * value**2
    draw = filtered_bootstrap(returns, halflife=1.0)(np.random.default_rng(0), 500)
    expected = np.array(standardised) * math.sqrt(variance)
    assert set(np.round(draw[:, 0], 12)) <= set(np.round(expected, 12))


def test_a_bootstrap_keeps_rows_together():
    one = fat_tailed(100, 1)
    draw = filtered_bootstrap(np.column_stack([one, -2 * one]))(np.random.default_rng(0), 50)
    assert draw[:, 1] == pytest.approx(-2 * draw[:, 0], rel=1e-12)


# --- the same digits


@given(st.integers(1, 12_000), st.integers(1, 4), st.integers(2100, 9000), st.booleans())
@examples(15)
def test_block_and_workers_change_no_digit(block, workers, count, in_full):
    book = {"delta": None, "gamma": None, "payoff": square_payoff} if in_full else {}
    one = simulate(n_scenarios=count, **book)
    assert simulate(n_scenarios=count, block=block, workers=workers, **book) == one
    assert math.fsum(one.component) == one.conditional_value_at_risk
    assert math.fsum(one.component_value_at_risk) == pytest.approx(one.value_at_risk, rel=1e-12)
    assert one.conditional_value_at_risk >= one.value_at_risk


def test_joblib_changes_no_digit():
    joblib = pytest.importorskip("joblib")
    one = simulate(n_scenarios=5000)
    assert simulate(n_scenarios=5000, backend="joblib", block=1000, workers=2) == one
    with joblib.parallel_config(backend="threading"):
        assert simulate(n_scenarios=5000, backend="joblib", block=2000, workers=2) == one


def test_a_payoff_valued_in_full_equals_delta_and_gamma():
    full = simulate(delta=None, gamma=None, payoff=square_payoff, n_scenarios=5000)
    assert full.component == pytest.approx(simulate(n_scenarios=5000).component, rel=1e-10)


def test_more_scenarios_begin_with_the_same_ones():
    short, long = (Draws(normal_scenarios(COVARIANCE), 3, count, 3) for count in (2000, 50_000))
    assert np.array_equal(short.atom(1), long.atom(1))
    assert not np.array_equal(long.atom(1), long.atom(2))


def test_tiles_multiply():
    left, right = fat_tailed(333, 41), fat_tailed(41, 801, seed=2)
    assert product(left, right) == pytest.approx(left @ right, rel=1e-9, abs=1e-15)
    assert product(left[:, :0], right[:0]).tolist() == np.zeros((333, 801)).tolist()


def test_memory_does_not_grow_with_scenarios_times_positions():
    """50,000 x 2,000 positions would be 800 MB."""
    loadings = np.random.default_rng(0).standard_normal((2000, 5))
    tracemalloc.start()
    monte_carlo_risk(
        loadings, scenarios=normal_scenarios(np.eye(5)), delta=np.ones(2000), n_scenarios=50_000, level=0.99, workers=1
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6


# --- labels and edges


def test_names_are_kept_and_matched():
    factors = ["rates", "equity", "oil"]
    loadings = pd.DataFrame(LOADINGS, columns=factors, index=[f"p{number}" for number in range(11)])
    covariance = pd.DataFrame(COVARIANCE, index=factors, columns=factors)
    delta = pd.Series(DELTA, index=loadings.index)
    run = functools.partial(monte_carlo_risk, loadings, gamma=GAMMA, rng=5, workers=1)
    result = run(scenarios=normal_scenarios(covariance), delta=delta[::-1])
    assert result.positions == tuple(loadings.index)
    assert result.component == simulate().component
    with pytest.raises(InvalidInputError, match=r"scenarios must draw the factors in the order of the columns"):
        run(scenarios=normal_scenarios(covariance.iloc[::-1, ::-1]), delta=delta)
    with pytest.raises(InvalidInputError, match=r"delta must name the rows of loadings, but 'p0' is in loadings only"):
        run(scenarios=normal_scenarios(covariance), delta=delta[1:])


def test_the_seed_is_told_and_gives_the_digits_again():
    fresh = simulate(rng=None)
    assert simulate(rng=fresh.seed) == fresh
    assert simulate(rng=np.random.default_rng(1)) == simulate(rng=np.random.default_rng(1))
    generator = np.random.default_rng(1)
    assert simulate(rng=generator) != simulate(rng=generator)


def test_the_result_speaks_the_common_language():
    result = simulate()
    assert repr(result) == "MonteCarloRisk(11 positions, 100000 scenarios, level=0.95)"
    assert result.to_frame()["component"].sum() == pytest.approx(result.conditional_value_at_risk, rel=1e-12)
    assert "standard error" in result.summary()
    assert "100,000 scenarios" in result._repr_html_()
    assert len(result.plot(ax=blank_axes()).patches) == 11


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"level": 95}, r"level must be in \(0\.5, 1\), got 95"),
        ({"delta": None}, r"either delta \(with gamma, if any\) or payoff must be given, not both"),
        ({"payoff": square_payoff}, r"either delta \(with gamma, if any\) or payoff must be given, not both"),
        ({"delta": [1.0]}, r"delta must be one finite number for each of the 11 rows"),
        ({"n_scenarios": 30}, r"n_scenarios must leave at least 2 beyond level 0\.95, got 30"),
        ({"workers": 0}, r"workers must be a whole number of at least 1"),
        ({"block": 0.5}, r"block must be a whole number of at least 1"),
        ({"backend": "dask"}, r"backend must be one of 'threads', 'joblib', got 'dask'"),
        ({"bandwidth": 0.1}, r"bandwidth must be at most 1 - level = 0\.05, got 0\.1"),
        ({"incremental": ("11",)}, r"incremental must name rows of loadings, got '11'"),
        ({"incremental": "3"}, r"incremental must be a sequence of names of positions, got '3'"),
        ({"incremental": ("3", 3)}, r"incremental must name each position once, got \('3', 3\)"),
        ({"rng": -1}, r"rng must be a whole number of at least 0"),
        (
            {"scenarios": lambda g, n: np.zeros((n, 2))},
            r"scenarios must return finite numbers .* \(1000, 3\), got \(1000, 2\)",
        ),
        ({"delta": None, "gamma": None, "payoff": lambda u: u[:, 0]}, r"payoff must return finite numbers"),
    ],
)
def test_what_is_refused(options, text):
    with pytest.raises(InvalidInputError, match=text):
        simulate(**options)


@of_any_size
def test_generators_refuse_what_is_no_covariance():
    with pytest.raises(InvalidInputError, match=r"covariance must be square and symmetric"):
        normal_scenarios([[1.0, 0.5], [0.4, 1.0]])
    with pytest.raises(InvalidInputError, match=r"covariance must have no negative eigenvalue, got -1"):
        normal_scenarios([[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(InvalidInputError, match=r"dof must be above 2 for a finite covariance, got 2"):
        student_t_scenarios(COVARIANCE, dof=2)
    with pytest.raises(InvalidInputError, match=r"returns needs at least 20 rows, got 3"):
        filtered_bootstrap(np.ones((3, 2)))
    with pytest.raises(InvalidInputError, match=r"returns must move in every column, but column 1 is always zero"):
        filtered_bootstrap(np.column_stack([np.ones(20), np.zeros(20)]))


def test_a_singular_covariance_is_fine():
    draw = normal_scenarios(np.ones((2, 2)))(np.random.default_rng(0), 100)
    assert draw[:, 0] == pytest.approx(draw[:, 1], rel=1e-6)


def test_a_missing_joblib_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "joblib", None)
    with pytest.raises(OptionalDependencyError, match=r"riskresearch\[parallel\]"):
        simulate(backend="joblib")
