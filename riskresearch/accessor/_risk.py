"""The namespace of methods: each public function whose first argument is returns, bound to the user's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn

from riskresearch import backtest, metrics, plots, portfolio, report, sizing
from riskresearch.core.importing._signatures import show_types
from riskresearch.core.importing._suggest import line_of, nearest
from riskresearch.metrics._all_measures import MEASURES

Function = Callable[..., Any]


def _as_method(function: Function, name: str) -> Function:
    """Return `function` as a method that passes the accessor's returns; signature and docstring are the function's."""
    show_types(function)

    @wraps(function)
    def method(self: RiskAccessor, *arguments: Any, **options: Any) -> Any:
        return function(self._returns, *arguments, **options)

    method.__name__, method.__qualname__ = name, f"RiskAccessor.{name}"
    return method


class _Later:
    """A function as a method, imported when the method is first looked up."""

    __slots__ = ("_find", "_name")

    def __init__(self, find: Callable[[], Function]) -> None:
        self._find = find

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, accessor: object, owner: type) -> Any:
        method: Any = _as_method(self._find(), self._name)
        setattr(owner, self._name, method)
        return method if accessor is None else method.__get__(accessor, owner)


class RiskAccessor:
    """The functions of riskresearch whose first argument is returns, as methods of the returns at hand.

    A method has the signature, the docstring and the result of its function: `returns.risk.value_at_risk(level=0.99)`
    is `riskresearch.value_at_risk(returns, level=0.99)`. Every measure of `riskresearch.metrics` is one of them.
    """

    __slots__ = ("_returns",)

    def __init__(self, returns: Any) -> None:
        self._returns = returns

    aggregate_returns = _Later(lambda: metrics.aggregate_returns)
    bootstrap_interval = _Later(lambda: metrics.bootstrap_interval)
    calendar_returns = _Later(lambda: metrics.calendar_returns)
    exceedances = _Later(lambda: metrics.exceedances)
    filtered_bootstrap = _Later(lambda: metrics.filtered_bootstrap)
    portfolio_returns = _Later(lambda: metrics.portfolio_returns)
    rolling = _Later(lambda: metrics.rolling)
    rolling_tail_risk = _Later(lambda: metrics.rolling_tail_risk)
    summary = _Later(lambda: metrics.summary)

    diversification_ratio = _Later(lambda: portfolio.diversification_ratio)
    effective_number_of_bets = _Later(lambda: portfolio.effective_number_of_bets)
    entropy_pooling = _Later(lambda: portfolio.entropy_pooling)
    historical_stress = _Later(lambda: portfolio.historical_stress)
    hypothetical_stress = _Later(lambda: portfolio.hypothetical_stress)
    reverse_stress = _Later(lambda: portfolio.reverse_stress)
    risk_contributions = _Later(lambda: portfolio.risk_contributions)

    drawdown_risk = _Later(lambda: sizing.drawdown_risk)
    kelly_weights = _Later(lambda: sizing.kelly_weights)
    mean_cvar = _Later(lambda: sizing.mean_cvar)
    minimum_cvar = _Later(lambda: sizing.minimum_cvar)

    backtest_breakers = _Later(lambda: backtest.backtest_breakers)
    halt_significance = _Later(lambda: backtest.halt_significance)
    probability_of_backtest_overfitting = _Later(lambda: backtest.probability_of_backtest_overfitting)
    reality_check = _Later(lambda: backtest.reality_check)
    superior_predictive_ability = _Later(lambda: backtest.superior_predictive_ability)
    sweep_breakers = _Later(lambda: backtest.sweep_breakers)  # type: ignore[has-type] # decorated: known too late

    build_report = _Later(lambda: report.build_report)  # type: ignore[has-type] # decorated: known too late
    plot_calendar_years = _Later(lambda: plots.plot_calendar_years)
    plot_distribution = _Later(lambda: plots.plot_distribution)
    plot_exceedances = _Later(lambda: plots.plot_exceedances)

    def __repr__(self) -> str:
        return f"RiskAccessor({type(self._returns).__name__} of {len(self._returns):,} rows)"

    def __getattr__(self, name: str) -> NoReturn:
        line = "" if name.startswith("_") else line_of(name)
        meant = "" if name.startswith("_") else nearest(name, (each for each in dir(self) if not each.startswith("_")))
        hint = f" Write {line}." if line else f" Did you mean {meant}?" if meant else ""
        raise AttributeError(f"the risk accessor has no method {name!r}.{hint}", name=name, obj=self)


for _measure in MEASURES.values():
    setattr(RiskAccessor, _measure.name, _as_method(_measure.function, _measure.name))
