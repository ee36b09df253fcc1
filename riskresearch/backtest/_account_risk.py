"""The risk of simulated accounts, of holding what they first bought, and of a benchmark, over the same bars."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.accounts._series import (
    costs_paid,
    equity_before,
    gross_exposure,
    net_exposure,
    turnover,
)
from riskresearch.backtest._simulated import Simulated
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ArrayLabels
from riskresearch.core._panel import ValidatedPanel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core.dates._spacing import DAYS_PER_YEAR, FEWEST_DATES
from riskresearch.metrics._drawdowns import max_drawdown
from riskresearch.metrics._ratios import sharpe_ratio
from riskresearch.metrics._returns import annual_return
from riskresearch.metrics._shape import volatility
from riskresearch.metrics._tail_risk import tail_risk
from riskresearch.metrics.inference._bootstrap import Bootstrap
from riskresearch.metrics.inference._sharpe_difference import FEWEST_ROWS, sharpe_ratio_difference
from riskresearch.metrics.inference._sharpe_inference import sharpe_ratio_interval

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, FloatVector

    Measured = Callable[[FloatMatrix], dict[str, FloatVector]]

LEVEL = 0.95
"""Of VaR and CVaR."""
CONFIDENCE = 0.95
"""Of the interval of the Sharpe ratio."""
DRAWS, SEED = 499, 0
"""Of the test of equal Sharpe ratios."""
MOST_TESTED = 10
"""Accounts whose Sharpe ratio is tested: a test takes a tenth of a second."""
FEWEST_BARS = 2
SHORT_YEARS = 0.95
"""Less is no year: the sessions of a calendar year may be some fewer than 252."""
MEASURES = (
    "annual_return", "volatility", "sharpe_ratio", "sharpe_lower", "sharpe_upper", "max_drawdown", "value_at_risk",
    "conditional_value_at_risk",
)  # fmt: skip


def bars_per_year(dates: Any) -> tuple[float, str]:
    """Return how many bars make a year, and in words where that is from."""
    if dates is None or dates.size < FEWEST_DATES:
        return resolve_periods_per_year(None, None), "without dates" if dates is None else "by default"
    try:
        return resolve_periods_per_year(None, dates), "by the dates"
    except InvalidInputError:  # irregular intervals, or bars of hardly a session
        days = float((dates[-1] - dates[0]) / np.timedelta64(1, "D"))
        return (dates.size - 1) * DAYS_PER_YEAR / days, "from first to last date, whose spacing shows no other number"


def return_measures(returns: FloatMatrix, periods: float, rate: float) -> dict[str, FloatVector]:
    """Return the measures of returns that were checked before, shape (bars, accounts); nan of fewer than two bars."""
    if len(returns) < FEWEST_BARS:
        return {name: np.full(returns.shape[1], np.nan) for name in MEASURES}
    panel, yearly = _panel(returns), {"periods_per_year": periods, "risk_free": _rates(returns, rate)}
    interval: Any = sharpe_ratio_interval(panel, confidence=CONFIDENCE, method="hac", **yearly)
    tails: Any = tail_risk(panel, level=LEVEL)
    found = {
        "annual_return": annual_return(panel, periods_per_year=periods),
        "volatility": volatility(panel, periods_per_year=periods),
        "sharpe_ratio": sharpe_ratio(panel, **yearly),
        "sharpe_lower": interval.lower,
        "sharpe_upper": interval.upper,
        "max_drawdown": max_drawdown(panel),
        "value_at_risk": tails.value_at_risk,
        "conditional_value_at_risk": tails.conditional_value_at_risk,
    }
    return {name: np.asarray(value, dtype=np.float64) for name, value in found.items()}


def same_sharpe_p_values(
    returns: FloatMatrix, rivals: FloatMatrix, first: npt.NDArray[np.intp], periods: float, rate: float
) -> FloatVector:
    """Return the p-value of each account's Sharpe ratio equal to its rival's; nan of too few bars or too many accounts.

    A Sharpe ratio compares both at the same volatility.
    """
    found = np.full(first.size, np.nan)
    if first.size > MOST_TESTED:
        return found
    settings = Bootstrap(CONFIDENCE, draws=DRAWS, resampling="circular", rng=SEED)
    for account in np.flatnonzero((first >= 0) & (len(returns) - first >= FEWEST_ROWS)):
        own, rival = (_panel(values[first[account] :, [account]]) for values in (returns, rivals))
        yearly = {"periods_per_year": periods, "risk_free": _rates(own.values, rate)}
        tested: Any = sharpe_ratio_difference(own, rival, interval=settings, **yearly)
        found[account] = np.asarray(tested.p_value).item()
    return found


def since_first_fill(
    values: FloatMatrix, first: npt.NDArray[np.intp], names: tuple[str, ...], measure: Measured
) -> dict[str, FloatVector]:
    """Return the named measures of each column from the row of its first fill on; nan where there is no fill."""
    found = {name: np.full(first.size, np.nan) for name in names}
    for row in np.unique(first[first >= 0]):
        columns = np.flatnonzero(first == row)
        for name, numbers in measure(values[row:, columns]).items():
            found[name][columns] = numbers
    return found


def account_measures(done: Simulated, periods: float) -> dict[str, FloatVector]:
    """Return the measures of accounts from their first fill on, with what they trade and pay in a year."""
    settings, market, layout, record = done.settings, done.market, done.layout, done.record
    before = equity_before(record, settings)
    paid = np.divide(costs_paid(record), before, out=np.zeros(before.shape), where=before > 0.0)
    measured = since_first_fill(
        done.returns,
        done.first,
        MEASURES,
        lambda returns: return_measures(returns, periods, settings.costs.cash_rate),
    )
    means = {
        "annual_turnover": periods * turnover(record, market, layout, settings),
        "annual_cost": periods * paid,
        "gross_exposure": gross_exposure(record, market, layout),
        "net_exposure": net_exposure(record, market, layout),
    }
    for name, values in means.items():
        measured |= since_first_fill(values, done.first, (name,), partial(_mean, name))
    return measured


def _mean(name: str, values: FloatMatrix) -> dict[str, FloatVector]:
    few = len(values) < FEWEST_BARS and name.startswith("annual")
    return {name: np.full(values.shape[1], np.nan) if few else np.asarray(values.mean(axis=0))}


def benchmark_returns(returns: FloatVector, first: npt.NDArray[np.intp]) -> FloatMatrix:
    """Return a benchmark that is bought at the close of the bar of each first fill, shape (bars, accounts)."""
    bought = np.repeat(returns[:, None], first.size, axis=1)
    for account in np.flatnonzero(first >= 0):
        bought[: first[account] + 1, account] = 0.0
    return bought


def _panel(returns: FloatMatrix) -> Any:
    """Return returns that the simulation made, or that were checked with its arguments, as a checked panel."""
    return ValidatedPanel("returns", returns, ArrayLabels(returns.shape), False, 1, "raise")


def _rates(returns: FloatMatrix, rate: float) -> Any:
    """Return the rate per bar as a panel, which was checked as a rate of `costs`."""
    return _panel(np.full((len(returns), 1), rate))
