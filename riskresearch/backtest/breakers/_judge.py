"""The result of a breaker backtest, computed from the path of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.backtest.breakers._bars import ORDERS, Bars
from riskresearch.backtest.breakers._halt_significance import halt_significance
from riskresearch.backtest.breakers._paths import Path, net_returns
from riskresearch.backtest.breakers._result import AccountPath, BreakerBacktest
from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._set import BreakerSet
from riskresearch.breakers._types import STAGES, BreakerEvent, BreakerStatus

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector


def find_events(breakers: BreakerSet, path: Path, times: Any) -> tuple[BreakerEvent, ...]:
    """Return the changes of status of a path, in order of time, then priority, stage and name."""
    found = []
    for rank, number in enumerate(sorted(range(len(breakers)), key=lambda i: _order(breakers.breakers[i]))):
        breaker = breakers.breakers[number]
        out = (path.statuses[number] != BreakerStatus.ARMED).astype(np.int8)
        for row in np.flatnonzero(np.diff(out, prepend=0)).tolist():
            event = BreakerEvent(
                times[row], breaker.label(), "trip" if out[row] else "re-arm", breaker.code,
                float(path.numbers[number, row]), breaker.limit, breaker.stage, breaker.scope,
            )  # fmt: skip
            found.append((row, rank, event))
    return tuple(event for _, _, event in sorted(found, key=lambda item: item[:2]))


def _order(breaker: Breaker) -> tuple[float, int, str]:
    return -breaker.priority, -STAGES[breaker.stage], breaker.label()


def make_result(
    breakers: BreakerSet, bars: Bars, path: Path, cost: float, lag: int, ticks: int, intrabar: str | None, judge: Any
) -> BreakerBacktest:
    start = bars.start
    returns = np.nan_to_num(bars.returns)
    equity = path.equity / start
    without: FloatVector = np.asarray(
        bars.prices / start if len(bars.prices) else np.cumprod(1.0 + returns), dtype=float
    )
    net = net_returns(equity)
    moved = np.abs(np.diff(path.exposure, prepend=1.0))
    last = slice(ticks - 1, None, ticks)
    paid = (cost * moved).reshape(-1, ticks).sum(axis=1)
    if ticks > 1:
        equity, without = equity[last], without[last]
        net = net_returns(equity)
    when = "the close" if intrabar is None else f"each of {', '.join(ORDERS[intrabar])}, assumed to come in this order"
    unit = "bar" if ticks == 1 else "tick"
    words = (
        f"Decided after {when}, in force from the return of the {unit} {lag} later; filled at the price before it; "
        f"cost {cost:g} of the exposure moved; halts and freezes keep what is held."
        + ("" if ticks == 1 else " Significance counts ticks.")
    )
    return BreakerBacktest(
        breakers=breakers, labels=bars.labels,
        path=AccountPath(
            returns=net_returns(without) if ticks > 1 else returns,
            exposure=path.exposure.reshape(-1, ticks).mean(axis=1), net_returns=net, equity_path=equity,
            equity_unhalted=without, cost_paid=paid,
        ),
        statuses=path.statuses[:, last], numbers=path.numbers[:, last],
        events=find_events(breakers, path, bars.times), conventions=words,
        significance=halt_significance(returns, path.exposure, costs=cost, **judge),
    )  # fmt: skip
