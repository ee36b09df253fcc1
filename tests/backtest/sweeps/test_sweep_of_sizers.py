"""Sweeps of the library's own sizers through its own simulator, on the bundled prices."""

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics, sweep
from riskresearch.accounts import Costs
from riskresearch.backtest import simulate
from riskresearch.datasets import load
from riskresearch.sizing import RiskParitySizer, VolatilityPositionSizer
from tests.backtest.sweeps.sweep_cases import everything, prices

GRID = {"target": [0.05, 0.1], "halflife": [10.0, 33.0, 60.0], "scope": ["asset", "portfolio"]}
OPTIONS = {"blocks": 8, "draws": 100, "rng": 3, "warm_up": 60}


@pytest.fixture(scope="module")
def stocks():
    return load("equities_adj_close").iloc[-700:, :6].dropna(axis=1)


def alone(data, sizer, **options):
    weights = sizer.weights(riskresearch.simple_returns(data)).reindex(data.index, fill_value=0.0)
    return simulate(weights, data, **options)


def test_volatility_targets_are_what_they_are_alone(stocks):
    costs = {"free": 0.0, "real": Costs(commission=0.0001, half_spread=0.0005)}
    simulation = {"capital": 1e6, "rebalance": 0.01}
    found = sweep(stocks, VolatilityPositionSizer, GRID, costs=costs, simulation=simulation, **OPTIONS)
    table = found.to_frame()
    assert len(table) == 24
    assert set(table["error"]) == {""}
    for trial in (0, 9, 23):
        row = table.loc[trial]
        sizer = VolatilityPositionSizer(target=row["target"], halflife=row["halflife"], scope=row["scope"])
        result = alone(stocks, sizer, costs=costs[row["costs"]], **simulation)
        returns = result.returns.iloc[61:]
        assert row["sharpe_ratio"] == riskresearch.sharpe_ratio(returns)
        assert row["annual_return"] == metrics.annual_return(returns)
        assert row["turnover"] == pytest.approx(result.turnover.iloc[61:].mean() * 252, rel=1e-12)
    free = table[table["costs"] == "free"]["annual_return"].to_numpy()
    assert (free > table[table["costs"] == "real"]["annual_return"].to_numpy()).all()
    again = alone(
        stocks, VolatilityPositionSizer(**found.best), costs=costs[table["costs"][found.best_trial]], **simulation
    )
    np.testing.assert_array_equal(again.returns.iloc[61:], found.best_returns)


def test_workers_and_store_change_no_digit_of_real_sizers(stocks, tmp_path):
    one = sweep(stocks, VolatilityPositionSizer, GRID, costs=0.0005, **OPTIONS)
    two = sweep(stocks, VolatilityPositionSizer, GRID, costs=0.0005, n_jobs=2, store=tmp_path, **OPTIONS)
    assert everything(one) == everything(two)
    assert everything(
        sweep(stocks, VolatilityPositionSizer, GRID, costs=0.0005, store=tmp_path, **OPTIONS)
    ) == everything(one)


def test_a_sizer_that_optimises_is_swept(stocks):
    grid = {"window": [60, 120], "rebalance_every": [21, 63, 0]}
    found = sweep(stocks, RiskParitySizer, grid, costs=0.0005, **OPTIONS)
    assert found.finished == 4
    assert found.failed["rebalance_every"].tolist() == [0, 0]
    assert found.failed["error"].str.contains("InvalidInputError: rebalance_every must").all()


@pytest.mark.filterwarnings("ignore:weights has sizes:riskresearch.core.ConventionWarning")
def test_a_bankrupt_account_is_a_trial_that_lost_everything():
    """Leaving it out would hide a loser, and make the others look better chosen."""
    data = prices(301, 2, seed=4)

    def constant(share):
        return lambda returns: pd.DataFrame(share, index=returns.index, columns=returns.columns)

    found = sweep(data, constant, {"share": [0.5, 40.0]}, blocks=8, draws=100, rng=1)
    broken = found.to_frame().loc[1]
    assert broken["error"] == ""
    assert (broken["annual_return"], broken["max_drawdown"]) == (-1.0, 1.0)
    assert found.best == {"share": 0.5}
