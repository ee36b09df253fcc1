"""The one checker of orders: for one, for a batch, what is left of each limit, and what would pass."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from riskresearch.core._checks import check_choice, check_sequence, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Order
from riskresearch.pretrade._codes import LimitCode, Outcome
from riskresearch.pretrade.book._book import Book
from riskresearch.pretrade.book._book_inputs import read_max_age
from riskresearch.pretrade.checker._bar_data import BarData
from riskresearch.pretrade.checker._bench import Bench
from riskresearch.pretrade.checker._flow import BREACHES, MODES, Flow
from riskresearch.pretrade.checker._headroom import Headroom, WhatIf, headroom_of, what_if_of
from riskresearch.pretrade.checker._running import RunningChecker
from riskresearch.pretrade.checker._verdict import Verdict
from riskresearch.pretrade.checker._verdicts import Verdicts
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.orders._orders import Orders

if TYPE_CHECKING:
    from riskresearch.pretrade.checker._plan import Plan

    OnBreach = Literal["deny", "clip", "record"]
    Mode = Literal["cumulative", "all_or_none", "independent"]

MOST_BENCHES = 16


class Repair(NamedTuple):
    """What of an order would pass.

    Attributes
    ----------
    units : float
        Signed; 0 if nothing would.
    binding : str
        Codes of the limits that deny one step more, joined by plus signs; empty if the whole order passes.
    """

    units: float
    binding: str


@dataclass(frozen=True, slots=True)
class UnifiedLimitChecker:
    """Limits that every order is judged by, whole and in their order, with all reasons.

    Immutable, compared and hashed by value, and shared by threads as it is.

    Parameters
    ----------
    limits : sequence of Limit
        The limits; two may have one code. Without any, only what is no order is denied.
    on_breach : {"deny", "clip", "record"}
        A breach denies the order, cuts it to the units that pass, or is recorded only and the order passes whole.
    max_age : float or mapping of str to float, optional
        Seconds after which the numbers of an argument of the book count as not known, and so do those whose age is not
        known; a number is that of prices.

    Examples
    --------
    >>> from riskresearch import UnifiedLimitChecker, pretrade
    >>> checker = UnifiedLimitChecker([pretrade.PositionUnits(100)])
    >>> book = pretrade.Book({"A": 60}, {"A": 10.0}, cash=400.0)
    >>> print(checker.check({"asset": "A", "units": 50}, book).explain())
    DENY +50 A
      POSITION_UNITS: value=110, limit=100
    >>> checker.repair({"asset": "A", "units": 50}, book)
    Repair(units=40.0, binding='POSITION_UNITS')
    """

    limits: tuple[Limit, ...]
    on_breach: OnBreach = field(default="deny", kw_only=True)
    max_age: Any = field(default=None, kw_only=True)
    _benches: dict[Any, Bench] = field(default_factory=dict, init=False, repr=False, compare=False)
    _data: BarData = field(default_factory=BarData, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the parameters."""
        limits = check_sequence(self.limits, name="limits")
        for limit in limits:
            if not isinstance(limit, Limit):
                remedy = "" if not isinstance(limit, type) else f" Write {limit.__name__}(...), with its parameters."
                raise InvalidInputError(f"limits must be limits of riskresearch.pretrade, got {shown(limit)}.{remedy}")
        object.__setattr__(self, "limits", limits)
        check_choice(self.on_breach, tuple(BREACHES), name="on_breach")
        object.__setattr__(self, "max_age", read_max_age(self.max_age))

    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.limits, self.on_breach, self.max_age, self._data)

    def check(self, order: Order | Mapping[str, Any], book: Book) -> Verdict:
        """Judge one order.

        Parameters
        ----------
        order : Order or mapping
            With `asset` and signed `units`.
        book : Book
            The book before it.

        Returns
        -------
        Verdict

        Raises
        ------
        InvalidInputError
            If the order or the book cannot be read.
        """
        return self._bench(book).check(read_order(order), self.on_breach)

    def check_batch(self, orders: Any, book: Book, *, mode: Mode = "cumulative") -> Verdicts:
        """Judge many orders, one after the other.

        Parameters
        ----------
        orders : Orders, DataFrame or sequence of Order or mapping
            See `Orders.of`.
        book : Book
            The book before the first.
        mode : {"cumulative", "all_or_none", "independent"}
            Each order sees those accepted before it as filled at its price; or all are denied where one is; or each is
            judged as if it were the only one.

        Returns
        -------
        Verdicts

        Raises
        ------
        InvalidInputError
            If the orders cannot be read, or are of several accounts and the book is of none.
        """
        check_choice(mode, tuple(MODES), name="mode")
        check_book(book)
        read = Orders.of(orders)
        if book.account is None and len({name for name in read.accounts if name}) > 1:
            raise InvalidInputError(
                f"orders must be of one account for a book of none, got {', '.join(map(repr, read.accounts))}. Check "
                "those of each account against its own Book(..., account=name)."
            )
        flow = Flow(self._plan_for(read, book), read, mode=mode, on_breach=self.on_breach)
        flow.run()
        outcome, units, denied = (flow.arrays[name] for name in ("outcome", "accepted", "denied"))
        if mode == "all_or_none" and self.on_breach != "record":
            refused = (outcome == Outcome.DENY) | (outcome == Outcome.CLIP)
            if refused.any():
                denied[~refused] |= int(LimitCode.BATCH)
                outcome[:], units[:] = Outcome.DENY, 0.0
        return Verdicts(self, read, book, mode, outcome, units, denied, flow.arrays["warned"])

    def headroom(self, book: Book) -> Headroom:
        """Return how far each limit is, and how many units of each asset may be bought and sold.

        Parameters
        ----------
        book : Book
            The book as it stands.

        Returns
        -------
        Headroom
        """
        return headroom_of(self._bench(book))

    def what_if(self, orders: Any, book: Book) -> WhatIf:
        """Return what each limit measures of the book before and after orders, whether they would pass or not.

        Parameters
        ----------
        orders : Orders, DataFrame or sequence of Order or mapping
            What would be filled.
        book : Book
            The book before.

        Returns
        -------
        WhatIf
        """
        return what_if_of(self._bench(book), Orders.of(orders))

    def repair(self, order: Order | Mapping[str, Any], book: Book) -> Repair:
        """Return the largest part of an order that passes, in whole lots where there is a limit on them.

        Parameters
        ----------
        order : Order or mapping
            With `asset` and signed `units`; whole units are cut to whole units.
        book : Book
            The book before it.

        Returns
        -------
        Repair
        """
        return Repair(*self._bench(book).repair(read_order(order)))

    def _plan_for(self, orders: Orders, book: Book) -> Plan:
        """Return the limits bound to a book for orders, which will change it."""
        return self._bench(book).plan_for(orders)

    def with_data(
        self,
        *,
        average_volume: Any = None,
        volatility: Any = None,
        groups: Any = None,
        scenarios: Any = None,
        betas: Any = None,
        factors: Any = None,
        locates: Any = None,
        opening_prices: Any = None,
        multipliers: Any = None,
    ) -> UnifiedLimitChecker:
        """Return the checker with what the bars of a simulation do not show.

        Parameters
        ----------
        average_volume, volatility, locates, betas, opening_prices : DataFrame, or mapping or Series by asset, optional
            As `Book` has them. Of a table with dates each bar reads the row of its own date, and a date without a row
            is an error; of one without dates, the row of its number.
        groups, factors, multipliers : mapping or DataFrame, optional
            As `Book` has them.
        scenarios : DataFrame, optional
            Simple returns, scenarios x assets. Where the rows have dates, each bar reads those at or before it.

        Returns
        -------
        UnifiedLimitChecker
            Equal to this one: data are no limits.
        """
        checker = UnifiedLimitChecker(self.limits, on_breach=self.on_breach, max_age=self.max_age)
        data = BarData(
            average_volume, volatility, groups, scenarios, betas, factors, locates, opening_prices, multipliers
        )
        object.__setattr__(checker, "_data", data)
        return checker

    def start(self, columns: Sequence[str]) -> RunningChecker:
        """Return the checker between the targets and the orders of an account, as `simulate` runs it.

        Limits in money and units are judged in those of the simulation, whose accounts begin with `capital`, 1 by
        default: pass the capital that the limits are made for.

        Parameters
        ----------
        columns : sequence of str
            Names of the account's columns, in their order.

        Returns
        -------
        RunningChecker
        """
        return RunningChecker(self, columns, self._data)

    def _bench(self, book: Book) -> Bench:
        """Return the limits bound to a book, for this thread."""
        check_book(book)
        thread = threading.get_ident()
        bench = self._benches.get((thread, id(book)))
        if bench is not None and bench.book is book:
            return bench
        old: Bench | None = None
        while len(self._benches) >= MOST_BENCHES:
            try:
                oldest = next(iter(self._benches))
                removed = self._benches.pop(oldest)
            except (KeyError, StopIteration, RuntimeError):  # another thread was faster
                continue
            old = removed if oldest[0] == thread else old
        if old is None or not old.refill(book):
            old = Bench(self.limits, self.max_age or {}, book)
        self._benches[thread, id(book)] = old
        return old


def read_order(given: Any) -> Order:
    """Return one order."""
    if type(given) is Order and type(given.asset) is type(given.strategy) is type(given.account) is str:
        return given
    orders = Orders.of(given)
    if len(orders) != 1:
        raise InvalidInputError(f"order must be one order, got {len(orders)}. Many are judged by check_batch.")
    return orders[0]


def check_book(given: Any) -> None:
    """Refuse what is no book."""
    if not isinstance(given, Book):
        raise InvalidInputError(f"book must be a Book, such as Book(units, prices, cash=...), got {shown(given)}.")


def _made(limits: tuple[Limit, ...], on_breach: Any, max_age: Any, data: BarData) -> UnifiedLimitChecker:
    return UnifiedLimitChecker(limits, on_breach=on_breach, max_age=max_age).with_data(**data.given())


def get_checker(limits: Sequence[Limit], *, on_breach: OnBreach = "deny", max_age: Any = None) -> UnifiedLimitChecker:
    """Return the checker of these limits, the same one as before where it was asked for.

    Parameters
    ----------
    limits : sequence of Limit
        The limits.
    on_breach : {"deny", "clip", "record"}
        See `UnifiedLimitChecker`.
    max_age : float or mapping of str to float, optional
        See `UnifiedLimitChecker`.

    Returns
    -------
    UnifiedLimitChecker

    Examples
    --------
    >>> from riskresearch import pretrade
    >>> pretrade.get_checker([pretrade.Leverage(1.5)]) is pretrade.get_checker([pretrade.Leverage(1.5)])
    True
    """
    checker = UnifiedLimitChecker(tuple(limits), on_breach=on_breach, max_age=max_age)
    with _LOCK:
        found = _CHECKERS.pop(checker, None)
        _USES["hits" if found is not None else "misses"] += 1
        if found is None and len(_CHECKERS) >= MOST_CHECKERS:
            del _CHECKERS[next(iter(_CHECKERS))]
        _CHECKERS[checker] = found or checker
        return _CHECKERS[checker]


class CheckerCache(NamedTuple):
    """Use of the cache of checkers.

    Attributes
    ----------
    hits, misses : int
        How often `get_checker` had a checker, and had to make one.
    size : int
        Checkers that are kept, the last ones asked for.
    """

    hits: int
    misses: int
    size: int

    @property
    def hit_rate(self) -> float:
        """Hits as a fraction of all calls; nan before the first."""
        calls = self.hits + self.misses
        return self.hits / calls if calls else float("nan")


def checker_cache() -> CheckerCache:
    """Return how often `get_checker` had the checker that was asked for.

    Returns
    -------
    CheckerCache

    Examples
    --------
    >>> from riskresearch import pretrade
    >>> 0 <= pretrade.checker_cache().size <= 128
    True
    """
    with _LOCK:
        return CheckerCache(_USES["hits"], _USES["misses"], len(_CHECKERS))


MOST_CHECKERS = 128
_CHECKERS: dict[UnifiedLimitChecker, UnifiedLimitChecker] = {}
_USES = {"hits": 0, "misses": 0}
_LOCK = threading.Lock()
