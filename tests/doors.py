"""Every public entry for data and for what goes beside it: a call with one argument each, the others sound."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from riskresearch import align, backtest, breakers, metrics, models, portfolio, sizing
from riskresearch.core import over_history
from riskresearch.plots import blank_axes, plot_bars, plot_distribution, plot_growth, plot_histogram, plot_underwater
from riskresearch.report import build_report
from tests.hostile import FRAME, SERIES
from tests.measures import CALLABLE, INTERVALS, PORTFOLIOS, Measure, function_of

PRICES = 100.0 * (1.0 + FRAME).cumprod()
LONG = pd.DataFrame(
    np.random.default_rng(1).normal(0.0, 0.01, (120, 2)),
    index=pd.bdate_range("2020-01-01", periods=120),
    columns=["A", "B"],
)
LONG_PRICES = 100.0 * (1.0 + LONG).cumprod()
COVARIANCE = pd.DataFrame([[0.04, 0.01], [0.01, 0.09]], index=["A", "B"], columns=["A", "B"])
HALVES = {"A": 0.5, "B": 0.5}
TARGETS = FRAME * 0.0 + 0.5
STOP = [breakers.DrawdownBreaker(0.1)]
Door = Callable[[Any], Any]


def _of_measure(measure: Measure, argument: str) -> Door:
    sound = {"weights": HALVES, "shocks": {"A": -0.1}}
    options = {name: sound.get(name, value) for name, value in measure.options.items()}
    function = function_of(measure.name)
    if argument == "benchmark":
        return lambda data: function(FRAME, benchmark=data, **options)
    if measure.benchmark:
        return lambda data: function(data, benchmark=SERIES, **options)
    return lambda data: function(data, **options)


def _of_measures() -> dict[str, Door]:
    found = {}
    for measure in (*CALLABLE, *INTERVALS, *PORTFOLIOS):
        for argument in ("returns", "benchmark") if measure.benchmark else ("returns",):
            found[f"{measure.title}: {argument}"] = _of_measure(measure, argument)
    return found


METRICS: dict[str, Door] = {
    "value_at_risk: level": lambda data: metrics.value_at_risk(FRAME, level=data),
    "value_at_risk: weights": lambda data: metrics.value_at_risk(FRAME, weights=data),
    "volatility: periods_per_year": lambda data: metrics.volatility(FRAME, periods_per_year=data),
    "volatility: nan_policy": lambda data: metrics.volatility(FRAME, nan_policy=data),
    "sharpe_ratio: risk_free": lambda data: metrics.sharpe_ratio(FRAME, risk_free=data),
    "sortino_ratio: required_return": lambda data: metrics.sortino_ratio(FRAME, required_return=data),
    "rolling: window": lambda data: metrics.rolling(FRAME, "volatility", window=data),
    "portfolio_returns: weights": lambda data: metrics.portfolio_returns(FRAME, weights=data),
    "range_volatility: close": lambda data: metrics.range_volatility(data, high=PRICES, low=PRICES),
    "range_volatility: high": lambda data: metrics.range_volatility(PRICES, high=data, low=PRICES),
    "RiskMetricsCalculator: returns": lambda data: metrics.RiskMetricsCalculator(data).sharpe_ratio(),
    "RiskMetricsCalculator: benchmark": lambda data: metrics.RiskMetricsCalculator(FRAME, benchmark=data).beta(),
    "RiskMetricsCalculator: risk_free": lambda data: metrics.RiskMetricsCalculator(FRAME, risk_free=data),
    "align: data": lambda data: align(data, SERIES),
    "align: benchmark": lambda data: align(FRAME, data),
    "align: how": lambda data: align(FRAME, SERIES, how=data),
    "Online: row": lambda data: metrics.Online("volatility", window=3).start(2).update(data),
    "Online: history": lambda data: over_history(metrics.Online("volatility", window=3), data),
}
PORTFOLIO: dict[str, Door] = {
    "PortfolioRiskMetrics: returns": lambda data: portfolio.PortfolioRiskMetrics(data, HALVES),
    "PortfolioRiskMetrics: weights": lambda data: portfolio.PortfolioRiskMetrics(FRAME, data),
    "PortfolioRiskMetrics: benchmark": lambda data: portfolio.PortfolioRiskMetrics(FRAME, HALVES, benchmark=data),
    "PortfolioRiskMetrics: factors": lambda data: portfolio.PortfolioRiskMetrics(FRAME, HALVES, factors=data),
    "risk_contributions: weights": lambda data: portfolio.risk_contributions(FRAME, weights=data),
    "risk_contributions: factors": lambda data: portfolio.risk_contributions(FRAME, weights=HALVES, factors=data),
    "risk_contributions: probabilities": lambda data: portfolio.risk_contributions(
        FRAME, weights=HALVES, measure="conditional_value_at_risk", probabilities=data
    ),
    "entropy_pooling: returns": lambda data: portfolio.entropy_pooling(data, means={"A": 0.001}),
    "entropy_pooling: prior": lambda data: portfolio.entropy_pooling(FRAME, means={"A": 0.001}, prior=data),
    "entropy_pooling: means": lambda data: portfolio.entropy_pooling(FRAME, means=data),
    "entropy_pooling: volatilities": lambda data: portfolio.entropy_pooling(FRAME, volatilities=data),
    "herfindahl_index: weights": lambda data: portfolio.herfindahl_index(data),
    "historical_stress: returns": lambda data: portfolio.historical_stress(data, weights=HALVES),
    "historical_stress: factors": lambda data: portfolio.historical_stress(LONG, weights=HALVES, factors=data),
    "hypothetical_stress: shocks": lambda data: portfolio.hypothetical_stress(FRAME, weights=HALVES, shocks=data),
    "monte_carlo_risk: loadings": lambda data: portfolio.monte_carlo_risk(
        data, scenarios=portfolio.normal_scenarios(COVARIANCE), n_scenarios=1000
    ),
    "monte_carlo_risk: delta": lambda data: portfolio.monte_carlo_risk(
        np.eye(2), scenarios=portfolio.normal_scenarios(COVARIANCE), delta=data, n_scenarios=1000
    ),
    "monte_carlo_risk: groups": lambda data: portfolio.monte_carlo_risk(
        np.eye(2), scenarios=portfolio.normal_scenarios(COVARIANCE), groups=data, n_scenarios=1000
    ),
    "normal_scenarios: covariance": lambda data: portfolio.normal_scenarios(data),
    "normal_scenarios: mean": lambda data: portfolio.normal_scenarios(COVARIANCE, mean=data),
}
SIZING: dict[str, Door] = {
    "risk_parity: covariance": lambda data: sizing.risk_parity(data),
    "risk_parity: budgets": lambda data: sizing.risk_parity(COVARIANCE, budgets=data),
    "kelly_weights: returns": lambda data: sizing.kelly_weights(data),
    "kelly_weights: risk_free": lambda data: sizing.kelly_weights(FRAME, risk_free=data),
    "continuous_kelly_weights: mean": lambda data: sizing.continuous_kelly_weights(data, COVARIANCE),
    "continuous_kelly_weights: covariance": lambda data: sizing.continuous_kelly_weights([0.1, 0.2], data),
    "continuous_growth_rate: weights": lambda data: sizing.continuous_growth_rate([0.1, 0.2], COVARIANCE, data),
    "minimum_cvar: returns": lambda data: sizing.minimum_cvar(data),
    "mean_cvar: returns": lambda data: sizing.mean_cvar(data, risk_aversion=1.0),
    "optimal_f: trades": lambda data: sizing.optimal_f(data),
    "Constraints: lower": lambda data: sizing.minimum_cvar(FRAME, constraints=sizing.Constraints(lower=data)),
    "Constraints: total": lambda data: sizing.minimum_cvar(FRAME, constraints=sizing.Constraints(total=data)),
    "Constraints: group_limits": lambda data: sizing.minimum_cvar(
        FRAME, constraints=sizing.Constraints(groups={"A": "x", "B": "y"}, group_limits=data)
    ),
    "Constraints: linear": lambda data: sizing.minimum_cvar(FRAME, constraints=sizing.Constraints(linear=data)),
    "Constraints: inequalities": lambda data: sizing.minimum_cvar(
        FRAME, constraints=sizing.Constraints(inequalities=(data, 10.0))
    ),
    "Constraints: right side": lambda data: sizing.minimum_cvar(
        FRAME, constraints=sizing.Constraints(inequalities=(np.eye(2), data))
    ),
    "Constraints: groups": lambda data: sizing.minimum_cvar(
        FRAME, constraints=sizing.Constraints(groups=data, group_limits={"x": 0.5})
    ),
    "apply_caps: weights": lambda data: sizing.apply_caps(data, sizing.Caps(0.5)),
    "apply_caps: held": lambda data: sizing.apply_caps(TARGETS, sizing.Caps(max_turnover=0.1), held=data),
    "Caps.with_data: average_volume": lambda data: backtest.simulate(
        TARGETS, PRICES, limits=[sizing.Caps(max_participation=0.5).with_data(average_volume=data)]
    ),
    "VolatilityPositionSizer: returns": lambda data: sizing.VolatilityPositionSizer().weights(data),
    "VolatilityPositionSizer: signals": lambda data: sizing.VolatilityPositionSizer().weights(LONG, signals=data),
    "VolatilityPositionSizer: forecasts": lambda data: sizing.VolatilityPositionSizer().weights(LONG, forecasts=data),
    "VolatilityPositionSizer: row": lambda data: sizing.VolatilityPositionSizer().start(2).update(data),
    "VaRPositionSizer: returns": lambda data: sizing.VaRPositionSizer().weights(data),
    "KellyPositionSizer: returns": lambda data: sizing.KellyPositionSizer().weights(data),
    "RiskParitySizer: returns": lambda data: sizing.RiskParitySizer().weights(data),
    "ATRSizer: close": lambda data: sizing.ATRSizer().weights(data, high=PRICES, low=PRICES),
    "ATRSizer: high": lambda data: sizing.ATRSizer().weights(PRICES, high=data, low=PRICES),
    "FixedRiskSizer: stops": lambda data: sizing.FixedRiskSizer().weights(PRICES, stops=data),
    "EwmaVolatility: history": lambda data: over_history(models.EwmaVolatility(), data),
    "TailForecaster: forecasts": lambda data: models.TailForecaster(window=3).forecasts(data),
}
BACKTEST: dict[str, Door] = {
    "simulate: weights": lambda data: backtest.simulate(data, PRICES),
    "simulate: prices": lambda data: backtest.simulate(TARGETS, data),
    "simulate: fill_prices": lambda data: backtest.simulate(TARGETS, PRICES, fill_prices=data),
    "simulate: accounts": lambda data: backtest.simulate(TARGETS, PRICES, accounts=data),
    "simulate: gates": lambda data: backtest.simulate(TARGETS, PRICES, gates=data),
    "simulate: limits": lambda data: backtest.simulate(TARGETS, PRICES, limits=data),
    "simulate: corporate_actions": lambda data: backtest.simulate(TARGETS, PRICES, corporate_actions=data),
    "simulate: costs": lambda data: backtest.simulate(TARGETS, PRICES, costs=data),
    "backtest_breakers: returns": lambda data: backtest.backtest_breakers(data, STOP, draws=9),
    "backtest_breakers: prices": lambda data: backtest.backtest_breakers(None, STOP, prices=data, draws=9),
    "backtest_breakers: weights": lambda data: backtest.backtest_breakers(
        None, STOP, prices=PRICES, weights=data, draws=9
    ),
    "backtest_breakers: bars": lambda data: backtest.backtest_breakers(
        None, STOP, prices=data, intrabar="low_first", draws=9
    ),
    "backtest_breakers: bar_fields": lambda data: backtest.backtest_breakers(SERIES, STOP, bar_fields=data, draws=9),
    "backtest_breakers: a field": lambda data: backtest.backtest_breakers(
        SERIES, STOP, bar_fields={"reference_price": data}, draws=9
    ),
    "backtest_breakers: breakers": lambda data: backtest.backtest_breakers(SERIES, data, draws=9),
    "halt_significance: exposure": lambda data: backtest.halt_significance(SERIES, data, draws=9),
    "sweep: prices": lambda data: backtest.sweep(data, sizing.VolatilityPositionSizer, {"target": [0.1]}),
    "sweep: fill_prices": lambda data: backtest.sweep(
        LONG_PRICES, sizing.VolatilityPositionSizer, {"target": [0.1]}, fill_prices=data
    ),
    "sweep_breakers: returns": lambda data: backtest.sweep_breakers(data, breakers.DrawdownBreaker, {"limit": [0.1]}),
    "purged_splits: data": lambda data: list(backtest.purged_splits(data, folds=3)),
    "purged_splits: horizon": lambda data: list(backtest.purged_splits(LONG, folds=3, horizon=data)),
    "probability_of_backtest_overfitting: returns": lambda data: backtest.probability_of_backtest_overfitting(
        data, blocks=2
    ),
    "check_no_lookahead: data": lambda data: backtest.check_no_lookahead(data, lambda table: table, cuts=3),
    "reality_check: returns": lambda data: backtest.reality_check(data, draws=9),
    "reality_check: benchmark": lambda data: backtest.reality_check(LONG, benchmark=data, draws=9),
    "market_wide_halts: bars": lambda data: breakers.market_wide_halts(data),
}
PAGES: dict[str, Door] = {
    "build_report: returns": lambda data: build_report(data, sections=["headline"]),
    "build_report: benchmark": lambda data: build_report(LONG, benchmark=data, sections=["headline"]),
    "build_report: weights": lambda data: build_report(LONG, weights=data, sections=["headline"]),
    "plot_growth: wealth": lambda data: plot_growth(data, ax=blank_axes()),
    "plot_underwater: drawdown": lambda data: plot_underwater(data, ax=blank_axes()),
    "plot_bars: values": lambda data: plot_bars(data, label="x", ax=blank_axes()),
    "plot_histogram: values": lambda data: plot_histogram(data, label="x", threshold=0.0, ax=blank_axes()),
    "plot_distribution: returns": lambda data: plot_distribution(
        data, value_at_risk=0.02, conditional_value_at_risk=0.03, level=0.95, ax=blank_axes()
    ),
}
DOORS: dict[str, Door] = {**_of_measures(), **METRICS, **PORTFOLIO, **SIZING, **BACKTEST, **PAGES}
