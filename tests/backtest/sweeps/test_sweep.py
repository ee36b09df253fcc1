"""Sweeps: each trial is what one computes alone, the summary is that of the public tests, no digit depends on how."""

import functools
import tracemalloc
import warnings

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import metrics, sweep
from riskresearch.backtest import (
    probability_of_backtest_overfitting,
    reality_check,
    simulate,
    superior_predictive_ability,
)
from riskresearch.core import InvalidInputError, OptionalDependencyError, RiskResearchError, RiskResearchWarning
from riskresearch.plots import blank_axes
from tests.backtest.sweeps.sweep_cases import GRID, OPTIONS, Momentum, Picky, everything, prices
from tests.examples import examples


@functools.cache
def usual():
    return sweep(prices(), Momentum, GRID, **OPTIONS)


def alone(data, sizer, cost=OPTIONS["costs"]):
    """Return the account's returns of one sizer, as one writes it without a sweep."""
    weights = sizer.weights(data.pct_change().iloc[1:]).reindex(data.index, fill_value=0.0)
    return pd.Series(np.asarray(simulate(weights, data, costs=cost).returns)[-len(data) + 1 :], index=data.index[1:])


# --- reference: trial by trial, and the public tests on the matrix of all returns


def test_each_trial_is_what_it_is_alone():
    data, table = prices(), usual().to_frame()
    for trial, (target, window) in enumerate((t, w) for t in GRID["target"] for w in GRID["window"]):
        row, returns = table.loc[trial], alone(data, Momentum(target, window))
        assert (row["target"], row["window"], row["error"]) == (target, window, "")
        assert row["sharpe_ratio"] == riskresearch.sharpe_ratio(returns)
        assert row["annual_return"] == metrics.annual_return(returns)
        assert row["volatility"] == pytest.approx(metrics.volatility(returns), rel=1e-14)
        assert row["max_drawdown"] == riskresearch.max_drawdown(returns)


def test_the_selection_statistics_are_those_of_the_public_functions_on_all_returns():
    data, found = prices(), usual()
    matrix = pd.DataFrame(
        {
            str(i): alone(data, Momentum(t, w))
            for i, (t, w) in enumerate((t, w) for t in GRID["target"] for w in GRID["window"])
        }
    )
    assert found.overfitting == probability_of_backtest_overfitting(matrix, blocks=8)
    length = found.reality_check.block_length
    options = {"block_length": length, "draws": 100, "rng": 3}
    assert found.reality_check == reality_check(matrix, **options)
    assert found.superior_predictive_ability == superior_predictive_ability(matrix, **options)
    sharpe = riskresearch.sharpe_ratio(matrix)
    best = matrix[str(found.best_trial)]
    assert found.best_trial == int(sharpe.to_numpy().argmax())
    pd.testing.assert_series_equal(found.best_returns, best, check_exact=True, check_names=False, check_freq=False)
    deflated = riskresearch.deflated_sharpe_ratio(best, trials=12, trial_variance=float(np.var(sharpe, ddof=1)))
    assert found.deflated_sharpe_ratio == pytest.approx(deflated, rel=1e-12)
    settings = metrics.Bootstrap(0.9, rng=3)
    assert found.intervals[0].lower == riskresearch.sharpe_ratio(best, interval=settings).lower
    assert found.intervals[3].upper == riskresearch.max_drawdown(best, interval=settings).upper
    assert alone(data, Momentum(**found.best)).tolist() == best.tolist()


def test_universes_and_costs_are_axes_of_the_grid():
    data = prices()
    costs = {"free": 0.0, "dear": 0.01}
    found = sweep(
        data, Momentum, {"window": [5, 20]}, **OPTIONS | {"costs": costs}, assets={"pair": ["a", "c"], "b": "b"}
    )
    table = found.to_frame()
    assert table.groupby(["window", "assets", "costs"]).size().tolist() == [1] * 8
    row = table[(table["window"] == 20) & (table["assets"] == "pair") & (table["costs"] == "dear")].iloc[0]
    assert row["sharpe_ratio"] == riskresearch.sharpe_ratio(alone(data[["a", "c"]], Momentum(window=20), 0.01))
    assert (
        found.best_returns.tolist()
        == alone(
            data[["a", "c"] if table.loc[found.best_trial, "assets"] == "pair" else ["b"]], Momentum(**found.best), 0.0
        ).tolist()
    )
    each = sweep(data, Momentum, {"window": [5, 20]}, assets="each", **OPTIONS).to_frame()
    assert each["assets"].tolist() == ["a", "b", "c", "a", "b", "c"]
    assert each["sharpe_ratio"][5] == riskresearch.sharpe_ratio(alone(data[["c"]], Momentum(window=20)))


def test_warm_up_benchmark_and_lag_are_taken_to_every_trial():
    data = prices()
    market = data.pct_change().iloc[1:].mean(axis=1)
    found = sweep(data, Momentum, {"window": [5, 20]}, warm_up=40, benchmark=market, lag=2, **OPTIONS)
    matrix = []
    for window in (5, 20):
        weights = Momentum(window=window).weights(data.pct_change().iloc[1:]).reindex(data.index, fill_value=0.0)
        matrix.append(np.asarray(simulate(weights, data, lag=2, costs=0.0005).returns)[-260:])
    frame = pd.DataFrame(np.array(matrix).T, index=data.index[41:])
    assert found.observations == 260
    assert found.to_frame()["sharpe_ratio"].tolist() == riskresearch.sharpe_ratio(frame).tolist()
    options = {"block_length": found.reality_check.block_length, "draws": 100, "rng": 3}
    test = superior_predictive_ability(frame, benchmark=market.iloc[40:], **options)
    assert found.superior_predictive_ability == test
    assert found.best_returns.index.equals(data.index[41:])


# --- properties: no digit depends on how


@given(st.integers(1, 30))
@examples(6)
def test_chunks_change_no_digit(size):
    assert everything(sweep(prices(), Momentum, GRID, chunk_size=size, **OPTIONS)) == everything(usual())


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_backends_change_no_digit(backend):
    """multiprocessing stands for those that can't give results one by one, such as ray."""
    with joblib.parallel_config(backend=backend, n_jobs=2):
        assert everything(sweep(prices(), Momentum, GRID, **OPTIONS)) == everything(usual())
        assert everything(sweep(prices(), Momentum, GRID, chunk_size=5, **OPTIONS)) == everything(usual())


def test_n_jobs_alone_asks_for_workers():
    assert everything(sweep(prices(), Momentum, GRID, n_jobs=2, **OPTIONS)) == everything(usual())


def test_threads_change_no_digit():
    with riskresearch.options.context(threads=1):
        one = sweep(prices(), Momentum, GRID, **OPTIONS)
    assert everything(one) == everything(usual())


def test_arrays_and_polars_give_the_same_numbers():
    data = prices()

    def steady(target, window):
        return lambda returns: np.full(np.shape(returns), target / window)

    frames = sweep(data, steady, GRID, **OPTIONS)
    arrays = sweep(data.to_numpy(), steady, GRID, **OPTIONS)
    polars = sweep(pl.from_pandas(data.reset_index()), steady, GRID, **OPTIONS)
    for other in (arrays, polars):
        assert everything(other) == everything(frames)
    assert isinstance(arrays.best_returns, np.ndarray)
    one = sweep(data["a"], steady, GRID, **OPTIONS)
    assert everything(one) == everything(sweep(data[["a"]], steady, GRID, **OPTIONS))


def test_the_input_is_not_changed():
    data = prices()
    before, grid = data.copy(), {name: list(values) for name, values in GRID.items()}
    sweep(data, Momentum, grid, **OPTIONS)
    pd.testing.assert_frame_equal(data, before, check_exact=True)
    assert grid == GRID


def test_memory_is_flat_in_the_number_of_sets():
    """A return series is 16 kB here, so those of 60 more sets would be 1 MB."""
    data = prices(2001, 2)

    def peak(sets):
        tracemalloc.start()
        sweep(data, Momentum, {"window": range(2, 2 + sets)}, **OPTIONS | {"blocks": 2})
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    peak(2)
    assert peak(62) - peak(2) < 300_000


def test_noise_is_called_noise_and_an_edge_an_edge():
    """On independent prices momentum has no edge; on prices that drift, being long has."""
    noise = sweep(prices(1001, 3, seed=5, drift=0.0), Momentum, {"window": range(2, 22)}, **OPTIONS)
    assert noise.superior_predictive_ability.p_value > 0.05
    assert noise.deflated_sharpe_ratio < 0.95

    def long(every):
        return lambda returns: np.where(np.arange(len(returns)) % every, 0.3, -0.3)[:, None] * np.ones(returns.shape)

    grid = {"every": [2, 3, 50]}
    edge = sweep(prices(1001, 3, drift=0.002), long, grid, **OPTIONS | {"costs": 0.0})
    assert edge.superior_predictive_ability.p_value < 0.02
    assert edge.overfitting.probability == 0.0
    assert edge.deflated_sharpe_ratio > 0.95
    assert edge.best == {"every": 50}


# --- edges


def test_a_set_that_fails_is_recorded_and_the_others_go_on():
    found = sweep(prices(), Picky, GRID, **OPTIONS)
    assert found.finished == 9
    assert found.failed["window"].tolist() == [10, 10, 10]
    assert set(found.failed["error"]) == {"ValueError: ten is no window"}
    assert found.failed["sharpe_ratio"].isna().all()
    rest = sweep(prices(), Momentum, GRID | {"window": [5, 20, 40]}, **OPTIONS)
    assert found.superior_predictive_ability.p_value == rest.superior_predictive_ability.p_value
    assert found.overfitting.logit == rest.overfitting.logit
    assert found.deflated_sharpe_ratio == rest.deflated_sharpe_ratio
    assert found.summary().startswith("9 trials, 3 more failed\nDeflated Sharpe ratio")


def test_where_all_sets_fail_the_first_error_is_told():
    text = r"each of the 1 trials failed, the first with ValueError: ten is no window"
    with pytest.raises(InvalidInputError, match=text):
        sweep(prices(), Picky, {"window": [10]}, **OPTIONS)


def test_a_single_trial_has_no_overfitting_to_speak_of():
    found = sweep(prices(), Momentum, {"window": [20]}, **OPTIONS)
    assert found.overfitting is None
    assert "not known" in found.summary()
    assert found.deflated_sharpe_ratio == riskresearch.probabilistic_sharpe_ratio(found.best_returns)


def test_a_sizer_that_never_trades_is_never_the_best():
    found = sweep(prices(), Momentum, {"target": [0.0, 0.1]}, **OPTIONS)
    assert np.isnan(found.to_frame()["sharpe_ratio"][0])
    assert found.best == {"target": 0.1}
    nothing = sweep(prices(), Momentum, {"target": [0.0]}, **OPTIONS)
    assert nothing.superior_predictive_ability.p_value == 1.0
    assert np.isnan(nothing.deflated_sharpe_ratio)


def test_a_sizer_that_is_not_repeatable_is_found_out():
    rng = np.random.default_rng(1)
    with pytest.raises(RiskResearchError, match=r"the sizer must repeat its weights for the same returns"):
        sweep(
            prices(), lambda share: lambda returns: rng.normal(share, 1.0, returns.shape), {"share": [0.0]}, **OPTIONS
        )


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda share: 3.0, r"sizer must return a sizer or a function of the returns, got float"),
        (lambda share: lambda returns: returns.to_numpy()[1:], r"weights of the shape of the returns, \(300, 3\)"),
        (lambda share: lambda returns: returns.shift(1, freq="D"), r"weights with the index of the returns"),
        (lambda other: None, r"TypeError: .*unexpected keyword argument 'share'"),
    ],
)
def test_what_a_sizer_may_not_return(make, text):
    with pytest.raises(InvalidInputError, match=text):
        sweep(prices(), make, {"share": [1.0]}, **OPTIONS)


@pytest.mark.parametrize(
    ("grid", "options", "text"),
    [
        ({}, {}, r"grid must name at least one parameter, got an empty mapping"),
        ({"window": []}, {}, r"grid must hold at least one value of 'window', got none: there is nothing to run"),
        ({"window": "20"}, {}, r"grid must list the values of 'window', got '20'\. One value is \['20'\]"),
        ({"window": 20}, {}, r"grid must list the values of 'window', got 20"),
        ({"costs": [1]}, {}, r"grid must name arguments of the sizer, none of assets, costs, .* got 'costs'"),
        ([{"window": 1}], {}, r"grid must be a mapping of names to values, got list"),
        (GRID, {"assets": "all"}, r"assets must be None, 'each' or a mapping, got 'all'"),
        (GRID, {"assets": {"x": ["z"]}}, r"assets must list columns of prices, but 'x' has 'z'"),
        (GRID, {"assets": {"x": []}}, r"assets must list columns of prices, but 'x' has no column at all"),
        (GRID, {"costs": {}}, r"costs must hold at least one set of costs"),
        (GRID, {"simulation": {"lag": 2}}, r"simulation must leave 'lag' to the sweep"),
        (GRID, {"warm_up": 290}, r"prices and warm_up must leave 16 returns for 8 blocks, got 10"),
        (GRID, {"blocks": 7}, r"blocks must be even and at most 20, got 7"),
        (GRID, {"draws": 5}, r"draws must be a whole number of at least 100, got 5"),
        (GRID, {"chunk_size": 0}, r"chunk_size must be a whole number of at least 1, got 0"),
        (GRID, {"lag": -1}, r"lag must be a whole number of at least 0, got -1"),
        (GRID, {"interval": 95}, r"interval must be in \(0, 1\), got 95"),
        (
            GRID,
            {"fill_prices": np.ones((3, 3))},
            r"fill_prices must have the shape of prices, \(301, 3\), got \(3, 3\)",
        ),
        (GRID, {"block_length": 0.1}, r"block_length must be at least 1 row"),
    ],
)
def test_what_is_refused(grid, options, text):
    with pytest.raises(InvalidInputError, match=text):
        sweep(prices(), Momentum, grid, **OPTIONS | options)


def test_no_sizer_and_bad_prices_are_refused():
    with pytest.raises(InvalidInputError, match=r"sizer must be a class or function of the parameters, got 3"):
        sweep(prices(), 3, GRID, **OPTIONS)
    bad = prices()
    bad.iloc[7, 1] = -1.0
    with pytest.raises(InvalidInputError, match=r"prices must be positive, got -1 at 2020-01-10 in column 'b'"):
        sweep(bad, Momentum, GRID, **OPTIONS)


def test_a_missing_joblib_is_named_only_where_it_is_asked_for(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "joblib", None)
    with pytest.raises(OptionalDependencyError, match=r"n_jobs=2 needs .*riskresearch\[parallel\]"):
        sweep(prices(), Momentum, GRID, n_jobs=2, **OPTIONS)


def test_workers_that_fail_again_and_again_end_the_sweep():
    def doomed(window):
        return lambda returns: returns * window

    doomed.lock = __import__("threading").Lock()  # can't be sent to another process
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(RiskResearchError, match=r"the workers failed 3 times without a result, 2 jobs are left"):
            sweep(prices(), doomed, {"window": [1, 2]}, n_jobs=2, **OPTIONS)
    assert {warning.category for warning in caught} == {RiskResearchWarning}
    assert len(caught) == 2


def test_progress_counts_sets(capsys):
    with riskresearch.options.context(progress=True):
        sweep(prices(), Momentum, GRID, **OPTIONS)
    assert "12/12" in capsys.readouterr().err


def test_the_result_speaks_the_common_language():
    found = usual()
    assert repr(found) == f"Sweep(12 trials, deflated Sharpe ratio {found.deflated_sharpe_ratio:.4g})"
    text = found.summary()
    order = [
        "Deflated Sharpe",
        "overfitting",
        "Reality check",
        "Superior predictive",
        "sharpe ratio",
        "turnover",
        "CSCV",
    ]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert "<table" in found._repr_html_()
    assert found.to_frame() is not found.trials
    ax = found.plot(ax=blank_axes())
    shown = {text.get_position(): text.get_text() for text in ax.texts}
    table = found.to_frame().pivot(index="window", columns="target", values="sharpe_ratio")
    for (column, row), number in shown.items():
        assert number.replace("−", "-") == f"{table.iloc[row, column]:.2f}"
    assert len(shown) == 12
    assert len(found.plot(ax=blank_axes(), x="window", y="window").texts) == 4
    assert len(sweep(prices(), Momentum, {"window": [5, 9]}, **OPTIONS).plot(ax=blank_axes()).texts) == 2
    with pytest.raises(InvalidInputError, match=r"x must be one of 'target', 'window', got 'halflife'"):
        found.plot(x="halflife")
