"""Whatever draws at random draws the same without being told a seed, and shows the seed that it used."""

import dataclasses
import inspect

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch import backtest, metrics, portfolio, posttrade, sizing
from riskresearch.breakers import DrawdownBreaker
from tests.samples import fat_tailed
from tests.test_public_api import OBJECTS

DATES = pd.bdate_range("2015-01-01", periods=500, name="date")
RETURNS = pd.DataFrame(fat_tailed(500, 3) + 0.0005, index=DATES, columns=["fund", "spy", "gold"])
FUND, SPY = RETURNS["fund"], RETURNS["spy"]
PRICES = 100.0 * (1.0 + RETURNS).cumprod()
ORDERS = pd.DataFrame({"order": range(40), "asset": "spy", "units": 5.0, "decided": DATES[:40], "filled": 5.0})
ORDERS["average_price"] = 100.0 + np.arange(40) % 7
FILLS = pd.DataFrame({"asset": "spy", "time": DATES[:400:5], "units": 5.0, "price": PRICES["spy"].iloc[:400:5]})
EXPOSURE = np.repeat([1.0, 0.0, 1.0, 0.0, 1.0], 100)


def constant(share):
    return lambda prices: prices * 0.0 + share


def first_rows(returns):
    return returns.expanding().mean()


CALLS = {
    "Bootstrap": lambda **rng: metrics.value_at_risk(FUND, interval=metrics.Bootstrap(**rng)),
    "monte_carlo_risk": lambda **rng: portfolio.monte_carlo_risk(
        np.eye(2), scenarios=portfolio.normal_scenarios(np.eye(2) * 1e-4), delta=[1.0, 1.0], n_scenarios=2000, **rng
    ),
    "drawdown_risk": lambda **rng: sizing.drawdown_risk(
        RETURNS, [0.3, 0.3, 0.3], drawdown=0.1, periods=50, paths=200, **rng
    ),
    "continuous_kelly_weights": lambda **rng: sizing.continuous_kelly_weights(
        [0.05], [[0.04]], observations=50, confidence=0.9, **rng
    ),
    "transaction_costs": lambda **rng: posttrade.transaction_costs(ORDERS, market=PRICES, **rng),
    "markouts": lambda **rng: posttrade.markouts(FILLS, market=PRICES, unit="bars", horizons=[1, 5], **rng),
    "kelly_weights": lambda **rng: sizing.kelly_weights(RETURNS[["gold"]], confidence=0.9, **rng),
    "backtest_breakers": lambda **rng: backtest.backtest_breakers(FUND, DrawdownBreaker(0.05, cooldown=5), **rng),
    "check_no_lookahead": lambda **rng: backtest.check_no_lookahead(FUND, first_rows, **rng),
    "factor_attribution": lambda **rng: posttrade.factor_attribution(FUND, fat_tailed(500, 13, seed=9), **rng).shapley,
    "halt_significance": lambda **rng: backtest.halt_significance(FUND, EXPOSURE, **rng),
    "reality_check": lambda **rng: backtest.reality_check(RETURNS, draws=100, **rng),
    "superior_predictive_ability": lambda **rng: backtest.superior_predictive_ability(RETURNS, draws=100, **rng),
    "sweep": lambda **rng: backtest.sweep(PRICES, constant, {"share": [0.2, 0.3, 0.5]}, blocks=4, draws=100, **rng),
    "sweep_breakers": lambda **rng: backtest.sweep_breakers(
        FUND, DrawdownBreaker, {"limit": [0.05, 0.1], "cooldown": [5]}, selection=False, **rng
    ),
}
"""How each public function that draws is called; `test_every_function_that_draws_is_here` finds them by signature."""


def with_rng():
    found = {}
    for name, target in OBJECTS.items():
        if inspect.isclass(target) and not dataclasses.is_dataclass(target):
            continue
        if "rng" in inspect.signature(target).parameters:
            found[name.rpartition(".")[2]] = target
    return found


def test_every_function_that_draws_is_here():
    assert set(with_rng()) == set(CALLS)


@pytest.mark.parametrize(("name", "target"), with_rng().items())
def test_the_default_is_a_stated_seed(name, target):
    assert inspect.signature(target).parameters["rng"].default == 0
    assert "rng" in (target.__doc__ or "")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.filterwarnings("ignore::riskresearch.core.RiskResearchWarning")
def test_a_second_call_without_a_seed_gives_the_same(name):
    one, two, seeded = CALLS[name](), CALLS[name](), CALLS[name](rng=0)
    assert alike(one, two)
    assert alike(one, seeded)


def alike(one, other):
    """Whether two results are equal to the last bit, field by field."""
    if dataclasses.is_dataclass(one):
        names = [each.name for each in dataclasses.fields(one)]
        return all(alike(getattr(one, name), getattr(other, name)) for name in names)
    if isinstance(one, pd.Series | pd.DataFrame | pd.Index):
        return one.equals(other)
    if isinstance(one, np.ndarray):
        return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, dict):
        return list(one) == list(other) and all(alike(one[name], other[name]) for name in one)
    if isinstance(one, tuple | list):
        return len(one) == len(other) and all(map(alike, one, other))
    if hasattr(one, "over_time"):  # the labels of the data
        return type(one) is type(other)
    return callable(one) or one == other or (one != one and other != other)


WITH_INTERVAL = [
    name
    for name, each in metrics._all_measures.MEASURES.items()
    if each.answer == "number" and each.has_interval and not each.needs
]


@pytest.mark.parametrize("name", WITH_INTERVAL)
@pytest.mark.filterwarnings("ignore::riskresearch.core.RiskResearchWarning")
def test_an_interval_of_a_number_alone_is_the_same_twice(name):
    measure = metrics._all_measures.MEASURES[name]
    data = (FUND, SPY) if measure.benchmark else (FUND,)
    one, two = (measure.function(*data, interval=0.9) for _ in range(2))
    assert (one.lower, one.upper, one.seed) == (two.lower, two.upper, two.seed)
    assert one.seed in (0, None)
    assert one.seed is None or "seed 0" in one.summary()


def test_the_sharpe_ratio_against_spys_has_one_p_value():
    one, two = (rr.sharpe_ratio_difference(FUND, SPY) for _ in range(2))
    assert (one.p_value, one.lower, one.upper) == (two.p_value, two.lower, two.upper)
    assert repr(one).endswith(f"p_value={one.p_value:.4g})")
    assert "seed 0" in one.summary()
    other = rr.sharpe_ratio_difference(FUND, SPY, interval=metrics.Bootstrap(rng=None))
    again = rr.sharpe_ratio_difference(FUND, SPY, interval=metrics.Bootstrap(rng=other.seed))
    assert (other.seed > 0, other.p_value) == (True, again.p_value)
