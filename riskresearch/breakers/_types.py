"""The words of circuit breakers: kinds, states, what a bar shows, what is decided, what happened."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum, StrEnum
from numbers import Real
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.core._types import FloatVector

NAN = float("nan")


class BreakerType(StrEnum):
    """What a breaker watches; the value is the code in its events."""

    DRAWDOWN = "DRAWDOWN"
    PERIOD_LOSS = "PERIOD_LOSS"
    VOLATILITY = "VOLATILITY"
    TAIL_BREACHES = "TAIL_BREACHES"
    LOSS_STREAK = "LOSS_STREAK"
    GAP = "GAP"
    PRICE_BAND = "PRICE_BAND"
    EXPOSURE = "EXPOSURE"
    CORRELATION = "CORRELATION"
    DISPERSION = "DISPERSION"
    TURNOVER = "TURNOVER"
    REJECT_RATE = "REJECT_RATE"
    STALE_DATA = "STALE_DATA"
    FEED_DIVERGENCE = "FEED_DIVERGENCE"
    MARKET_WIDE = "MARKET_WIDE"
    LIMIT_STATE = "LIMIT_STATE"
    CUSTOM = "CUSTOM"
    COMBINED = "COMBINED"


class BreakerStatus(IntEnum):
    """Where a breaker stands. TRIPPED waits for something to happen, COOLING_DOWN only for time to pass."""

    ARMED = 0
    TRIPPED = 1
    COOLING_DOWN = 2


class BreakerStage(IntEnum):
    """What a tripped breaker does, the strictest last."""

    NONE = 0
    WARN = 1
    """Only says so."""
    REDUCE = 2
    """Targets are multiplied by the breaker's fraction."""
    HALT = 3
    """No new exposure; orders that only reduce pass."""
    LIQUIDATE = 4
    """Everything is sold; orders that only reduce pass."""
    FREEZE = 5
    """Nothing trades, not even what would reduce."""


class TradingState(StrEnum):
    """What orders may do, of all breakers together."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    """Within a fraction of the targets."""
    HALTED = "HALTED"
    """Nothing new; what only reduces passes, unless the decision says `frozen`."""


class BreakerPriority(IntEnum):
    """Who decides when breakers are tripped together: the highest; among equals the strictest. Any number will do."""

    LOW = 0
    NORMAL = 50
    HIGH = 100
    REGULATORY = 200
    EXCHANGE = 300


class BreakerEvent(NamedTuple):
    """One change of one breaker, with both numbers."""

    time: Any
    """The bar's time, or its number where bars have none."""
    breaker: str
    event: str
    """"trip", "re-arm" or "release" (by hand)."""
    code: str
    value: float
    limit: float
    stage: str
    scope: str = "portfolio"
    unit: str = ""
    """Which asset or strategy; empty for the portfolio."""

    def __str__(self) -> str:
        """Return `CODE: value=..., limit=...` with time and name."""
        return f"{self.time} {self.breaker} {self.event} {self.code}: value={self.value:.6g}, limit={self.limit:.6g}"


class BreakerMetrics(NamedTuple):
    """Where one breaker stands, for a monitor."""

    breaker: str
    code: str
    status: BreakerStatus
    value: float
    """The number of the last bar; nan if it was not known."""
    limit: float
    headroom: float
    """Limit less value."""
    trips: int
    since: float
    """The moment the status is counted from, on the breaker's clock."""


class BreakerDecision(NamedTuple):
    """What holds from the next bar on."""

    fraction: float = 1.0
    """Multiplies the next targets; 0 sells everything."""
    state: TradingState = TradingState.ACTIVE
    reduce_only: bool = False
    """No position may grow in absolute size nor cross zero."""
    frozen: bool = False
    """Nothing may trade."""
    decider: str = ""
    """The breaker that decides; empty if none does."""
    events: tuple[BreakerEvent, ...] = ()
    units: Mapping[str, BreakerDecision] = {}
    """The decision for each asset or strategy, where breakers of that scope are in the set."""


class MarketConditions(NamedTuple):
    """What breakers are shown of one bar. Give what the breakers of the set watch; nan is not known.

    Returns and exposures are fractions, a loss is a negative return. `equity` is the account's, after the bar; at zero
    or below everything is lost. Prices are positive. Numbers that cannot be are refused, an infinity among them.
    `strategy_return` is what the strategy made or would have made if no breaker had stopped it. `value_at_risk` and
    `conditional_value_at_risk` are forecasts made before the bar, positive losses. `units` shows each asset or strategy
    its own conditions, for breakers of that scope.
    """

    time: Any = None
    equity: float = NAN
    strategy_return: float = NAN
    price: float = NAN
    open: float = NAN
    high: float = NAN
    low: float = NAN
    bid: float = NAN
    ask: float = NAN
    reference_price: float = NAN
    other_price: float = NAN
    volatility: float = NAN
    value_at_risk: float = NAN
    conditional_value_at_risk: float = NAN
    gross_exposure: float = NAN
    net_exposure: float = NAN
    turnover: float = NAN
    orders: float = NAN
    rejects: float = NAN
    data_age: float = NAN
    """Seconds since the last message."""
    asset_returns: Sequence[float] = ()
    units: Mapping[str, MarketConditions] = {}


BEYOND = 1e100
"""No number of a bar is as large: the squares and sums of such numbers are beyond what a double holds."""
SMALLEST_PRICE = 1.0 / BEYOND
NUMBERS = MarketConditions._fields[1:-2]
PRICES = ("price", "open", "high", "low", "bid", "ask", "reference_price", "other_price")
SIZES = ("volatility", "gross_exposure", "turnover", "orders", "rejects", "data_age")
RETURNS = ("strategy_return", "asset_returns")
LEAST = {
    **dict.fromkeys(NUMBERS, -BEYOND), **dict.fromkeys(PRICES, SMALLEST_PRICE), **dict.fromkeys(SIZES, 0.0),
    **dict.fromkeys(RETURNS, -1.0),
}  # fmt: skip
"""The least that a number of a bar may be, by field; an account may be at zero or below."""
_LEAST_BY_PLACE = (0.0, *(LEAST[name] for name in NUMBERS))
_NO_ASSETS = MarketConditions().asset_returns


def check_conditions(shown: Any, within: str = "", given: tuple[int, ...] = ()) -> tuple[int, ...]:
    """Refuse a bar with a number that cannot be, nan is one that is not known; return the places of those given.

    Bars are mostly alike: where `given`, the places of the bar before, are those of this one too, only they are read.
    """
    if not isinstance(shown, MarketConditions):
        raise InvalidInputError(f"{within or 'conditions'} must be MarketConditions, got {shown!r}.")
    name = f"{within}." if within else ""
    if shown.count(NAN) != len(NUMBERS) - len(given):
        given = tuple(place for place in range(1, len(NUMBERS) + 1) if shown[place] is not NAN)
    for place in given:
        value = shown[place]
        if type(value) is float and _LEAST_BY_PLACE[place] <= value < BEYOND:
            continue
        if value is NAN:
            return check_conditions(shown, within)
        check_shown_number(value, NUMBERS[place - 1], within=name)
    if shown[0] is not None:
        _check_time(shown.time, f"{name}time")
    if shown.asset_returns is not _NO_ASSETS:
        _check_asset_returns(shown.asset_returns, name)
    if shown.units:
        if not isinstance(shown.units, Mapping):
            raise InvalidInputError(f"{name}units must be a mapping of names to MarketConditions, got {shown.units!r}.")
        for unit, own in shown.units.items():
            check_conditions(own, f"{name}units[{unit!r}]")
    return given


def check_shown_number(value: Any, field: str, *, within: str = "", where: str = "") -> None:
    """Refuse one number of a bar if it cannot be one of `field`; `where` ends the message."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise InvalidInputError(f"{within}{field} must be a number, nan where it is not known, got {value!r}{where}.")
    number: Any = value  # int, float, Fraction: all are compared with a float
    if number != number or LEAST[field] <= number < BEYOND:
        return
    if not -BEYOND < number < BEYOND:
        rule, remedy = "be finite and below 1e100 in size", "A number that is not known is nan."
    elif field in PRICES:
        rule, remedy = "be positive", "A price that is not known is nan, not zero."
    elif field in RETURNS:
        rule, remedy = "be -1 or more", "A loss of everything or more is -1.0, with `equity` at zero or below."
    else:
        rule, remedy = "not be negative", "A number that is not known is nan."
    raise InvalidInputError(f"{within}{field} must {rule}, got {value!r}{where}. {remedy}")


def _check_asset_returns(row: Any, within: str) -> None:
    try:
        values = list(row) if not isinstance(row, str | bytes | Mapping) else None
    except TypeError:
        values = None
    if values is None:
        raise InvalidInputError(f"{within}asset_returns must be a sequence of numbers, one an asset, got {row!r}.")
    for value in values:
        if not (type(value) is float and -1.0 <= value < BEYOND):
            check_shown_number(value, "asset_returns", within=within)


def _check_time(given: Any, name: str) -> None:
    """Refuse what is no moment: text, a bool, an endless number. NaT is a time that is not known, as None is."""
    time: Any = given
    kind = type(given).__name__
    if isinstance(given, bool) or not (hasattr(time, "toordinal") or kind == "datetime64" or isinstance(given, Real)):
        raise InvalidInputError(f"{name} must be a datetime, a date, a datetime64, seconds or None, got {time!r}.")
    if isinstance(given, Real) and not -BEYOND < time < BEYOND and time == time:
        raise InvalidInputError(f"{name} must be a moment, got {time!r}. A time that is not known is None.")


class Watch:
    """What a breaker sees of a bar: the fields of the conditions that it takes, and the trigger they go through.

    `prepare`, where there is one, is called before `observe` with the same bar: it may refuse it, and changes nothing.
    """

    __slots__ = ("fields", "observe", "trigger")
    prepare: Callable[[MarketConditions], None] | None = None

    def __init__(self, names: tuple[str, ...], trigger: Any = None) -> None:
        self.fields, self.trigger = names, trigger
        get: Callable[[MarketConditions], Any] = attrgetter(*names)
        self.observe: Callable[[MarketConditions], float] = get
        if trigger is not None and len(names) == 2:
            self.observe = lambda conditions: trigger.step(*get(conditions))
        elif trigger is not None:
            self.observe = lambda conditions: trigger.step(get(conditions), get(conditions))

    def fill(self, columns: Mapping[str, FloatVector], numbers: FloatVector) -> None:
        """Put what `observe` says of each bar of `columns` into `numbers`, both shape (rows,)."""
        if self.trigger is None:
            numbers[:] = columns[self.fields[0]]
        else:
            self.trigger.run(columns[self.fields[0]], columns[self.fields[-1]], numbers)

    def state(self) -> Any:
        """Return the memory as plain numbers and lists."""
        trigger = self.trigger
        return trigger and [trigger.filled, trigger.last, trigger.count, list(trigger.memory)]

    def restore(self, state: Any) -> None:
        """Take the memory that `state` returned."""
        if self.trigger is not None:
            self.trigger.filled, self.trigger.last, self.trigger.count = state[:3]
            self.trigger.memory[:] = array("d", state[3])


def events_frame(events: Sequence[BreakerEvent]) -> pd.DataFrame:
    """Return a table of events, one row each.

    Parameters
    ----------
    events : sequence of BreakerEvent
        In any order, which is kept.

    Returns
    -------
    DataFrame
        With the fields of `BreakerEvent` as columns.

    Raises
    ------
    ImportError
        If pandas is missing.

    Examples
    --------
    >>> from riskresearch.breakers import BreakerEvent, events_frame
    >>> events_frame([BreakerEvent(7, "stop", "trip", "DRAWDOWN", 0.12, 0.1, "liquidate")]).loc[0, "value"].item()
    0.12
    """
    import pandas as pd  # noqa: PLC0415 (a monitor may never need it)

    return pd.DataFrame(list(events), columns=list(BreakerEvent._fields))
