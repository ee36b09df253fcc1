"""Limits of the flow of orders: twins, rates, repeated executions, lists, sessions and short sales."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date, time
from typing import Any, ClassVar

from riskresearch.core._checks import check_count, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import Limit, Scope, check_seconds, names_in
from riskresearch.pretrade.limits._rule import ByName, Rule, Table


@dataclass(frozen=True, slots=True)
class DuplicateOrder(Limit):
    """An order is not the same as one sent within the window: asset, side, units, limit price and account.

    Parameters
    ----------
    window : float or timedelta
        Seconds; one sent exactly that long before is no duplicate.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import DuplicateOrder
    >>> DuplicateOrder(2.0).window
    2.0
    """

    code: ClassVar[LimitCode] = LimitCode.DUPLICATE_ORDER
    counted_in: ClassVar[str] = "seconds"
    graded: ClassVar[bool] = False
    window: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("window", check_seconds(self.window, name="window"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.DUPLICATE, ("time",), deny=self.window, exempt=False, window=self.window),)


@dataclass(frozen=True, slots=True)
class RateLimit(Limit):
    """What limits on the rate of orders and of messages have in common."""

    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy", "asset")
    counted_in: ClassVar[str] = "count"
    counts_cancellations: ClassVar[bool] = False
    deny: float
    _: KW_ONLY
    window: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("window", check_seconds(self.window, name="window"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(
                rules.RATE,
                ("time",),
                deny=self.deny,
                warn=self.warn,
                counted=True,
                exempt=False,
                window=self.window,
                option=int(self.counts_cancellations),
            ),
        )


@dataclass(frozen=True, slots=True)
class OrderRate(RateLimit):
    """Largest number of orders within a sliding window, the one asked included; exits are counted and judged.

    Parameters
    ----------
    deny : float
        Largest number of orders.
    window : float or timedelta
        Seconds; an order exactly one window old has left it.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import OrderRate
    >>> OrderRate(5, window=1.0).deny
    5
    """

    code: ClassVar[LimitCode] = LimitCode.ORDER_RATE


@dataclass(frozen=True, slots=True)
class MessageRate(RateLimit):
    """Largest number of messages within a sliding window, orders and cancellations; exits are counted and judged.

    Parameters
    ----------
    deny : float
        Largest number of messages.
    window : float or timedelta
        Seconds; a message exactly one window old has left it.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import MessageRate
    >>> MessageRate(50, window=1.0).scope
    'account'
    """

    code: ClassVar[LimitCode] = LimitCode.MESSAGE_RATE
    counts_cancellations: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RepeatedExecution(Limit):
    """Largest number of orders of a strategy until somebody releases it (RTS 6, article 15); exits pass.

    Parameters
    ----------
    deny : float
        Largest number of orders since the release, which `Book.released` has.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import RepeatedExecution
    >>> RepeatedExecution(20).scope
    'strategy'
    """

    code: ClassVar[LimitCode] = LimitCode.REPEATED_EXECUTION
    scopes: ClassVar[tuple[Scope, ...]] = ("strategy", "account", "asset")
    counted_in: ClassVar[str] = "count"
    deny: float

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.RATE, deny=self.deny, warn=self.warn, counted=True),)


@dataclass(frozen=True, slots=True)
class RestrictedList(Limit):
    """Assets that must not be traded; what only reduces a position passes, unless `limit_exits`.

    Parameters
    ----------
    assets : sequence or set of str
        Their names.
    limit_exits : bool
        Whether what only reduces a position is denied too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import RestrictedList
    >>> RestrictedList(["B", "A"]).assets
    ('A', 'B')
    """

    code: ClassVar[LimitCode] = LimitCode.RESTRICTED_LIST
    counted_in: ClassVar[str] = "flag"
    graded: ClassVar[bool] = False
    tighter: ClassVar[Mapping[str, str]] = {"assets": "more"}
    assets: tuple[str, ...]
    _: KW_ONLY
    limit_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("assets", names_in(self.assets, name="assets"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.LISTED, exempt=not self.limit_exits, table=Table("listed", self.assets)),)


@dataclass(frozen=True, slots=True)
class AllowedList(Limit):
    """Assets that alone may be traded, of all or by strategy; what only reduces passes, unless `limit_exits`.

    Parameters
    ----------
    assets : sequence or set of str, or mapping of str to them
        Names of the assets, or those of each strategy; a strategy that is not named may trade nothing.
    limit_exits : bool
        Whether what only reduces a position is denied too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import AllowedList
    >>> AllowedList({"trend": ["A", "B"]}).assets
    {'trend': ('A', 'B')}
    """

    code: ClassVar[LimitCode] = LimitCode.ALLOWED_LIST
    counted_in: ClassVar[str] = "flag"
    graded: ClassVar[bool] = False
    tighter: ClassVar[Mapping[str, str]] = {"assets": "fewer"}
    assets: Any
    _: KW_ONLY
    limit_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        if isinstance(self.assets, Mapping):
            self._put(
                "assets", ByName({name: names_in(each, name=f"assets[{name!r}]") for name, each in self.assets.items()})
            )
        else:
            self._put("assets", names_in(self.assets, name="assets"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.LISTED, exempt=not self.limit_exits, table=Table("allowed", self.assets)),)


@dataclass(frozen=True, slots=True)
class Session(Limit):
    """Hours in which orders may be sent, on the clock of a zone; exits are judged too.

    Parameters
    ----------
    opens, closes : datetime.time or str
        Such as "09:30" and "16:00", both included; a session that closes before it opens goes over midnight and belongs
        to the day on which it opened.
    time_zone : str
        Such as "America/New_York"; times without a zone are UTC.
    weekdays : sequence of int
        Days on which it opens, Monday is 0.
    holidays : sequence of datetime.date or str
        Days on which it does not open.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import Session
    >>> Session("09:30", "16:00", time_zone="America/New_York").opens
    datetime.time(9, 30)
    """

    code: ClassVar[LimitCode] = LimitCode.SESSION
    counted_in: ClassVar[str] = "flag"
    graded: ClassVar[bool] = False
    opens: Any
    closes: Any
    _: KW_ONLY
    time_zone: str = "UTC"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        """Check the parameters."""
        from zoneinfo import ZoneInfo  # noqa: PLC0415 (only sessions need zones)

        Limit.__post_init__(self)
        for each in ("opens", "closes"):
            self._put(each, _parsed(getattr(self, each), time, each, "09:30"))
        if self.opens == self.closes:
            raise InvalidInputError(f"closes must differ from opens, got {self.closes} for both.")
        try:
            ZoneInfo(self.time_zone)
        except (KeyError, ValueError, OSError, TypeError) as error:
            raise InvalidInputError(
                f'time_zone must be the name of a time zone, such as "America/New_York", got {shown(self.time_zone)}.'
            ) from error
        given: Any = self.weekdays
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise InvalidInputError(
                f"weekdays must be a sequence of numbers from 0, Monday, to 6, got {shown(self.weekdays)}."
            )
        days = tuple(sorted({check_count(each, name="weekdays", minimum=0) for each in self.weekdays}))
        if not days or days[-1] > 6:
            raise InvalidInputError(f"weekdays must be numbers from 0, Monday, to 6, got {shown(self.weekdays)}.")
        self._put("weekdays", days)
        self._put("holidays", tuple(sorted({_parsed(each, date, "holidays", "2024-12-25") for each in self.holidays})))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.FLAGGED, ("time",), exempt=False, table=Table("session", self)),)


@dataclass(frozen=True, slots=True)
class ShortSale(Limit):
    """Units are sold short only as far as they are located, by `Book.locates`.

    Parameters
    ----------
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import ShortSale
    >>> ShortSale().code.name
    'SHORT_SALE'
    """

    code: ClassVar[LimitCode] = LimitCode.SHORT_SALE

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.SHORT_SALE, ("locates",), counted=True, table=Table("book", "locates")),)


def _parsed(given: Any, kind: Any, name: str, example: str) -> Any:
    """Return a date or a time of day of itself or its text."""
    if hasattr(given, "hour") and kind is date:
        given = given.date()
    if isinstance(given, kind):
        return given
    try:
        return kind.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(f'{name} must be such as "{example}", got {shown(given)}.') from error
