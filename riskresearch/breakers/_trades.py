"""Breakers on closed trades: how many lost, or how much, in a moving window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from riskresearch.breakers._breaker import Breaker
from riskresearch.breakers._limits import OTHER_NAMES
from riskresearch.breakers._types import Observer
from riskresearch.core._checks import check_choice, check_count, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._records import NAN, Bar
from riskresearch.core.dates._moments import moment_of
from riskresearch.kernels.compiled._breaker_triggers import TradeWindow

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

TradeMeasure: TypeAlias = Literal["losing_trades", "gross_loss", "net_loss", "trades"]
OTHER_NAMES_OF_TRADES = {
    **dict.fromkeys(("lookback", "lookback_period", "lookback_period_candles", "period"), "window"),
    **dict.fromkeys(("count", "losses", "losing_trades", "max_trades", "n_losses"), "limit"),
    "stop_duration_candles": "cooldown",
    "stop_duration": "Minutes are cooldown=timedelta(minutes=60).",
    "trade_limit": "A number of losing trades is limit, a least number of trades min_trades.",
    "required_profit": "A profit of 2 % that is asked for is limit=-0.02 with measure='net_loss'.",
    "unlock_at": "Until half past nine is cooldown=time(9, 30).",
    "only_per_pair": "By asset is scope='asset'.",
    "only_per_side": "By side is scope='side'.",
}
"""What freqtrade calls the parameters."""
MEASURES = ("losing_trades", "gross_loss", "net_loss", "trades")


@answers_other_names({**OTHER_NAMES, **OTHER_NAMES_OF_TRADES}, second="window")
@dataclass(frozen=True, slots=True)
class ClosedTradesBreaker(Breaker):
    """Trips when too many of the trades that closed lately lost, or too much was lost with them.

    It trips on a bar on which such a trade closes, and not again after a re-entry because of trades that closed before,
    until another one does: a losing one, or any one for "net_loss" and "trades". The trades are `Bar.closed_trades`,
    () on a bar on which none closed; with scope "asset" or "side" each asset or side has its own count, and trips
    alone. `simulate` shows the trades of the account, `backtest_breakers` those of `trades=`. The other parameters are
    those of `Breaker`.

    Parameters
    ----------
    limit : float
        How many trades; or how much was lost, positive, in the unit of `ClosedTrade.profit`. A net loss of -0.02 is a
        profit of 0.02.
    measure : {"losing_trades", "gross_loss", "net_loss", "trades"}
        Number of losing trades, sum of their losses, sum of all losses less all gains, or number of all trades.
    window : int or timedelta
        Bars, this one included, or time: trades that closed less than this ago.
    min_trades : int
        With fewer trades in the window, losing or not, nothing trips.
    min_loss : float
        A trade must have lost more than this to be a losing one.

    Examples
    --------
    >>> from riskresearch.breakers import ClosedTradesBreaker
    >>> from riskresearch.core import Bar, ClosedTrade
    >>> running = ClosedTradesBreaker(2, window=3, cooldown=2, stage="halt").start()
    >>> profits = [(-0.01,), (0.02,), (-0.03,), (), ()]
    >>> bars = [Bar(closed_trades=tuple(map(ClosedTrade, each))) for each in profits]
    >>> [running.update(bar).reduce_only for bar in bars]
    [False, False, True, True, False]
    """

    measure: TradeMeasure = field(default="losing_trades", kw_only=True)
    window: int | timedelta = field(default=20, kw_only=True)
    min_trades: int = field(default=1, kw_only=True)
    min_loss: float = field(default=0.0, kw_only=True)

    code = "CLOSED_TRADES"

    def __post_init__(self) -> None:
        """Check what was given."""
        check_choice(self.measure, MEASURES, name="measure")
        check_count(self.min_trades, name="min_trades", minimum=1)
        if check_number(self.min_loss, name="min_loss") < 0.0:
            raise InvalidInputError(f"min_loss must not be negative, got {self.min_loss!r}.")
        if self.measure != "net_loss" and check_number(self.limit, name="limit") <= 0.0:
            raise InvalidInputError(
                f"limit must be positive for {self.measure!r}, got {self.limit!r}. A loss is positive; a profit that "
                "is asked for is a negative net loss: measure='net_loss'."
            )
        if self.in_time():
            if not self.length() > 0.0:
                raise InvalidInputError(f"window must be positive, got {self.window!r}.")
        else:
            _check_bars(self.window)
        Breaker.__post_init__(self)

    def in_time(self) -> bool:
        """Return whether the window is one of time."""
        return isinstance(self.window, timedelta)

    def length(self) -> float:
        """Return the window in bars or in seconds."""
        return self.window.total_seconds() if isinstance(self.window, timedelta) else float(self.window)

    def needs_dates(self) -> bool:
        """Return whether it counts in time or by the calendar."""
        return self.in_time() or Breaker.needs_dates(self)

    def observer(self) -> Observer:
        """Return a fresh observer of bars."""
        measure = MEASURES.index(self.measure)
        return TradeObserver(
            TradeWindow(measure, self.length(), self.min_loss, self.min_trades), in_time=self.in_time()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the class and the parameters as plain numbers and text."""
        window = self.window
        own = {"seconds": window.total_seconds()} if isinstance(window, timedelta) else int(window)
        return {**Breaker.to_dict(self), "window": own}


def _check_bars(window: Any) -> None:
    try:
        check_count(window, name="window", minimum=1)
    except InvalidInputError as error:
        rule = f"window must be a whole number of at least 1, got {window!r}." if isinstance(window, str) else error
        raise InvalidInputError(f"{rule} Bars are a number, time is a timedelta: timedelta(hours=24).") from None


class TradeObserver(Observer):
    """An observer of the trades that closed; `opening` observes what its number may do."""

    __slots__ = ("_bars", "_in_time", "_window", "opened", "opening")

    def __init__(self, window: TradeWindow, *, in_time: bool) -> None:
        self.fields, self.trigger, self.observe = ("closed_trades",), None, self._observe
        self._window, self._in_time = window, in_time
        self._bars = 0.0
        self.opened: Any = NAN
        """What the number of the last bar may do, or an array with those of a history."""
        self.opening = OpeningObserver(self)

    def _observe(self, bar: Bar) -> float:
        now = moment_of(bar.time).instant if self._in_time else self._bars
        self._bars += 1.0
        trades = bar.closed_trades
        if trades is None:
            self.opened = NAN
            return NAN
        number, self.opened = self._window.step(  # type: ignore[no-untyped-call]
            now, [float(trade.profit) for trade in trades]
        )
        return float(number)

    def fill(self, columns: Mapping[str, Any], numbers: FloatVector) -> None:
        """Fill `numbers` with what `observe` returns for each bar; closed_trades are a `TradeColumn`."""
        trades = columns["closed_trades"]
        self.opened = numbers.copy()
        clocks = trades.seconds if self._in_time else trades.bars
        self._window.run(clocks, trades.ends, trades.profits, numbers, self.opened)

    def state(self) -> Any:
        """Return the memory as plain numbers and lists."""
        kept = [None if number != number else number for number in self._window.kept()]  # type: ignore[no-untyped-call]
        return [self._bars, bool(self._window.fresh), kept]

    def restore(self, state: Any) -> None:
        """Set the memory that `state` returned."""
        bars, fresh, kept = state
        self._bars = float(bars)
        self._window.restore([NAN if number is None else float(number) for number in kept], bool(fresh))


class OpeningObserver(Observer):
    """An observer of what the number of another one, observed before it on the same bar, may do."""

    __slots__ = ("_of",)

    def __init__(self, of: TradeObserver) -> None:
        self.fields, self.trigger, self.observe = (), None, self._observe
        self._of = of

    def _observe(self, bar: Bar) -> float:
        return float(self._of.opened)

    def fill(self, columns: Mapping[str, Any], numbers: FloatVector) -> None:
        """Fill `numbers` with what `observe` returns for each bar."""
        numbers[:] = self._of.opened
