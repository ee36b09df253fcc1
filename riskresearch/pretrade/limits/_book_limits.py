"""Limits of the whole book after the order: exposures, groups, turnover, and the state of trading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from riskresearch.core._checks import check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import MOST_PLAUSIBLE_GROSS
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import MOST_PLAUSIBLE_WEIGHT, Limit, Scope, check_denominator
from riskresearch.pretrade.limits._position_limits import NEEDS, Denominator
from riskresearch.pretrade.limits._rule import Rule, Table, Threshold, Total


@dataclass(frozen=True, slots=True)
class GrossExposure(Limit):
    """Largest sum of the absolute positions in money after the order.

    Parameters
    ----------
    deny : float
        Largest money.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import GrossExposure
    >>> GrossExposure(60_000).scope
    'account'
    """

    code: ClassVar[LimitCode] = LimitCode.GROSS_EXPOSURE
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "money"
    deny: float

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.SUM, ("prices",), deny=self.deny, warn=self.warn, total=Total("gross")),)


@dataclass(frozen=True, slots=True)
class NetExposure(Limit):
    """Largest absolute sum of the signed positions in money after the order; what brings it nearer to zero passes.

    Parameters
    ----------
    deny : float
        Largest money.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import NetExposure
    >>> NetExposure(15_000).deny
    15000
    """

    code: ClassVar[LimitCode] = LimitCode.NET_EXPOSURE
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "money"
    deny: float

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.SUM, ("prices",), deny=self.deny, warn=self.warn, total=Total("net"), option=rules.SIGNED),)


@dataclass(frozen=True, slots=True)
class Leverage(Limit):
    """Largest gross exposure over net asset value after the order.

    Parameters
    ----------
    deny : float
        Largest ratio, 1.5 is 150 %.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import Leverage
    >>> Leverage(1.5).deny
    1.5
    """

    code: ClassVar[LimitCode] = LimitCode.LEVERAGE
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "ratio"
    most_plausible: ClassVar[float] = MOST_PLAUSIBLE_GROSS
    deny: float

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (
            Rule(rules.SUM, ("prices", "nav"), deny=self.deny, warn=self.warn, total=Total("gross"), per=rules.NAV),
        )


@dataclass(frozen=True, slots=True)
class GroupWeight(Limit):
    """Largest sum of the absolute positions of a group after the order, such as a sector or a country.

    Parameters
    ----------
    deny : float or mapping of str to float
        Largest fraction, also by name of the group; "*" is that of the others.
    by : str
        Kind of group, as `Book.groups` has it. An asset without a group is not known.
    denominator : {"nav", "gross"} or float
        What it is a fraction of; borrowing does not raise the net asset value.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import GroupWeight
    >>> GroupWeight(0.25, by="country").by
    'country'
    """

    code: ClassVar[LimitCode] = LimitCode.GROUP
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = MOST_PLAUSIBLE_WEIGHT
    by_name: ClassVar[bool] = True
    deny: Threshold
    _: KW_ONLY
    by: str = "sector"
    denominator: Denominator = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_denominator(self.denominator)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        deny = Table("group", (self.by, self.deny)) if isinstance(self.deny, Mapping) else self.deny
        warn = Table("group", (self.by, self.warn)) if isinstance(self.warn, Mapping) else self.warn
        return (
            Rule(
                rules.SUM,
                (*NEEDS[per], f"groups[{self.by!r}]"),
                deny=deny,
                warn=warn,
                total=Total("group", self.by),
                per=per,
                given=given,
            ),
        )


@dataclass(frozen=True, slots=True)
class UcitsConcentration(Limit):
    """The 5/10/40 rule: no issuer over `issuer`, and those over `single` together not over `total`.

    Parameters
    ----------
    issuer : float
        Largest fraction of net asset value in one issuer.
    single : float
        Issuers over it are summed.
    total : float
        Largest sum of these.
    by : str
        Kind of group that names issuers, as `Book.groups` has it; "asset" takes each asset for an issuer of its own.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    References
    ----------
    Directive 2009/65/EC, article 52.

    Examples
    --------
    >>> from riskresearch.pretrade import UcitsConcentration
    >>> UcitsConcentration().total
    0.4
    """

    code: ClassVar[LimitCode] = LimitCode.UCITS_CONCENTRATION
    scopes: ClassVar[tuple[Scope, ...]] = ("account",)
    counted_in: ClassVar[str] = "fraction"
    issuer: float = 0.10
    _: KW_ONLY
    single: float = 0.05
    total: float = 0.40
    by: str = "issuer"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        for each in ("issuer", "single", "total"):
            check_positive(getattr(self, each), name=each)
        if not self.single <= self.issuer <= self.total:
            raise InvalidInputError(
                f"single, issuer and total must rise, got {self.single!r}, {self.issuer!r} and {self.total!r}."
            )

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        needs = ("prices", "nav", f"groups[{self.by!r}]") if self.by != "asset" else ("prices", "nav")
        total = Total("group", self.by)
        return (
            Rule(rules.SUM, needs, "ISSUER_10", deny=self.issuer, total=total, per=rules.NAV),
            Rule(rules.LARGE_GROUPS, needs, "SUM_40", deny=self.total, total=total, per=rules.NAV, given=self.single),
        )


@dataclass(frozen=True, slots=True)
class InstrumentCount(Limit):
    """Largest number of assets held after the order.

    Parameters
    ----------
    deny : float
        Largest number.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import InstrumentCount
    >>> InstrumentCount(6).deny
    6
    """

    code: ClassVar[LimitCode] = LimitCode.INSTRUMENT_COUNT
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "count"
    deny: float

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.COUNT, deny=self.deny, warn=self.warn, counted=True),)


@dataclass(frozen=True, slots=True)
class Turnover(Limit):
    """Largest money traded today, buys and sales both counted, the order included; what only reduces passes.

    Parameters
    ----------
    deny : float
        Largest money, or fraction of the denominator.
    denominator : "nav", float or None
        What it is a fraction of; None is money.
    limit_exits : bool
        Whether what only reduces a position is limited too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import Turnover
    >>> Turnover(50_000).denominator is None
    True
    """

    code: ClassVar[LimitCode] = LimitCode.TURNOVER
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy", "asset")
    counted_in: ClassVar[str] = "money"
    deny: float
    _: KW_ONLY
    denominator: Any = None
    limit_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        if check_denominator(self.denominator)[0] == rules.GROSS:
            raise InvalidInputError('denominator must be "nav", a sum of money or None, got "gross".')

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (
            Rule(
                rules.TURNOVER,
                (*NEEDS[per], "traded"),
                deny=self.deny,
                warn=self.warn,
                exempt=not self.limit_exits,
                per=per,
                given=given,
            ),
        )


@dataclass(frozen=True, slots=True)
class TradingStateLimit(Limit):
    """What circuit breakers let trade: nothing while frozen, what only reduces while halted (`Book.decision`).

    Parameters
    ----------
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import TradingStateLimit
    >>> TradingStateLimit().code.name
    'TRADING_STATE'
    """

    code: ClassVar[LimitCode] = LimitCode.TRADING_STATE
    scopes: ClassVar[tuple[Scope, ...]] = ("account",)
    counted_in: ClassVar[str] = "state"
    graded: ClassVar[bool] = False

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        return (Rule(rules.STATE, ("decision",), exempt=False, table=Table("strategy state"), second=Table("state")),)
