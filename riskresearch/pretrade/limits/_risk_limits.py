"""Limits of the risk of the book after the order: VaR, CVaR, beta, factors, stress, and functions of users."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any, ClassVar

from riskresearch.core._checks import check_level, check_number, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._limit import Limit, Scope, check_denominator
from riskresearch.pretrade.limits._position_limits import NEEDS
from riskresearch.pretrade.limits._rule import ByName, Rule, Total


@dataclass(frozen=True, slots=True)
class TailLimit(Limit):
    """What limits of VaR and of CVaR have in common."""

    scopes: ClassVar[tuple[Scope, ...]] = ("account",)
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = 1.0
    deny: float
    _: KW_ONLY
    level: float = 0.95
    denominator: Any = "nav"
    increase: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_level(self.level)
        if check_denominator(self.denominator)[0] == rules.GROSS:
            raise InvalidInputError('denominator must be "nav", a sum of money or None, got "gross".')


@dataclass(frozen=True, slots=True)
class ValueAtRisk(TailLimit):
    """Largest historical VaR of the book over the scenarios after the order; what does not raise it passes.

    Parameters
    ----------
    deny : float
        Largest VaR, or with `increase` the most that one order may add; a fraction of the denominator, or money where
        it is None.
    level : float
        Confidence level in (0.5, 1).
    denominator : "nav", float or None
        What it is a fraction of.
    increase : bool
        Whether what the order adds is judged.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import ValueAtRisk
    >>> ValueAtRisk(0.02, level=0.99).level
    0.99
    """

    code: ClassVar[LimitCode] = LimitCode.VALUE_AT_RISK


@dataclass(frozen=True, slots=True)
class ConditionalValueAtRisk(TailLimit):
    """Largest historical CVaR of the book over the scenarios after the order; what does not raise it passes.

    Parameters
    ----------
    deny : float
        Largest CVaR, or with `increase` the most that one order may add; a fraction of the denominator, or money where
        it is None.
    level : float
        Confidence level in (0.5, 1).
    denominator : "nav", float or None
        What it is a fraction of.
    increase : bool
        Whether what the order adds is judged.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import ConditionalValueAtRisk
    >>> ConditionalValueAtRisk(0.03).level
    0.95
    """

    code: ClassVar[LimitCode] = LimitCode.CONDITIONAL_VALUE_AT_RISK


@dataclass(frozen=True, slots=True)
class BetaExposure(Limit):
    """Largest absolute sum of market beta times position after the order; what brings it nearer to zero passes.

    Parameters
    ----------
    deny : float
        Largest fraction of the denominator, or money where it is None.
    denominator : "nav", "gross", float or None
        What it is a fraction of; borrowing does not raise the net asset value.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import BetaExposure
    >>> BetaExposure(0.5).denominator
    'nav'
    """

    code: ClassVar[LimitCode] = LimitCode.BETA_EXPOSURE
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "fraction"
    deny: float
    _: KW_ONLY
    denominator: Any = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_denominator(self.denominator)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (
            Rule(
                rules.SUM,
                (*NEEDS[per], "betas"),
                deny=self.deny,
                warn=self.warn,
                total=Total("beta"),
                per=per,
                given=given,
                option=rules.SIGNED,
            ),
        )


@dataclass(frozen=True, slots=True)
class FactorExposure(Limit):
    """Largest absolute sum of factor exposure times position after the order; what brings it nearer to zero passes.

    Parameters
    ----------
    deny : float
        Largest fraction of the denominator, or money where it is None.
    factor : str
        Name of the factor, as `Book.factors` has it.
    denominator : "nav", "gross", float or None
        What it is a fraction of; borrowing does not raise the net asset value.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import FactorExposure
    >>> FactorExposure(0.3, factor="value").factor
    'value'
    """

    code: ClassVar[LimitCode] = LimitCode.FACTOR_EXPOSURE
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "fraction"
    deny: float
    _: KW_ONLY
    factor: str
    denominator: Any = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_denominator(self.denominator)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (
            Rule(
                rules.SUM,
                (*NEEDS[per], f"factors[{self.factor!r}]"),
                deny=self.deny,
                warn=self.warn,
                total=Total("factor", self.factor),
                per=per,
                given=given,
                option=rules.SIGNED,
            ),
        )


@dataclass(frozen=True, slots=True)
class StressLoss(Limit):
    """Largest loss of the book after the order, if each asset makes its return of the scenario; what lowers it passes.

    Parameters
    ----------
    deny : float
        Largest loss as a fraction of the denominator, or money where it is None.
    shocks : mapping of str to float
        Simple return of each asset in the scenario, -0.2 is a fall by 20 %; "*" is that of the others.
    denominator : "nav", "gross", float or None
        What it is a fraction of; borrowing does not raise the net asset value.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`; scope "strategy" judges the positions of the order's strategy.

    Examples
    --------
    >>> from riskresearch.pretrade import StressLoss
    >>> StressLoss(0.1, shocks={"*": -0.2}).shocks
    {'*': -0.2}
    """

    code: ClassVar[LimitCode] = LimitCode.STRESS_LOSS
    scopes: ClassVar[tuple[Scope, ...]] = ("account", "strategy")
    counted_in: ClassVar[str] = "fraction"
    most_plausible: ClassVar[float] = 1.0
    deny: float
    _: KW_ONLY
    shocks: Mapping[str, float]
    denominator: Any = "nav"

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        check_denominator(self.denominator)
        named = text_keys(self.shocks, name="shocks")
        for asset, shock in named.items():
            if check_number(shock, name="shocks") < -1.0:
                raise InvalidInputError(
                    f"shocks[{asset!r}] must be -1 or more, since no price falls below zero, got {shock:g}. It is a "
                    f"simple return: {shock:g} % is {shock / 100.0:g}."
                )
        self._put("shocks", ByName(named))

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged."""
        per, given = check_denominator(self.denominator)
        return (
            Rule(
                rules.SUM,
                NEEDS[per],
                deny=self.deny,
                warn=self.warn,
                total=Total("shock", self.shocks),
                per=per,
                given=given,
                option=rules.LOSS,
            ),
        )


@dataclass(frozen=True, slots=True)
class CustomLimit(Limit):
    """A limit of a user's own: a number that a function makes of an order and the book before it.

    Parameters
    ----------
    function : callable
        ``function(order, book)`` returns the value, nan where it is not known.
    deny : float
        The largest value.
    limit_exits : bool
        Whether what only reduces a position is judged too.
    warn, scope, inclusive, valid_from, valid_until, on_missing, name
        See `Limit`.

    Examples
    --------
    >>> from riskresearch.pretrade import CustomLimit
    >>> CustomLimit(lambda order, book: abs(order.units), deny=10, name="ten").label()
    'CUSTOM (ten)'
    """

    code: ClassVar[LimitCode] = LimitCode.CUSTOM
    counted_in: ClassVar[str] = "number"
    function: Callable[[Any, Any], float]
    deny: float
    _: KW_ONLY
    limit_exits: bool = False

    def __post_init__(self) -> None:
        """Check the parameters."""
        Limit.__post_init__(self)
        if not callable(self.function):
            raise InvalidInputError(f"function must be a function of an order and a book, got {shown(self.function)}.")
