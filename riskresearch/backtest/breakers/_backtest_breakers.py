"""Breakers over history: over returns or prices of a strategy, or between the targets and orders of a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.accounts._costs import Costs
from riskresearch.backtest._simulate import simulate
from riskresearch.backtest.breakers._gate import BreakerGate
from riskresearch.backtest.breakers._halt_significance import halt_significance
from riskresearch.backtest.breakers._judge import ORDERS, make_result
from riskresearch.backtest.breakers._paths import (
    NOTHING,
    Bars,
    check_column,
    check_shown,
    make_clocks,
    net_returns,
    read_columns,
    run_breakers,
)
from riskresearch.backtest.breakers._result import BreakerBacktest
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._periods import warn_of_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._checks import check_choice, check_count, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import as_panel

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import Data, FloatVector

TICKS_A_BAR = 4


def backtest_breakers(
    returns: Data | None,
    breakers: BreakerSet | Breaker | Sequence[Breaker],
    *,
    prices: Data | None = None,
    weights: Data | None = None,
    conditions: pd.DataFrame | Mapping[str, Any] | None = None,
    lag: int = 1,
    costs: Costs | float = 0.0,
    intrabar: Literal["low_first", "high_first"] | None = None,
    draws: int = 2000,
    trials: int = 1,
    confidence: float = 0.95,
    rng: int | np.random.Generator | None = None,
) -> BreakerBacktest:
    """Run breakers over a history and judge them against chance.

    Parameters
    ----------
    returns : Series or array, shape (rows,), or None
        Simple returns of the strategy as if never halted; None where prices are given.
    breakers : BreakerSet, Breaker or sequence of them
        Of portfolio scope, unless weights are given.
    prices : Series, DataFrame or array, optional
        Of the one thing held; for `intrabar` a DataFrame of open, high, low, close; with weights one column each.
    weights : DataFrame or array, optional
        Target weights for `simulate`, whose gate the breakers then are: orders fill at the next close.
    conditions : DataFrame or mapping, optional
        Further fields of `MarketConditions`, one number a bar.
    lag : int
        A decision after bar t is in force from the return of bar t + lag, at least 1. With weights it is simulate's.
    costs : float or Costs
        Fraction of the exposure moved; `Costs` with weights only.
    intrabar : {"low_first", "high_first"}, optional
        Assume that each bar goes open, low, high, close, or open, high, low, close, and decide at each of them.
    draws, trials, confidence, rng : optional
        See `halt_significance`.

    Returns
    -------
    BreakerBacktest

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, or the bars do not show what a breaker watches.

    References
    ----------
    Kaminski & Lo (2014), "When do stop-loss rules stop losses?", J. Financial Markets 18.

    Examples
    --------
    >>> import riskresearch
    >>> from riskresearch.breakers import DrawdownBreaker
    >>> returns = [0.02, -0.06, -0.06, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01]
    >>> riskresearch.backtest_breakers(returns, DrawdownBreaker(0.1, cooldown=2), rng=1).exposure.tolist()
    [1.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    chosen = breakers if isinstance(breakers, BreakerSet) else BreakerSet(breakers)
    judge = {"draws": draws, "trials": trials, "confidence": confidence, "rng": rng}
    if weights is not None:
        if returns is not None or prices is None or intrabar is not None:
            raise InvalidInputError("weights go with prices, without returns and intrabar: they are simulated.")
        return _of_weights(weights, prices, chosen, conditions, lag, costs, judge)
    wait, cost = check_count(lag, name="lag", minimum=1), number_of(costs)
    other = next((breaker for breaker in chosen if breaker.scope != "portfolio"), None)
    if other is not None:
        raise InvalidInputError(f"breakers of scope {other.scope!r} such as {other.label()!r} need weights and prices.")
    bars, ticks = read_bars(returns, prices, conditions, intrabar)
    check_shown(chosen.breakers, bars.columns, bars.clocks)
    warn_of_periods(chosen.breakers, bars.clocks[1, ::ticks].tolist())
    path = run_breakers(chosen.breakers, bars, cost=cost, lag=wait)
    return make_result(chosen, bars, path, cost, wait, ticks, intrabar, judge)


def read_bars(
    returns: Data | None,
    prices: Data | None,
    conditions: pd.DataFrame | Mapping[str, Any] | None,
    intrabar: str | None = None,
) -> tuple[Bars, int]:
    """Return the bars of one account, and how many ticks each has."""
    if (returns is None) == (prices is None):
        raise InvalidInputError("give either returns or prices, not both and not neither.")
    if intrabar is not None:
        check_choice(intrabar, tuple(ORDERS), name="intrabar")
        return _ticks(prices, conditions, ORDERS[intrabar]), TICKS_A_BAR
    if returns is None:
        panel = as_panel(prices, name="prices", holds="numbers")  # type: ignore[arg-type]
    else:
        panel = as_panel(returns, holds="compounded")
    if panel.values.shape[1] != 1:
        raise InvalidInputError(
            f"{panel.name} must be one series, got {panel.values.shape[1]} columns. Pass one, or weights and prices."
        )
    values = np.ascontiguousarray(panel.values[:, 0])
    columns = read_columns(conditions, len(values))
    clocks = make_clocks(panel.labels, len(values))
    if returns is not None:
        check_column(values, "strategy_return", name="returns")
        columns.setdefault("strategy_return", values)
        return Bars(values, NOTHING, columns, clocks, panel.labels.row_names, panel.dates), 1
    made = _returns_of(values)
    columns.setdefault("strategy_return", made)
    columns.setdefault("price", values)
    return Bars(made, values, columns, clocks, panel.labels.row_names, panel.dates), 1


def _ticks(prices: Any, conditions: Any, order: tuple[str, ...]) -> Bars:
    names: dict[str, Any] = {}
    for name in getattr(prices, "columns", ()):
        if str(name).lower() in order and str(name).lower() in names:
            raise InvalidInputError(
                f"prices must have one column for each of {', '.join(order)}, got {names[str(name).lower()]!r} and "
                f"{name!r}."
            )
        names[str(name).lower()] = name
    missing = [name for name in order if name not in names]
    if missing:
        raise InvalidInputError(f"prices must have a column {missing[0]!r} for intrabar: open, high, low and close.")
    panel = as_panel(prices[[names[name] for name in order]], name="prices", holds="numbers")
    ticks = np.ascontiguousarray(panel.values.reshape(-1))
    rows = len(panel.values)
    columns = {name: np.repeat(values, TICKS_A_BAR, axis=0) for name, values in read_columns(conditions, rows).items()}
    made = _returns_of(ticks)
    columns["strategy_return"], columns["price"] = made, ticks
    dates = None if panel.dates is None else np.repeat(panel.dates, TICKS_A_BAR)
    times = [panel.labels.row_names[row] for row in range(rows) for _ in range(TICKS_A_BAR)]
    return Bars(made, ticks, columns, make_clocks(panel.labels, rows, TICKS_A_BAR), times, dates)


def _returns_of(prices: FloatVector) -> FloatVector:
    if prices.min() <= 0.0:
        raise InvalidInputError(f"prices must be positive, got {prices.min():g}.")
    check_column(prices, "price", name="prices")
    return np.concatenate([[np.nan], prices[1:] / prices[:-1] - 1.0])


def number_of(costs: Costs | float) -> float:
    """Return costs as a fraction of the exposure moved."""
    if isinstance(costs, Costs):
        raise InvalidInputError("costs must be a number, a fraction of the exposure moved: Costs need weights.")
    cost = check_number(costs, name="costs")
    if cost < 0.0:
        raise InvalidInputError(f"costs must not be negative, got {costs!r}.")
    return cost


def _of_weights(
    weights: Data, prices: Data, breakers: BreakerSet, conditions: Any, lag: int, costs: Costs | float, judge: Any
) -> BreakerBacktest:
    """Simulate twice, without the breakers and with them between targets and orders."""
    held = simulate(weights, prices, lag=lag, costs=costs)
    returns = np.asarray(held.returns, dtype=np.float64).reshape(-1)
    rows = len(returns)
    shown = {"strategy_return": returns, **read_columns(conditions, rows)}
    clocks = make_clocks(held.layout.labels, rows)
    given = {**shown, **dict.fromkeys(("gross_exposure", "net_exposure", "turnover", "price", "asset_returns"))}
    check_shown(breakers.breakers, given, clocks)
    gate = BreakerGate(breakers, conditions=shown)
    account = simulate(weights, prices, lag=lag, costs=costs, gates=[gate])
    running = gate.started[0]
    equity = np.asarray(account.equity, dtype=np.float64).reshape(-1)
    gross, full = (np.asarray(one.gross_exposure, dtype=np.float64).reshape(-1) for one in (account, held))
    alone = np.asarray(held.equity, dtype=np.float64).reshape(-1)
    paid, usual = (_over_equity_before(one.costs.sum(axis=1), path) for one, path in ((account, equity), (held, alone)))
    shares = np.divide(gross, full, out=np.ones(rows), where=full > 0.0)
    in_force = np.concatenate([[False], running.active, np.ones(rows)])[:rows].astype(bool)
    exposure = np.concatenate([[1.0], np.where(in_force, shares, 1.0)[:-1]])
    statuses = np.array(running.statuses, dtype=np.float64).reshape(-1, len(running.running.breakers)).T
    numbers = np.array(running.numbers, dtype=np.float64).reshape(statuses.shape[::-1]).T
    unheard = rows - statuses.shape[1]
    words = (
        f"Targets of bar t fill at the close of bar t + {lag}, those that the breakers leave; exposure is gross "
        "exposure over that without breakers; significance takes the strategy's returns net of its own costs."
    )
    return BreakerBacktest(
        breakers=BreakerSet(running.running.breakers), times=held.layout.labels.row_names,
        returns=returns, exposure=exposure, net_returns=net_returns(equity), equity_path=equity,
        equity_without=alone, statuses=np.pad(statuses, ((0, 0), (0, unheard)), mode="edge"),
        numbers=np.pad(numbers, ((0, 0), (0, unheard)), constant_values=np.nan),
        events=tuple(running.events), cost_paid=np.maximum(paid - usual, 0.0), conventions=words,
        significance=halt_significance(returns, exposure, **judge),
    )  # fmt: skip


def _over_equity_before(money: Any, equity: FloatVector) -> FloatVector:
    """Return money of each bar over the equity of the bar before; 0 where nothing was left."""
    before, paid = np.concatenate([[1.0], equity[:-1]]), np.asarray(money, dtype=np.float64)
    return np.asarray(np.divide(paid, before, out=np.zeros(len(paid)), where=before > 0.0))
