"""Limits of one order: its size, its price, and the increments of both."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import ClassVar, Literal

from riskresearch.core._checks import check_choice
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import Limit, check_positive_threshold
from riskresearch.pretrade.limits._rule import Rule, Table, Threshold


@dataclass(frozen=True, slots=True)
class OrderUnits(Limit):
    """Largest number of units of an order; only the part that raises the position counts, unless `limit_exits`.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest number of units, also by asset; "*" is that of the others.
    limit_exits : bool
        Whether what only reduces a position is limited too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import OrderUnits
    >>> OrderUnits(500, warn=400).code.name
    'ORDER_UNITS'
    """

    code: ClassVar[LimitCode] = LimitCode.ORDER_UNITS
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    limit_exits: bool = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.SIZE, deny=self.deny, warn=self.warn, counted=True, exempt=not self.limit_exits),)


@dataclass(frozen=True, slots=True)
class OrderNotional(Limit):
    """Largest money of an order, at its limit price or the last one, whichever is dearer for a sale.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest notional in money, also by asset.
    limit_exits : bool
        Whether what only reduces a position is limited too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import OrderNotional
    >>> OrderNotional(1e6, warn=8e5).deny
    1000000.0
    """

    code: ClassVar[LimitCode] = LimitCode.ORDER_NOTIONAL
    counted_in: ClassVar[str] = "money"
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    limit_exits: bool = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(
                rules.SIZE, ("prices",), deny=self.deny, warn=self.warn, exempt=not self.limit_exits, unit=rules.MONEY
            ),
        )


@dataclass(frozen=True, slots=True)
class Participation(Limit):
    """Largest order as a fraction of the average daily volume.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest fraction, 0.025 is 2.5 % of the volume.
    limit_exits : bool
        Whether what only reduces a position is limited too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import Participation
    >>> Participation(0.025).deny
    0.025
    """

    code: ClassVar[LimitCode] = LimitCode.PARTICIPATION
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = 1.0
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    limit_exits: bool = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(
                rules.SIZE,
                ("average_volume",),
                deny=self.deny,
                warn=self.warn,
                exempt=not self.limit_exits,
                unit=rules.OF_TABLE,
                table=Table("book", "average_volume"),
            ),
        )


@dataclass(frozen=True, slots=True)
class PriceCollar(Limit):
    """Largest distance of the limit price from a reference price, on the side that costs; exits are judged too.

    Parameters
    ----------
    deny : float or mapping of str to float
        A buy above, or a sale below the reference by more is denied.
    unit : {"fraction", "volatility"}
        Whether the distance is a fraction of the reference, or that in daily volatilities.
    two_sided : bool
        Whether the side that costs nothing is limited too.
    reference : {"price", "opening"}
        The last price, or the one at the beginning of a period; then orders at the market are judged by the last price.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import PriceCollar
    >>> PriceCollar(0.03).two_sided
    False
    """

    code: ClassVar[LimitCode] = LimitCode.PRICE_COLLAR
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = 0.99
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    unit: Literal["fraction", "volatility"] = "fraction"
    two_sided: bool = False
    reference: Literal["price", "opening"] = "price"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_choice(self.unit, ("fraction", "volatility"), name="unit")
        check_choice(self.reference, ("price", "opening"), name="reference")

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        column = "prices" if self.reference == "price" else "opening_prices"
        needs = ("prices", column) if self.unit == "fraction" else ("prices", column, "volatility")
        return (
            Rule(
                rules.COLLAR,
                needs,
                deny=self.deny,
                warn=self.warn,
                exempt=False,
                table=Table("book", column),
                second=Table("book", "volatility") if self.unit == "volatility" else None,
                option=int(self.two_sided),
            ),
        )


@dataclass(frozen=True, slots=True)
class LotSize(Limit):
    """Units are whole lots; exits are judged too, but for one that closes an odd position where it may.

    Parameters
    ----------
    lot : float or mapping of str to float
        Units in a lot, also by asset.
    odd_lot_exits : bool
        Whether an order that closes a whole position passes whatever its size.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import LotSize
    >>> LotSize(100).lot
    100.0
    """

    code: ClassVar[LimitCode] = LimitCode.LOT_SIZE
    graded: ClassVar[bool] = False
    lot: Threshold
    _: KW_ONLY
    odd_lot_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("lot", check_positive_threshold(self.lot, name="lot"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(rules.LOT, counted=True, exempt=False, table=Table("given", self.lot), option=int(self.odd_lot_exits)),
        )


@dataclass(frozen=True, slots=True)
class TickSize(Limit):
    """Limit prices are whole ticks; orders at the market pass, exits are judged too.

    Parameters
    ----------
    tick : float or mapping of str to float
        Smallest step of the price, also by asset.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import TickSize
    >>> TickSize(0.05).tick
    0.05
    """

    code: ClassVar[LimitCode] = LimitCode.TICK_SIZE
    counted_in: ClassVar[str] = "price"
    graded: ClassVar[bool] = False
    tick: Threshold

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("tick", check_positive_threshold(self.tick, name="tick"))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.TICK, exempt=False, table=Table("given", self.tick)),)


@dataclass(frozen=True, slots=True)
class SelfTrade(Limit):
    """An order does not meet a working order of the same book on the other side; exits are judged too.

    Parameters
    ----------
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import SelfTrade
    >>> SelfTrade().code.name
    'SELF_TRADE'
    """

    code: ClassVar[LimitCode] = LimitCode.SELF_TRADE
    counted_in: ClassVar[str] = "price"
    graded: ClassVar[bool] = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.SELF_TRADE, exempt=False),)
