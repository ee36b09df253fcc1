"""The calculator: the bits of the plain functions, computed once, kept, and never changed from outside."""

import inspect
import threading
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, strategies as st

import riskresearch
from riskresearch import RiskMetricsCalculator, metrics
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.kernels import _quantiles
from riskresearch.kernels.compiled import _drawdown
from riskresearch.metrics import Bootstrap
from tests.contract import (
    DATES,
    NAMES,
    VALUES,
    each_measure,
    each_number,
    fingerprint,
    frame_for,
    holed,
    polars_for,
    same,
)
from tests.examples import examples
from tests.measures import NUMBERS, benchmark_like
from tests.samples import LEVELS, fat_tailed, of_any_size, returns_arrays

pytestmark = pytest.mark.filterwarnings("ignore:.* extrapolates .* to a year")  # a few rows will do here

NOT_METHODS = {"simple_returns", "portfolio_returns"}


def calculator(data, **options):
    return RiskMetricsCalculator(data, benchmark_like(data), **options)


def of(calc, measure, **options):
    """Ask the calculator what the table of measures asks the plain function."""
    result = getattr(calc, measure.name)(**{**measure.options, **options}) if measure.name != "summary" else None
    result = calc.summary() if result is None else result
    return result if measure.field is None else getattr(result, measure.field)


# --- reference values: the plain functions


@each_measure
def test_every_measure_of_returns_is_a_method(measure):
    assert (measure.name in NOT_METHODS) != hasattr(RiskMetricsCalculator, measure.name)


@each_number
@pytest.mark.parametrize(
    "make", [frame_for, polars_for, lambda m: VALUES, lambda m: frame_for(m)["MSFT"], lambda m: VALUES[:, 1].tolist()]
)
def test_a_method_has_the_bits_type_and_labels_of_the_function(measure, make):
    data = make(measure)
    answer, plain = of(calculator(data), measure), measure(data)
    assert type(answer) is type(plain)
    assert same(answer, plain)
    if isinstance(plain, pd.Series):
        pd.testing.assert_series_equal(answer, plain)


@each_measure
def test_records_and_paths_equal_those_of_the_function_also_where_values_are_missing(measure):
    if measure.name in NOT_METHODS:
        return
    frame = holed(measure)
    calc = (RiskMetricsCalculator if measure.name == "summary" else calculator)(frame, nan_policy="omit")
    plain = measure(frame, nan_policy="omit")
    assert same(of(calc, measure), plain)
    assert same(of(calc, measure), plain)


@pytest.mark.parametrize("interval", [0.9, Bootstrap(0.9, draws=100, rng=3)])
@pytest.mark.parametrize("name", ["sharpe_ratio", "value_at_risk", "max_drawdown", "beta"])
def test_an_interval_equals_that_of_the_function(name, interval):
    data = fat_tailed(200, 2)
    (measure,) = [each for each in NUMBERS if each.name == name]
    if name != "sharpe_ratio" and not isinstance(interval, Bootstrap):
        return
    answer = of(calculator(data), measure, interval=interval)
    assert same(answer, measure(data, interval=interval))


# --- properties


@examples(25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), level=LEVELS, values=returns_arrays(min_rows=4, max_rows=40), missing=st.booleans())
def test_every_measure_in_any_order_has_the_bits_of_the_plain_function(data, level, values, missing):
    """Whatever was computed and shared before, and whatever of it was forgotten again."""
    if missing and values.shape[0] > 8:
        values[data.draw(st.integers(0, 3)), data.draw(st.integers(0, values.shape[1] - 1))] = np.nan
    rate = data.draw(st.sampled_from([0.0, 0.0001]))
    shared = {"nan_policy": "omit" if np.isnan(values).any() else "raise"}
    held = {"level": level, "risk_free": rate, "periods_per_year": 52.0}
    calc = RiskMetricsCalculator(values, benchmark_like(values), cache_size=8, **held, **shared)
    if data.draw(st.booleans()):
        calc._results._results.max_bytes = 0
    for measure in data.draw(st.permutations(NUMBERS)):
        options = {name: value for name, value in held.items() if name in _options(measure.name)}
        with warnings.catch_warnings(action="ignore", category=ConventionWarning):
            assert same(of(calc, measure), measure(values, **options, **shared)), measure.name


def _options(name):
    return inspect.signature(getattr(metrics, name)).parameters


def test_what_is_left_out_is_as_the_calculator_and_what_is_given_overrides_it():
    calc = RiskMetricsCalculator(VALUES, level=0.9, risk_free=0.0001, periods_per_year=52)
    assert same(calc.value_at_risk(), metrics.value_at_risk(VALUES, level=0.9))
    assert same(calc.value_at_risk(level=0.75), metrics.value_at_risk(VALUES, level=0.75))
    assert same(calc.sharpe_ratio(risk_free=0.0, periods_per_year=1), metrics.sharpe_ratio(VALUES, periods_per_year=1))
    assert same(calc["sharpe_ratio"], metrics.sharpe_ratio(VALUES, risk_free=0.0001, periods_per_year=52))
    assert same(calc.value_at_risk(method="normal"), metrics.value_at_risk(VALUES, level=0.9, method="normal"))


def test_a_risk_free_series_is_held():
    frame = frame_for(NUMBERS[0])
    rates = pd.Series(np.linspace(0.0, 0.001, len(frame)), index=frame.index)
    calc = RiskMetricsCalculator(frame, risk_free=rates)
    assert same(calc.sharpe_ratio(), metrics.sharpe_ratio(frame, risk_free=rates))
    assert same(calc.burke_ratio(), metrics.burke_ratio(frame, risk_free=rates))


# --- the cache


def test_the_same_question_is_answered_once_however_it_is_put():
    calc = RiskMetricsCalculator(VALUES)
    first = calc["value_at_risk"]
    for again in (calc.value_at_risk(), calc["value_at_risk"], calc.value_at_risk(level=0.95)):
        assert same(again, first)
    info = calc.cache_info()
    assert (info.hits, info.misses, info.currsize) == (3, 1, 1)
    assert same(calc.value_at_risk(method="historical"), first)  # another question, of the same shared tail
    assert calc.cache_info().shared_hits == 1
    calc.value_at_risk(level=0.9)
    assert calc.cache_info()[:2] == (3, 3)


@pytest.mark.parametrize(
    ("kernel", "module", "names"),
    [
        ("tail_risk", _quantiles, ["value_at_risk", "conditional_value_at_risk", "tail_risk"]),
        ("_run", _drawdown, ["ulcer_index", "pain_index", "average_drawdown", "burke_ratio", "drawdown", "pain_ratio"]),
        ("_run", _drawdown, ["max_drawdown", "calmar_ratio"]),
    ],
)
def test_what_measures_share_is_computed_once(monkeypatch, kernel, module, names):
    calls = []
    original = getattr(module, kernel)
    monkeypatch.setattr(module, kernel, lambda *given: calls.append(1) or original(*given))
    calc = RiskMetricsCalculator(VALUES)
    for name in names:
        getattr(calc, name)()
    assert len(calls) == 1
    assert calc.cache_info().shared_hits >= len(names) - 1
    for name in names:
        getattr(metrics, name)(VALUES)
    assert len(calls) > len(names) - 1


def test_the_cache_is_bounded_and_forgets_the_least_recently_used():
    calc = RiskMetricsCalculator(VALUES, cache_size=2)
    for name in ("skewness", "volatility", "skewness", "sharpe_ratio", "skewness", "volatility"):
        calc[name]
    info = calc.cache_info()
    assert (info.hits, info.misses, info.maxsize, info.currsize) == (2, 4, 2, 2)
    none = RiskMetricsCalculator(VALUES, cache_size=0)
    assert same(none["skewness"], none["skewness"])
    assert none.cache_info()[:4] == (0, 2, 0, 0)


def test_shared_parts_are_bounded_in_bytes_and_in_number():
    calc = RiskMetricsCalculator(fat_tailed(1000, 30), cache_size=0)
    results = calc._results._results
    for step in range(300):
        calc.downside_deviation(required_return=step * 1e-6)
        calc.value_at_risk(level=0.6 + step * 1e-3)
    assert results.bytes <= results.max_bytes
    assert len(results._kept) <= 256
    assert results.bytes == sum(
        answer.nbytes for _, answer in results._kept.values() if hasattr(answer, "nbytes")
    ) + sum(part.nbytes for _, answer in results._kept.values() if isinstance(answer, tuple) for part in answer)


def test_clearing_forgets_answers_and_counts_but_not_the_returns():
    calc = RiskMetricsCalculator(VALUES)
    before = calc["sharpe_ratio"]
    calc.cache_clear()
    assert calc.cache_info() == (0, 0, 128, 0, 0, 0)
    assert same(calc["sharpe_ratio"], before)
    assert calc.cache_info().shared_misses > 0


def test_a_bootstrap_is_kept_with_its_seed_unless_a_generator_would_have_moved_on():
    calc = RiskMetricsCalculator(fat_tailed(100, 1)[:, 0])
    first = calc.sortino_ratio(interval=0.9)
    assert calc.sortino_ratio(interval=0.9).seed == first.seed
    settings = Bootstrap(draws=100, rng=np.random.default_rng(1))
    assert calc.sortino_ratio(interval=settings).seed != calc.sortino_ratio(interval=settings).seed
    assert calc.cache_info().currsize == 1


# --- nobody changes anything


@pytest.mark.parametrize("make", [frame_for, polars_for, lambda m: VALUES.copy(), lambda m: frame_for(m)["MSFT"]])
def test_the_input_is_untouched_and_a_later_change_of_it_is_not_seen(make):
    data = make(NUMBERS[0])
    market = benchmark_like(data)
    before = fingerprint(data)
    calc = RiskMetricsCalculator(data, market)
    answers = calc["alpha"], calc["max_drawdown"]
    assert same(fingerprint(data), before) or fingerprint(data) == before
    fresh = RiskMetricsCalculator(data, market)
    if isinstance(data, pl.DataFrame):
        data[0, "MSFT"] = -0.9
    elif isinstance(data, np.ndarray):
        data[0] = -0.9
        market[0] = 0.5
    else:
        data.iloc[0] = -0.9
        market.iloc[0] = 0.5
        data.index.name = "changed"
    assert same(fresh["alpha"], answers[0])
    assert same(calc.drawdown(), fresh.drawdown())
    assert same(calc["max_drawdown"], answers[1])


def test_renaming_the_columns_afterwards_does_not_rename_the_answers():
    frame = frame_for(NUMBERS[0])
    calc = RiskMetricsCalculator(frame)
    frame.columns = ["X", "Y", "Z"]
    frame.index = frame.index[::-1]
    assert calc["volatility"].index.tolist() == NAMES
    assert calc.drawdown().index.equals(DATES)


def test_changing_an_answer_does_not_change_what_is_kept():
    calc = calculator(frame_for(NUMBERS[0]))
    for ask in (
        calc.volatility,
        lambda: calc.sharpe_ratio(interval=0.9).lower,
        lambda: calc.tail_risk().value_at_risk,
    ):
        first = ask()
        expected = first.copy()
        first.iloc[0] = 99.0
        assert same(ask(), expected)
    array = RiskMetricsCalculator(VALUES)
    array["volatility"][0] = 99.0
    assert same(array["volatility"], metrics.volatility(VALUES))
    array.drawdown()[0] = 99.0
    assert same(array.drawdown(), metrics.drawdown(VALUES))


def test_threads_get_the_same_bits_and_each_answer_is_computed_once():
    calc = calculator(fat_tailed(400, 5))
    names, found, gate = calc.measures(), [], threading.Barrier(4)

    def ask(turn):
        gate.wait()
        order = names[turn:] + names[:turn]
        found.append({name: calc[name] for name in order})

    threads = [threading.Thread(target=ask, args=(7 * turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    alone = calculator(fat_tailed(400, 5))
    for answers in found:
        assert all(same(answers[name], alone[name]) for name in names)
    assert calc.cache_info()[:2] == (3 * len(names), len(names))


# --- tables, names, refusals


def test_the_table_has_every_measure_and_the_names_of_the_columns():
    frame = frame_for(NUMBERS[0])
    calc = calculator(frame)
    table = calc.to_frame()
    assert table.columns.tolist() == NAMES
    assert table.index.tolist() == list(calc.measures())
    assert set(calc.measures()) == {m.name for m in NUMBERS if m.field is None} - {"deflated_sharpe_ratio"}
    assert same(table.loc["beta"].to_numpy(), calc["beta"].to_numpy())
    assert calc.to_frame(["volatility"]).shape == (1, 3)
    assert same(calculator(polars_for(NUMBERS[0])).to_frame().to_numpy(), table.to_numpy())
    assert RiskMetricsCalculator([0.01, -0.02, 0.03]).to_frame(["volatility"]).columns.tolist() == ["returns"]
    assert same(calc.summary(), riskresearch.summary(frame, benchmark_like(frame)))


def test_without_a_benchmark_its_measures_are_not_offered_and_say_what_they_need():
    calc = RiskMetricsCalculator(VALUES)
    assert "beta" not in calc.measures()
    with pytest.raises(InvalidInputError, match=r"benchmark must be given to RiskMetricsCalculator for beta, got None"):
        calc.beta()
    with pytest.raises(InvalidInputError, match=r"benchmark must be given"):
        calc["beta"]


@of_any_size
def test_it_refuses_what_the_functions_refuse_at_once():
    with pytest.raises(InvalidInputError, match=r"level must be in \(0\.5, 1\), got 0\.05"):
        RiskMetricsCalculator(VALUES, level=0.05)
    with pytest.raises(InvalidInputError, match=r"returns has 1 non-finite value"):
        RiskMetricsCalculator(holed(NUMBERS[0]))
    frame = frame_for(NUMBERS[0])
    with pytest.raises(InvalidInputError, match=r"benchmark must have the dates of returns"):
        RiskMetricsCalculator(frame, frame["MSFT"].iloc[1:])
    with pytest.raises(InvalidInputError, match=r"benchmark must be one series, got 3 columns"):
        RiskMetricsCalculator(frame, frame)
    with pytest.raises(InvalidInputError, match=r"cache_size must be a whole number of at least 0, got -1"):
        RiskMetricsCalculator(frame, cache_size=-1)
    with pytest.raises(InvalidInputError, match=r"measure must be one of .*Did you mean 'sharpe_ratio'"):
        RiskMetricsCalculator(frame)["sharp_ratio"]
    with pytest.raises(InvalidInputError, match=r"measures must be a sequence of names, got the text 'beta'"):
        RiskMetricsCalculator(frame).to_frame("beta")
    with pytest.raises(InvalidInputError, match=r"returns needs at least 2 rows, got 1"):
        RiskMetricsCalculator([0.01]).volatility()
    with pytest.raises(InvalidInputError, match=r"must be -1 or more to be compounded, got -1\.5 at row 1"):
        RiskMetricsCalculator([0.01, -1.5]).max_drawdown()
    with pytest.raises(TypeError, match="unexpected keyword argument 'levle'"):
        RiskMetricsCalculator(frame).value_at_risk(levle=0.9)


def test_a_doubtful_convention_warns_once_and_not_at_every_measure():
    frame = frame_for(NUMBERS[0])
    with pytest.warns(ConventionWarning) as caught:
        calc = RiskMetricsCalculator(frame, risk_free=0.06, periods_per_year=12)
    assert len(caught) == 2
    calc.to_frame()


def test_a_method_shows_the_options_of_its_function_without_its_data():
    signature = inspect.signature(calculator(VALUES).value_at_risk)
    own = ["level", "method", "quantile", "horizon", "horizon_method", "weights", "interval", "nan_policy"]
    assert list(signature.parameters) == own
    of_two = inspect.signature(calculator(VALUES).beta)
    assert list(of_two.parameters) == ["risk_free", "interval", "nan_policy"]
    assert "Return the market beta" in RiskMetricsCalculator.beta.__doc__
    assert repr(calculator(VALUES)) == (
        "RiskMetricsCalculator(12 rows, 3 assets against a benchmark, level=0.95, periods_per_year=252)"
    )
    assert "<table" in calculator(VALUES)._repr_html_()
