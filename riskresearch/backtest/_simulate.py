"""Simulate accounts that follow target weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.accounts._book import (
    MISSING_PRICES,
    MISSING_WEIGHTS,
    REBALANCE,
    Market,
    Settings,
    bind,
    check_fault,
    new_record,
    run_history,
)
from riskresearch.accounts._corporate_actions import check_events, read_events, refuse_unsimulated
from riskresearch.accounts._costs import Costs, as_costs, check_rates
from riskresearch.accounts._identity import check_identity
from riskresearch.accounts._inputs import (
    Layout,
    check_leverage,
    check_percent,
    check_same_labels,
    held_inputs,
    read_layout,
    read_like,
    read_prices,
    read_weights,
)
from riskresearch.accounts._schedule import scheduled
from riskresearch.backtest._backtest import Backtest
from riskresearch.backtest._benchmark import check_benchmark, read_benchmark
from riskresearch.backtest._gated import GIVEN_BY_THE_ACCOUNT, GatedAccount, run_gated
from riskresearch.backtest._gates import Gate, Limit
from riskresearch.backtest._limit_verdicts import collect
from riskresearch.backtest._limits import read_limits
from riskresearch.backtest.breakers._bars import read_columns
from riskresearch.backtest.breakers._recorded import RecordedBreakers, read_gates
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._set import BreakerSet
from riskresearch.core._calendar_periods import PERIODS, check_period
from riskresearch.core._checks import (
    check_choice,
    check_count,
    check_number,
    check_positive,
    check_sequence,
    is_single,
    shown,
)
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import warn_user
from riskresearch.core.dates._gap_checks import check_gaps

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._types import Data, FloatMatrix, Labels

WAYS = (*REBALANCE, *PERIODS)
CAPS = (
    "`max_leverage` refuses weights above it; a cap on them is `max_leverage` of the sizer that makes them, or "
    "limits=[sizing.Caps(max_leverage=...)]."
)
HOLDING = "`summary()` of the result compares with holding by itself, and with the returns that `benchmark` has."
OTHER_NAMES = {
    **dict.fromkeys(
        ("cost", "fee", "fees", "commission", "slippage", "transaction_cost", "transaction_costs"), "costs"
    ),
    **dict.fromkeys(("freq", "frequency", "rebalancing", "rebalance_freq", "rebalance_frequency"), "rebalance"),
    **dict.fromkeys(("cash", "init_cash", "initial_cash", "initial_capital", "starting_capital"), "capital"),
    **dict.fromkeys(("cap", "leverage", "max_exposure", "max_gross"), CAPS),
    **dict.fromkeys(("against", "versus", "vs", "compare", "hold", "buy_and_hold"), HOLDING),
    **dict.fromkeys(("delay", "shift"), "lag"),
    **dict.fromkeys(("costs_bps", "cost_bps", "bps", "fee_bps"), "Five basis points are costs=0.0005."),
    **dict.fromkeys(
        ("breakers", "breaker", "stops"), "gates=[breaker] puts breakers between the targets and the account."
    ),
}


@answers_other_names(OTHER_NAMES)
def simulate(
    weights: Data,
    prices: Data,
    *,
    lag: int = 1,
    fill_prices: Data | None = None,
    costs: Costs | float = 0.0,
    capital: float = 1.0,
    accounts: Literal["columns"] | Mapping[str, str] | None = None,
    rebalance: Literal["every_bar", "on_change", "week", "month", "quarter", "year"] | float = "every_bar",
    lot_size: float | None = None,
    min_trade_notional: float = 0.0,
    borrowing: bool = True,
    max_leverage: float | None = None,
    missing_prices: Literal["raise", "settle", "hold"] = "raise",
    missing_weights: Literal["raise", "hold"] = "raise",
    corporate_actions: pd.DataFrame | None = None,
    average_volume: Data | None = None,
    volatility: Data | None = None,
    gates: Sequence[Breaker | BreakerSet | Gate] = (),
    limits: Sequence[Limit] = (),
    bar_fields: Mapping[str, Data] | pd.DataFrame | None = None,
    benchmark: Data | None = None,
) -> Backtest:
    """Simulate accounts that follow target weights, with costs, and check the accounting of every bar.

    Parameters
    ----------
    weights : Series, DataFrame or array, shape (bars, columns)
        Target weights decided after each bar, fractions of equity. A column of prices that a frame of weights lacks
        is not traded, with a warning.
    prices : Series, DataFrame or array, shape (bars, columns)
        Prices as traded, nan where there is none.
    lag : int
        Weights of bar t are filled on bar t + lag.
    fill_prices : Series, DataFrame or array, optional
        Prices of the fills; None takes `prices`.
    costs : Costs or float
        Costs of trading and holding, or a commission as a fraction of the notional.
    capital : float
        Money that each account begins with.
    accounts : "columns", mapping of column to account, or None
        One account for each column, those that the mapping names, or one for all.
    rebalance : "every_bar", "on_change", "week", "month", "quarter", "year" or float
        Trade on every bar, when a target changes, to the target of the last bar of each period, or when a weight is
        further from its target than this band, a fraction of equity.
    lot_size : float, optional
        Units in a lot; positions are whole lots.
    min_trade_notional : float
        Smallest notional of an order, in money; smaller ones wait, unless they close a position.
    borrowing : bool
        Whether cash may become negative; if not, buys are scaled down to the cash.
    max_leverage : float, optional
        Largest sum of absolute target weights; more is an error.
    missing_prices : {"raise", "settle", "hold"}
        What happens to a position without a price: an error, sold at the last price, or valued at it.
    missing_weights : {"raise", "hold"}
        Whether a missing weight is an error, or keeps the units.
    corporate_actions : DataFrame, optional
        Splits and dividends, as `datasets.load("corporate_actions")` has them; other kinds are refused.
    average_volume, volatility : Series, DataFrame or array, optional
        Units traded and volatility of returns, both per bar, which the impact of `costs` needs.
    gates, limits : sequence
        Breakers, sets of them and gates of your own, which observe each account after each bar; limits cap what they
        leave. See `Gate` and `Limit`.
    bar_fields : DataFrame or mapping, optional
        Further fields of the `Bar` that gates and limits are shown, one number a bar.
    benchmark : Series or array, optional
        Simple returns of what the result compares the accounts with, beside holding what they first bought.

    Returns
    -------
    Backtest
        Whose `summary` has the risk of the accounts, from the first fill on.

    Raises
    ------
    InvalidInputError
        If labels differ, a number is out of range, or a price or weight is missing.

    References
    ----------
    Boyd et al. (2017), Multi-Period Trading via Convex Optimization, section 2.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.simulate([1.0, 1.0, 0.0], [10.0, 10.0, 11.0], costs=0.001).equity.round(4).tolist()
    [1.0, 0.999, 1.099]
    """
    _refuse_constant(weights)
    settings = _read_settings(
        lag,
        costs,
        capital,
        rebalance,
        lot_size,
        min_trade_notional,
        borrowing,
        max_leverage,
        missing_prices,
        missing_weights,
    )
    accounts, (prices, fill_prices, average_volume, volatility) = held_inputs(
        weights,
        accounts,
        {"prices": prices, "fill_prices": fill_prices, "average_volume": average_volume, "volatility": volatility},
    )
    values, labels = read_prices(prices, name="prices")
    check_gaps(values, labels, name="prices", has_nan=bool(np.isnan(values.sum())), prices=True)
    layout = read_layout(labels, values.shape[1], accounts)
    targets, own, first = read_weights(weights, values, labels, missing_weights=missing_weights)
    if not labels.columns and own.columns:
        layout = read_layout(own, values.shape[1], accounts)
    check_rates(settings.costs, layout.labels.dates)
    targets = layout.account_order(targets)
    check_percent(targets, layout, first)
    if max_leverage is not None:
        check_leverage(targets, layout, max_leverage, first)
    fills = values if fill_prices is None else _read_fills(fill_prices, values, labels)
    volume, spread = _read_impact(settings.costs, average_volume, volatility, values, labels)
    targets, schedule = _by_calendar(targets, layout, settings, first)
    ordered = layout.account_order(values)
    market = Market(
        prices=ordered,
        fill_prices=ordered if fill_prices is None else layout.account_order(fills),
        average_volume=layout.account_order(volume),
        volatility=layout.account_order(spread),
        events=read_events(corporate_actions, layout),
        schedule=schedule,
    )
    refuse_unsimulated(market.events, layout)
    check_events(market.events, market.prices, layout)
    gates, limits = check_sequence(gates, name="gates"), read_limits(limits, layout.columns)
    fields = _read_fields(bar_fields, bool(gates or limits), len(values))
    gates = read_gates(gates, layout.labels) if gates else ()
    rival = None if benchmark is None else read_benchmark(benchmark, layout.labels, len(values))
    done = _run(settings, market, layout, targets, settings.lag + first, gates, limits, fields)
    return done if rival is None else replace(done, benchmark=check_benchmark(rival, done.record, layout))


def _refuse_constant(weights: Any) -> None:
    """Refuse weights without rows, such as a Series by asset, of which nobody says on which bars they are decided."""
    if is_instance_of(weights, "pandas", "Series") and weights.index.map(lambda label: isinstance(label, str)).all():
        weights = weights.to_dict()
    if isinstance(weights, Mapping) or (is_single(weights) and isinstance(weights, Real)):
        table = "DataFrame" if isinstance(weights, Mapping) else "Series"
        raise InvalidInputError(
            f"weights must have a row for each bar, got {shown(weights)}. The same on every bar are "
            f"pd.{table}({shown(weights)}, index=prices.index)."
        )


def _by_calendar(
    targets: FloatMatrix, layout: Layout, settings: Settings, first: int
) -> tuple[FloatMatrix, npt.NDArray[np.intp]]:
    """Return the targets in force and the bars to trade on, if accounts trade by a calendar."""
    if settings.rebalance not in PERIODS:
        return targets, np.zeros((0, len(layout.accounts)), dtype=np.intp)
    return scheduled(targets, layout, str(settings.rebalance), first=first, lag=settings.lag)


def _run(
    settings: Settings,
    market: Market,
    layout: Layout,
    targets: FloatMatrix,
    lag: int,
    gates: Sequence[Any],
    limits: Sequence[Limit],
    fields: Mapping[str, Any],
) -> Backtest:
    gated: list[GatedAccount] = []
    record, state = new_record(settings, market, layout)
    if gates or limits:
        buffer = np.zeros((1, market.prices.shape[1]))
        kernel = bind(settings, market, layout, buffer, lag, record, state)
        gated = [GatedAccount(layout, i, gates, limits, settings, fields, market) for i in range(len(layout.accounts))]
        labels: Any = layout.labels.row_names
        run_gated(kernel, targets, buffer, gated, lag=lag, labels=labels, record=record, state=state)
    else:
        run_history(settings, market, layout, targets, lag, record, state)
    check_fault(state, layout)
    check_identity(record, market, layout, settings)
    records = tuple(gate for account in gated for gate in account.gates if isinstance(gate, RecordedBreakers))
    return Backtest(layout, settings, market, record, records, limit_records=collect(gated))


def _read_fields(given: Any, observed: bool, rows: int) -> dict[str, Any]:
    fields = read_columns(given, rows)
    taken = sorted(set(GIVEN_BY_THE_ACCOUNT).intersection(fields))
    if taken:
        raise InvalidInputError(f"bar_fields must not hold {taken[0]!r}, which the account shows by itself.")
    if fields and not observed:
        raise InvalidInputError("bar_fields are for gates and limits, got neither.")
    return fields


def _read_fills(fill_prices: Data, prices: FloatMatrix, labels: Labels) -> FloatMatrix:
    fills, own = read_prices(fill_prices, name="fill_prices")
    check_same_labels(fill_prices, fills, own, prices, labels, name="fill_prices")
    return fills


def _read_impact(
    costs: Costs, average_volume: Data | None, volatility: Data | None, prices: FloatMatrix, labels: Labels
) -> tuple[FloatMatrix, FloatMatrix]:
    """Return average volume and volatility, or a row of zeros each where there is no impact."""
    if costs.impact == 0.0:
        if average_volume is not None or volatility is not None:
            raise InvalidInputError("average_volume and volatility are for costs with an impact, got impact 0.")
        none = np.zeros((1, prices.shape[1]))
        return none, none
    if average_volume is None or volatility is None:
        raise InvalidInputError(
            f"average_volume and volatility must be given for an impact, got impact {costs.impact:g} and no "
            f"{'average_volume' if average_volume is None else 'volatility'}."
        )
    volume = read_like(average_volume, prices, labels, name="average_volume", positive=True)
    return volume, read_like(volatility, prices, labels, name="volatility", positive=False)


def _read_settings(
    lag: int,
    costs: Costs | float,
    capital: float,
    rebalance: str | float,
    lot_size: float | None,
    min_trade_notional: float,
    borrowing: bool,
    max_leverage: float | None,
    missing_prices: str,
    missing_weights: str,
) -> Settings:
    if check_count(lag, name="lag", minimum=0) == 0:
        warn_user(
            "lag=0 fills weights on the bar they are decided after: same-close look-ahead, unless the weights were "
            "shifted before."
        )
    if isinstance(rebalance, str) or hasattr(rebalance, "freqstr"):
        rebalance = check_period(rebalance, WAYS, name="rebalance")
    else:
        rebalance = check_number(rebalance, name="rebalance")
        if rebalance < 0.0:
            raise InvalidInputError(f"rebalance must not be negative as a band, got {rebalance!r}.")
    if check_number(min_trade_notional, name="min_trade_notional") < 0.0:
        raise InvalidInputError(f"min_trade_notional must not be negative, got {min_trade_notional!r}.")
    return Settings(
        lag=int(lag),
        rebalance=rebalance,
        costs=as_costs(costs),
        capital=check_positive(capital, name="capital"),
        lot_size=0.0 if lot_size is None else check_positive(lot_size, name="lot_size"),
        min_trade_notional=float(min_trade_notional),
        borrowing=bool(borrowing),
        max_leverage=None if max_leverage is None else check_positive(max_leverage, name="max_leverage"),
        missing_prices=check_choice(missing_prices, MISSING_PRICES, name="missing_prices"),
        missing_weights=check_choice(missing_weights, MISSING_WEIGHTS, name="missing_weights"),
    )
