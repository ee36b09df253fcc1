"""Sweeps of breakers: each set as it is alone, the best tested by how many were tried, by the engine of all sweeps."""

import functools
from dataclasses import dataclass

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, strategies as st

import riskresearch
from riskresearch import metrics
from riskresearch.backtest import (
    backtest_breakers,
    probability_of_backtest_overfitting,
    reality_check,
    superior_predictive_ability,
    sweep_breakers,
)
from riskresearch.backtest.sweeps._fingerprint import fingerprint
from riskresearch.breakers import BreakerSet, DrawdownBreaker, LossStreakBreaker, VolatilityBreaker
from riskresearch.core import InvalidInputError
from riskresearch.plots import blank_axes
from tests.backtest.sweeps.sweep_cases import everything
from tests.examples import examples
from tests.samples import fat_tailed

GRID = {"limit": [0.05, 0.1, 0.15], "cooldown": [2, 5, 10, 20]}
QUICK = {"selection": False, "halt_draws": 1, "rng": 1}
TESTED = {"blocks": 4, "draws": 100, "halt_draws": 20, "rng": 1, "interval": 0.9}


def returns_of(rows=600, seed=1):
    return pd.Series(fat_tailed(rows, 1, seed)[:, 0], index=pd.bdate_range("2015-01-01", periods=rows))


@functools.cache
def usual():
    return sweep_breakers(returns_of(), DrawdownBreaker, GRID, **TESTED)


@dataclass(frozen=True)
class Picky:
    """Make drawdown breakers, but not with a limit of 0.1."""

    limit: float
    cooldown: int

    def __new__(cls, limit, cooldown):
        if limit == 0.1:
            raise ValueError("a tenth is no limit")
        return DrawdownBreaker(limit, cooldown=cooldown)


# --- reference: set by set, and the public tests on the matrix of all returns


@given(st.integers(0, 1000), st.sampled_from([0.0, 0.002]))
@examples(10)
def test_each_set_is_what_it_is_alone(seed, costs):
    returns = returns_of(300, seed)
    frame = sweep_breakers(returns, DrawdownBreaker, GRID, costs=costs, **QUICK).to_frame()
    for row in (0, 5, 11):
        breaker = DrawdownBreaker(frame["limit"][row], cooldown=int(frame["cooldown"][row]))
        alone = backtest_breakers(returns, breaker, costs=costs, draws=1, rng=1)
        net = np.asarray(alone.net_returns)
        assert frame["final_equity"][row] == alone.path.equity_path[-1]
        assert frame["trips"][row] == sum(event.event == "trip" for event in alone.events)
        assert frame["time_halted"][row] == (np.asarray(alone.exposure) != 1.0).mean()
        assert frame["max_drawdown"][row] == pytest.approx(metrics.max_drawdown(net), rel=1e-9)
        assert frame["sharpe_ratio"][row] == pytest.approx(metrics.sharpe_ratio(net, periods_per_year=252), rel=1e-9)


def test_the_selection_statistics_are_those_of_the_public_functions_on_all_returns():
    returns, found = returns_of(), usual()
    sets = [(limit, cooldown) for limit in GRID["limit"] for cooldown in GRID["cooldown"]]
    alone = [backtest_breakers(returns, DrawdownBreaker(a, cooldown=b), draws=1, rng=1).net_returns for a, b in sets]
    matrix = pd.DataFrame({str(number): np.asarray(one) for number, one in enumerate(alone)}, index=returns.index)
    assert found.overfitting == probability_of_backtest_overfitting(matrix, blocks=4)
    plain = backtest_breakers(returns, DrawdownBreaker(0.99), draws=1, rng=1).net_returns
    benchmark = pd.Series(np.asarray(plain), index=returns.index, name="the strategy without breakers")
    options = {"benchmark": benchmark, "block_length": found.reality_check.block_length, "draws": 100, "rng": 1}
    assert found.reality_check == reality_check(matrix, **options)
    assert found.superior_predictive_ability == superior_predictive_ability(matrix, **options)
    best = matrix[str(found.best_trial)]
    pd.testing.assert_series_equal(found.best_returns, best, check_exact=True, check_names=False, check_freq=False)
    expected = metrics.deflated_sharpe_ratio(
        best, trials=12, trial_variance=float(np.var(found.trials["sharpe_ratio"], ddof=1)), periods_per_year=252
    )
    assert found.deflated_sharpe_ratio == expected
    assert found.unhalted["sharpe_ratio"] == pytest.approx(metrics.sharpe_ratio(benchmark, periods_per_year=252))


def test_sets_of_several_breakers_and_steps_sweep_too():
    def make(limit, streak):
        return BreakerSet([DrawdownBreaker(limit, cooldown=5), LossStreakBreaker(streak, cooldown=3)])

    returns = returns_of(300)
    swept = sweep_breakers(returns, make, {"limit": [0.05, 0.1], "streak": [3, 4]}, **QUICK)
    alone = backtest_breakers(returns, make(0.1, 3), draws=1, rng=1)
    assert swept.trials["final_equity"][2] == alone.path.equity_path[-1]


def test_limits_share_the_numbers_of_one_trigger():
    grid = {"limit": [0.1, 0.2], "window": [10, 20], "cooldown": [1]}
    swept = sweep_breakers(returns_of(), VolatilityBreaker, grid, **QUICK)
    assert swept.trials["time_halted"][0] > swept.trials["time_halted"][2]


# --- properties: no digit depends on how


@pytest.mark.parametrize("how", [{"chunk_size": 5}, {"n_jobs": 2}])
def test_no_digit_depends_on_how(how):
    with joblib.parallel_config(backend="threading"):
        found = sweep_breakers(returns_of(), DrawdownBreaker, GRID, **TESTED | how)
    assert everything(found) == everything(usual())
    assert found.best_backtest.summary() == usual().best_backtest.summary()


def test_the_compiled_loop_makes_the_same_table_as_the_account_of_each_set():
    found = sweep_breakers(returns_of(), DrawdownBreaker, GRID, **TESTED | {"selection": False})
    pd.testing.assert_frame_equal(found.trials, usual().trials, check_exact=True)
    assert found.best_backtest.summary() == usual().best_backtest.summary()


def test_polars_give_the_same_numbers():
    returns = returns_of()
    polars = pl.DataFrame({"date": returns.index, "returns": returns.to_numpy()})
    found = sweep_breakers(polars, DrawdownBreaker, GRID, **TESTED)
    assert isinstance(found.best_returns, pl.DataFrame)
    assert found.best_returns["returns"].to_list() == usual().best_returns.tolist()
    assert everything(found)[3:] == everything(usual())[3:]


def test_a_store_is_read_instead_of_running_and_refuses_other_breakers(tmp_path, monkeypatch):
    options = TESTED | {"store": tmp_path, "chunk_size": 5}
    first = sweep_breakers(returns_of(), DrawdownBreaker, GRID, **options)
    assert everything(first) == everything(usual())
    sorted(tmp_path.glob("part-*.rows.*"))[-1].unlink()
    ran = []
    monkeypatch.setattr(
        "riskresearch.backtest.sweeps._breaker_trials.BreakerTrials.run_job",
        lambda trials, job, run=riskresearch.backtest.sweeps._breaker_trials.BreakerTrials.run_job: (
            ran.append(job) or run(trials, job)
        ),
    )
    assert everything(sweep_breakers(returns_of(), DrawdownBreaker, GRID, **options)) == everything(first)
    assert 0 < len(ran) <= 5
    for change, what in (({"costs": 0.01}, "set of costs"), ({"lag": 2}, "setting"), ({"draws": 101}, "setting")):
        with pytest.raises(InvalidInputError, match=f"holds the results of another sweep, with another {what}"):
            sweep_breakers(returns_of(), DrawdownBreaker, GRID, **options | change)
    with pytest.raises(InvalidInputError, match="another code of the breakers"):
        sweep_breakers(returns_of(), Picky, GRID, **options)
    assert fingerprint(DrawdownBreaker) != fingerprint(Picky)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_store_keeps_the_compiled_loop_too(tmp_path, monkeypatch, kind):
    if kind == "csv":
        monkeypatch.setattr("riskresearch.backtest.sweeps._store.find_spec", lambda name: None)
    one = sweep_breakers(returns_of(), DrawdownBreaker, GRID, store=tmp_path, **QUICK)
    again = sweep_breakers(returns_of(), DrawdownBreaker, GRID, store=tmp_path, **QUICK)
    pd.testing.assert_frame_equal(one.trials, again.trials, check_exact=True)


# --- the result


def test_heat_map_and_robustness_are_those_of_the_grid():
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, rank_by="final_equity", **QUICK)
    heat = swept.heat_map("cooldown", "limit")
    assert heat.shape == (3, 4)
    assert heat.loc[0.1, 5] == swept.trials["final_equity"][5]
    good = swept.beats_unhalted().reshape(3, 4).astype(float)
    assert swept.robustness()[0] == pytest.approx((good[0, 0] + good[0, 1] + good[1, 0]) / 3.0)
    around = good[1, 1] + good[0, 1] + good[2, 1] + good[1, 0] + good[1, 2]
    assert swept.robustness()[5] == pytest.approx(around / 5.0)
    assert swept.to_frame()["robustness"].tolist() == swept.robustness().tolist()


@pytest.mark.parametrize("rank_by", ["final_equity", "max_drawdown", "sharpe_ratio"])
def test_the_best_is_the_best_and_is_judged_by_the_number_of_sets(rank_by):
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, rank_by=rank_by, **QUICK | {"halt_draws": 50})
    values = swept.trials[rank_by]
    assert values[swept.best_trial] == (values.min() if rank_by == "max_drawdown" else values.max())
    assert swept.best == {name: swept.trials[name][swept.best_trial] for name in GRID}
    assert swept.best_backtest.significance.trials == 12
    assert 0.0 <= swept.deflated_sharpe_ratio <= 1.0
    assert swept.summary().startswith(f"Best of 12 sets by {rank_by}")
    assert "selection=False" in swept.summary()


def test_results_speak():
    swept = usual()
    assert repr(swept) == f"Sweep(12 trials, deflated Sharpe ratio {swept.deflated_sharpe_ratio:.4g})"
    assert "<table" in swept._repr_html_()
    assert len(swept.plot(ax=blank_axes()).texts) == 12
    text = swept.summary()
    order = [
        "Best of 12 sets",
        "of the sets beat",
        "12 trials",
        "Deflated Sharpe",
        "overfitting",
        "Reality check",
        "CSCV",
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    one = sweep_breakers(returns_of(50), DrawdownBreaker, {"limit": [0.1]}, **QUICK)
    assert len(one.plot(ax=blank_axes()).texts) == 1
    with pytest.raises(InvalidInputError, match="x must be one of 'limit', got 'window'"):
        one.heat_map("window")


# --- edges


def test_a_set_that_fails_is_recorded_and_the_others_go_on():
    found = sweep_breakers(returns_of(), Picky, GRID, **TESTED)
    assert found.failed["limit"].tolist() == [0.1] * 4
    assert set(found.failed["error"]) == {"ValueError: a tenth is no limit"}
    rest = sweep_breakers(returns_of(), DrawdownBreaker, GRID | {"limit": [0.05, 0.15]}, **TESTED)
    assert found.superior_predictive_ability.p_value == rest.superior_predictive_ability.p_value
    assert found.deflated_sharpe_ratio == rest.deflated_sharpe_ratio
    assert found.best_backtest.significance.trials == 8
    quick = sweep_breakers(returns_of(), Picky, GRID, **QUICK)
    pd.testing.assert_frame_equal(quick.trials, found.trials, check_exact=True)


@pytest.mark.parametrize(
    ("make", "grid", "message"),
    [
        (DrawdownBreaker, {}, "grid must name at least one parameter"),
        (DrawdownBreaker, {"limit": []}, "grid must hold at least one value of 'limit'"),
        (DrawdownBreaker, {"trips": [1]}, "grid must name arguments of the breakers, none of robustness"),
        (DrawdownBreaker, {"limt": [0.1]}, "breakers must work for at least one set .* the first with TypeError"),
        (lambda limit: DrawdownBreaker(limit, scope="asset"), {"limit": [0.1]}, "breakers must be of scope"),
        (lambda limit: limit, {"limit": [0.1]}, "breakers must be breakers"),
        (DrawdownBreaker(0.1), {"limit": [0.1]}, "breakers must be a class or function of the parameters"),
    ],
)
def test_mistakes_are_named(make, grid, message):
    with pytest.raises(InvalidInputError, match=message):
        sweep_breakers(returns_of(50), make, grid, **QUICK)


def test_a_history_that_is_too_short_for_the_tests_is_refused():
    with pytest.raises(InvalidInputError, match=r"returns must leave 32 returns .* got 20\..*selection=False"):
        sweep_breakers(returns_of(20), DrawdownBreaker, GRID)


def test_a_sweep_of_sizers_has_no_strategy_without_breakers():
    prices = np.cumprod(1.0 + fat_tailed(200, 2, 1), axis=0)
    found = riskresearch.sweep(prices, lambda share: lambda r: np.full(r.shape, share), {"share": [0.1, 0.2]},
                               selection=False)  # fmt: skip
    assert found.reality_check is None
    assert found.unhalted is None
    with pytest.raises(InvalidInputError, match="sweep must be of breakers"):
        found.robustness()
