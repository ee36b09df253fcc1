"""Breakers over history: over returns or prices of a strategy, or between the targets and orders of a simulation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.accounts._costs import Costs
from riskresearch.accounts._series import account_returns, costs_paid, gross_exposure
from riskresearch.backtest._gated import GIVEN_BY_THE_ACCOUNT
from riskresearch.backtest._simulate import simulate
from riskresearch.backtest.breakers._bars import check_shown, make_clocks, read_bars, read_columns
from riskresearch.backtest.breakers._halt_significance import halt_significance
from riskresearch.backtest.breakers._judge import make_result
from riskresearch.backtest.breakers._paths import net_returns, run_breakers
from riskresearch.backtest.breakers._result import AccountPath, BreakerBacktest
from riskresearch.backtest.breakers._significance import runs_of
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._periods import warn_of_periods, with_periods
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._checks import check_count, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import each_topic_once, warn_user
from riskresearch.core._weights import prices_held

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import Data, FloatVector


A_STOP = "A stop at 10 % for 20 bars is breakers=DrawdownBreaker(0.10, cooldown=20)."
OTHER_NAMES = {
    **dict.fromkeys(("breaker", "rules", "gates", "protections"), "breakers"),
    **dict.fromkeys(("limit", "cooldown", "drawdown", "max_drawdown", "stop", "stop_loss"), A_STOP),
    **dict.fromkeys(("cost", "fee", "fees", "commission", "slippage", "transaction_costs"), "costs"),
    **dict.fromkeys(("seed", "random_state"), "rng"),
    **dict.fromkeys(("delay", "shift"), "lag"),
    **dict.fromkeys(("n_draws", "n", "simulations", "permutations"), "draws"),
    "close": "prices",
    "closed_trades": "trades",
}


@answers_other_names(OTHER_NAMES)
def backtest_breakers(
    returns: Data | None,
    breakers: BreakerSet | Breaker | Sequence[Breaker],
    *,
    prices: Data | None = None,
    weights: Data | None = None,
    bar_fields: pd.DataFrame | Mapping[str, Any] | None = None,
    trades: pd.DataFrame | None = None,
    lag: int = 1,
    costs: Costs | float = 0.0,
    intrabar: Literal["low_first", "high_first"] | None = None,
    draws: int = 2000,
    trials: int = 1,
    confidence: float = 0.95,
    rng: int | np.random.Generator | None = 0,
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
        Target weights for `simulate`, whose gate the breakers then are: orders fill at the next close. A column of
        prices that they lack is not traded, with a warning.
    bar_fields : DataFrame or mapping, optional
        Further fields of `Bar`, one number a bar.
    trades : DataFrame, optional
        Closed trades of the strategy as if never halted, one a row: `profit`, `time` (or the index), and `asset` and
        `side` where they are known. A trade is on the first bar at or after its time, on daily bars on that of its day.
        With weights they are the account's own.
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
        If an argument breaks its rule, or the bars lack a field that a breaker observes.

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
    chosen = BreakerSet(breakers)
    judge = {"draws": draws, "trials": trials, "confidence": confidence, "rng": rng}
    if weights is not None:
        if returns is not None or prices is None or intrabar is not None:
            raise InvalidInputError("weights go with prices, without returns and intrabar: they are simulated.")
        if trades is not None:
            raise InvalidInputError("trades go with returns or prices: with weights they are those of the account.")
        with each_topic_once():
            return _of_weights(weights, prices, chosen, bar_fields, lag, costs, judge)
    wait, cost = check_count(lag, name="lag", minimum=1), number_of(costs)
    other = next((breaker for breaker in chosen if breaker.scope != "portfolio"), None)
    if other is not None:
        raise InvalidInputError(f"breakers of scope {other.scope!r} such as {other.label()!r} need weights and prices.")
    bars, ticks = read_bars(returns, prices, bar_fields, intrabar, trades)
    check_shown(chosen.breakers, bars.columns, bars.clocks)
    dates = bars.dates if bars.dates is None else bars.dates[::ticks]
    chosen = BreakerSet(with_periods(chosen.breakers, dates))
    warn_of_periods(chosen.breakers, dates)
    path = run_breakers(chosen.breakers, bars, cost=cost, lag=wait)
    return make_result(chosen, bars, path, cost, wait, ticks, intrabar, judge)


def number_of(costs: Costs | float) -> float:
    """Return costs as a fraction of the exposure moved."""
    if isinstance(costs, Costs):
        raise InvalidInputError("costs must be a number, a fraction of the exposure moved: Costs need weights.")
    cost = check_number(costs, name="costs")
    if cost < 0.0:
        raise InvalidInputError(f"costs must not be negative, got {costs!r}.")
    if cost >= 1.0:
        warn_user(f"costs of {cost:g} are {cost:.0%} of the exposure moved, more than is left: 5 bp are 0.0005.")
    return cost


def _of_weights(
    weights: Data, prices: Data, breakers: BreakerSet, bar_fields: Any, lag: int, costs: Costs | float, judge: Any
) -> BreakerBacktest:
    """Simulate twice, without the breakers and with them between targets and orders."""
    _, (prices,) = prices_held(weights, {"prices": prices})
    held = simulate(weights, prices, lag=lag, costs=costs)
    returns = account_returns(held.record, held.settings)[:, 0]
    rows = len(returns)
    shown = {"strategy_return": returns, **read_columns(bar_fields, rows)}
    clocks = make_clocks(held.layout.labels, rows)
    given = {**shown, **dict.fromkeys((*GIVEN_BY_THE_ACCOUNT, "price", "asset_returns", "closed_trades"))}
    check_shown(breakers.breakers, given, clocks)
    account = simulate(weights, prices, lag=lag, costs=costs, gates=[breakers], bar_fields=shown)
    record = account.breaker_records[0]
    equity, alone = account.record.equity[:, 0], held.record.equity[:, 0]
    gross, full = (gross_exposure(one.record, one.market, one.layout)[:, 0] for one in (account, held))
    paid, usual = (
        _over_equity_before(costs_paid(one.record)[:, 0], one.record.equity[:, 0]) for one in (account, held)
    )
    in_force = np.concatenate([[False], record.active, np.ones(rows)])[:rows].astype(bool)
    exposure = np.concatenate([[1.0], _shares_left(gross, full, in_force)[:-1]])
    statuses = np.array(record.statuses, dtype=np.float64).reshape(len(record.statuses), -1).T
    numbers = np.array(record.numbers, dtype=np.float64).reshape(statuses.shape[::-1]).T
    unheard = rows - statuses.shape[1]
    words = (
        f"Targets of bar t fill at the close of bar t + {lag}, those that the breakers leave; exposure is gross "
        "exposure over that without breakers, as before where the strategy holds nothing; significance takes the "
        "strategy's returns net of its own costs."
    )
    return BreakerBacktest(
        breakers=BreakerSet(record.running.breakers), labels=held.layout.labels,
        path=AccountPath(
            returns=returns, exposure=exposure, net_returns=net_returns(equity), equity_path=equity,
            equity_unhalted=alone, cost_paid=np.maximum(paid - usual, 0.0),
        ),
        statuses=np.pad(statuses, ((0, 0), (0, unheard)), mode="edge"),
        numbers=np.pad(numbers, ((0, 0), (0, unheard)), constant_values=np.nan),
        events=tuple(record.events), conventions=words,
        significance=halt_significance(returns, exposure, **judge),
    )  # fmt: skip


def _shares_left(gross: FloatVector, full: FloatVector, in_force: npt.NDArray[np.bool_]) -> FloatVector:
    """Return what breakers in force leave of the exposure that the strategy has without them, 1 elsewhere.

    While the strategy itself holds nothing it is what they left before in the same halt, or else what they leave next,
    so that a strategy that goes in and out does not make many halts of one.
    """
    left = np.ones(len(full))
    for first, end in runs_of(np.where(in_force, 0.0, 1.0)):
        known = first + np.flatnonzero(full[first:end] > 0.0)
        if len(known):
            before = np.searchsorted(known, np.arange(first, end), side="right") - 1
            nearest = known[np.maximum(before, 0)]
            left[first:end] = gross[nearest] / full[nearest]
    return left


def _over_equity_before(money: Any, equity: FloatVector) -> FloatVector:
    """Return money of each bar over the equity of the bar before; 0 where nothing was left."""
    before, paid = np.concatenate([[1.0], equity[:-1]]), np.asarray(money, dtype=np.float64)
    return np.asarray(np.divide(paid, before, out=np.zeros(len(paid)), where=before > 0.0))
