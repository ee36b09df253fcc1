"""Limits of the position that results, and of the money that an order needs."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar, Literal, TypeAlias

from riskresearch.core._checks import check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import (
    MOST_PLAUSIBLE_WEIGHT,
    Limit,
    Scope,
    check_denominator,
    check_positive_threshold,
)
from riskresearch.pretrade.limits._rule import Rule, Threshold, Total

Denominator: TypeAlias = 'Literal["nav", "gross"] | float | None'
NEEDS = {rules.NAV: ("prices", "nav"), rules.GROSS: ("prices",), rules.GIVEN: ("prices",), rules.NOTHING: ("prices",)}


@dataclass(frozen=True, slots=True)
class PositionUnits(Limit):
    """Largest absolute position in units after the order.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest number of units, also by asset; "*" is that of the others.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the position of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import PositionUnits
    >>> PositionUnits({"A": 900, "*": 100}).deny["A"]
    900
    """

    code: ClassVar[LimitCode] = LimitCode.POSITION_UNITS
    scopes: ClassVar[tuple[Scope, ...]] = ("asset", "strategy")
    by_name: ClassVar[bool] = True
    deny: Threshold

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.POSITION, deny=self.deny, warn=self.warn, counted=True),)


@dataclass(frozen=True, slots=True)
class PositionNotional(Limit):
    """Largest absolute position in money after the order, at the last price.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest money, also by asset.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the position of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import PositionNotional
    >>> PositionNotional(10_000).scope
    'asset'
    """

    code: ClassVar[LimitCode] = LimitCode.POSITION_NOTIONAL
    scopes: ClassVar[tuple[Scope, ...]] = ("asset", "strategy")
    counted_in: ClassVar[str] = "money"
    by_name: ClassVar[bool] = True
    deny: Threshold

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.POSITION, ("prices",), deny=self.deny, warn=self.warn, unit=rules.MONEY),)


@dataclass(frozen=True, slots=True)
class PositionWeight(Limit):
    """Largest absolute position as a fraction of net asset value, gross exposure or a given sum after the order.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest fraction, 0.1 is 10 %, also by asset.
    denominator : {"nav", "gross"} or float
        What it is a fraction of; borrowing does not raise the net asset value.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the position of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import PositionWeight
    >>> PositionWeight(0.10).denominator
    'nav'
    """

    code: ClassVar[LimitCode] = LimitCode.WEIGHT
    scopes: ClassVar[tuple[Scope, ...]] = ("asset", "strategy")
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = MOST_PLAUSIBLE_WEIGHT
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    denominator: Denominator = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_denominator(self.denominator)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (
            Rule(rules.POSITION, NEEDS[per], deny=self.deny, warn=self.warn, unit=rules.MONEY, per=per, given=given),
        )


@dataclass(frozen=True, slots=True)
class MinimumTrade(Limit):
    """Smallest money of an order, as a fraction of net asset value or of a given sum; what reduces or closes passes.

    Parameters
    ----------
    minimum : float or mapping of str to float
        Smallest fraction of the denominator, or smallest money where it is None.
    denominator : "nav", float or None
        What it is a fraction of.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import MinimumTrade
    >>> MinimumTrade(50.0, denominator=None).minimum
    50.0
    """

    code: ClassVar[LimitCode] = LimitCode.MINIMUM_TRADE
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = 1.0
    minimum: Threshold
    _: KW_ONLY
    denominator: Any = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("minimum", check_positive_threshold(self.minimum, name="minimum"))
        self._doubt("minimum", self.minimum)
        if check_denominator(self.denominator)[0] == rules.GROSS:
            raise InvalidInputError('denominator must be "nav", a sum of money or None, got "gross".')

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (Rule(rules.MINIMUM, NEEDS[per], deny=self.minimum, per=per, given=given),)


@dataclass(frozen=True, slots=True)
class BuyingPower(Limit):
    """Money that an order needs is there: cash, less the margin of what is held and working.

    A long position ties up `margin_rate` of its value and a short one, whose proceeds are in cash, as much again. Cash
    that is not known counts as none.

    Parameters
    ----------
    margin_rate : float or mapping of str to float
        Own money for one of value, in (0, 1]; 1 is without borrowing.
    reserve : float
        Money that stays.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import BuyingPower
    >>> BuyingPower({"A": 0.5, "*": 1.0}).margin_rate["A"]
    0.5
    """

    code: ClassVar[LimitCode] = LimitCode.BUYING_POWER
    scopes: ClassVar[tuple[Scope, ...]] = ("account",)
    counted_in: ClassVar[str] = "money"
    margin_rate: Threshold = 1.0
    _: KW_ONLY
    reserve: float = 0.0

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        self._put("margin_rate", check_positive_threshold(self.margin_rate, name="margin_rate"))
        values = self.margin_rate.values() if hasattr(self.margin_rate, "values") else [self.margin_rate]
        if max(values, default=1.0) > 1.0:
            raise InvalidInputError(f"margin_rate must be in (0, 1], got {max(values)!r}. 50 % is 0.5.")
        if check_number(self.reserve, name="reserve") < 0.0:
            raise InvalidInputError(f"reserve must be 0 or more, got {self.reserve!r}.")

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(rules.BUYING_POWER, ("prices", "cash"), total=Total("margin", self.margin_rate), given=self.reserve),
        )
