"""Grids of breakers: each set as it is alone, the best judged by how many were tried."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import metrics
from riskresearch.backtest import backtest_breakers, sweep_breakers
from riskresearch.breakers import BreakerSet, DrawdownBreaker, LossStreakBreaker, VolatilityBreaker
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.samples import fat_tailed

GRID = {"limit": [0.05, 0.1, 0.15], "cooldown": [2, 5, 10, 20]}


def returns_of(rows=600, seed=1):
    return pd.Series(fat_tailed(rows, 1, seed)[:, 0], index=pd.bdate_range("2015-01-01", periods=rows))


@given(st.integers(0, 1000), st.sampled_from([0.0, 0.002]))
@examples(10)
def test_each_set_is_what_it_is_alone(seed, costs):
    returns = returns_of(300, seed)
    swept = sweep_breakers(returns, DrawdownBreaker, GRID, costs=costs, draws=1, rng=1)
    frame = swept.to_frame()
    for row in (0, 5, 11):
        breaker = DrawdownBreaker(frame["limit"][row], cooldown=int(frame["cooldown"][row]))
        alone = backtest_breakers(returns, breaker, costs=costs, draws=1, rng=1)
        assert frame["final_equity"][row] == alone.equity_path[-1]
        assert frame["trips"][row] == sum(event.event == "trip" for event in alone.events)
        assert frame["time_halted"][row] == (alone.exposure != 1.0).mean()
        assert frame["max_drawdown"][row] == pytest.approx(metrics.max_drawdown(alone.net_returns), rel=1e-9)
        assert frame["sharpe_ratio"][row] == pytest.approx(
            metrics.sharpe_ratio(alone.net_returns, periods_per_year=252), rel=1e-9
        )


def test_sets_of_several_breakers_and_steps_sweep_too():
    def make(limit, streak):
        return BreakerSet([DrawdownBreaker(limit, cooldown=5), LossStreakBreaker(streak, cooldown=3)])

    returns = returns_of(300)
    swept = sweep_breakers(returns, make, {"limit": [0.05, 0.1], "streak": [3, 4]}, draws=1, rng=1)
    alone = backtest_breakers(returns, make(0.1, 3), draws=1, rng=1)
    assert swept.measures["final_equity"][2] == alone.equity_path[-1]


def test_limits_share_the_numbers_of_one_trigger():
    swept = sweep_breakers(
        returns_of(), VolatilityBreaker, {"limit": [0.1, 0.2], "window": [10, 20], "cooldown": [1]}, draws=1, rng=1
    )
    assert swept.measures["time_halted"][0] > swept.measures["time_halted"][2]


def test_heat_map_and_robustness_are_those_of_the_grid():
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, rank_by="final_equity", draws=20, rng=1)
    heat = swept.heat_map(rows="limit", columns="cooldown")
    assert heat.shape == (3, 4)
    assert heat.loc[0.1, 5] == swept.measures["final_equity"][5]
    good = swept.beats_holding().reshape(3, 4).astype(float)
    assert swept.robustness()[0] == pytest.approx((good[0, 0] + good[0, 1] + good[1, 0]) / 3.0)
    around = good[1, 1] + good[0, 1] + good[2, 1] + good[1, 0] + good[1, 2]
    assert swept.robustness()[5] == pytest.approx(around / 5.0)


@pytest.mark.parametrize("rank_by", ["final_equity", "max_drawdown", "sharpe_ratio"])
def test_the_best_is_the_best_and_is_judged_by_the_number_of_sets(rank_by):
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, rank_by=rank_by, draws=50, rng=1)
    values = swept.measures[rank_by]
    best = values.min() if rank_by == "max_drawdown" else values.max()
    chosen = swept.to_frame().query("limit == @swept.best_parameters['limit']")
    assert best in chosen[rank_by].to_numpy()
    assert swept.best.significance.trials == 12
    assert 0.0 <= swept.deflated_sharpe <= 1.0
    assert swept.summary().startswith(f"Best of 12 sets by {rank_by}")


def test_the_deflated_sharpe_ratio_is_that_of_the_metric():
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, draws=1, rng=1)
    expected = metrics.deflated_sharpe_ratio(
        swept.best.net_returns, trials=12, trial_variance=float(np.var(swept.measures["sharpe_ratio"], ddof=1)),
        periods_per_year=252,
    )  # fmt: skip
    assert swept.deflated_sharpe == expected


def test_results_speak():
    swept = sweep_breakers(returns_of(), DrawdownBreaker, GRID, draws=5, rng=1)
    assert repr(swept) == "BreakerSweep(12 sets, rank_by='sharpe_ratio')"
    assert "<table" in swept._repr_html_()
    assert swept.plot().texts
    assert len(swept.to_frame()) == 12


@pytest.mark.parametrize(
    ("make", "grid", "message"),
    [
        (DrawdownBreaker, {}, "grid must name parameters"),
        (DrawdownBreaker, {"limit": []}, "grid must name parameters"),
        (lambda limit: DrawdownBreaker(limit, scope="asset"), {"limit": [0.1]}, "make must give breakers of scope"),
        (lambda limit: limit, {"limit": [0.1]}, "breakers must be breakers"),
    ],
)
def test_mistakes_are_named(make, grid, message):
    with pytest.raises(InvalidInputError, match=message):
        sweep_breakers(returns_of(50), make, grid)


def test_a_grid_of_one_parameter_has_no_map():
    swept = sweep_breakers(returns_of(50), DrawdownBreaker, {"limit": [0.1]}, draws=1, rng=1)
    with pytest.raises(InvalidInputError, match="two parameters to be drawn"):
        swept.plot()
    with pytest.raises(InvalidInputError, match="rows and columns must be one of"):
        swept.heat_map(rows="limit", columns="window")
