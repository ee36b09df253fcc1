"""What all limits have in common, and the checks of their parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar, Literal, TypeAlias

from riskresearch.core._checks import check_choice, check_number, check_positive, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._plausibility import in_percent, warn_user
from riskresearch.kernels.inlined import _trade_rules as rules
from riskresearch.pretrade._codes import LimitCode
from riskresearch.pretrade.limits._rule import ByName, Rule, threshold_for
from riskresearch.pretrade.orders._orders import NO_TIME, instant_of

Scope: TypeAlias = Literal["order", "asset", "strategy", "account"]
OnMissing: TypeAlias = Literal["deny", "warn", "pass"]
NANOSECONDS_PER_DAY = 86_400_000_000_000
LONGEST_DATE = len("2024-01-31")
ON_MISSING: tuple[OnMissing, ...] = ("deny", "warn", "pass")
MOST_PLAUSIBLE_WEIGHT = 4.0
"""Of one position or group: the smallest limits in percent that are usual are of 5."""
MOST_PERCENT = 100.0
"""A larger fraction is no percentage either, but one that is meant never to bind."""
DENOMINATORS = {"nav": rules.NAV, "gross": rules.GROSS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Base of limits: when they hold, where they warn, and what a missing number does.

    Parameters
    ----------
    warn : number or mapping of str to number, optional
        Over it an order passes with a warning.
    scope : {"order", "asset", "strategy", "account"}
        What is counted together; each limit has the scopes that make sense for it.
    inclusive : bool
        Whether a value at the limit breaks it.
    valid_from, valid_until : datetime, date, Timestamp or text, optional
        The limit holds from and until then, both included, a date until its end in UTC; it also holds where the time
        of an order is not known.
    on_missing : {"deny", "warn", "pass"}
        What becomes of an order if a number that the limit needs is not known.
    name : str
        Printed beside the code.
    """

    code: ClassVar[LimitCode]
    scopes: ClassVar[tuple[Scope, ...]] = ("order",)
    counted_in: ClassVar[str] = "units"
    """What the value is: "units", "money", "fraction", "ratio", "count", "seconds", "price", "state" or "flag"."""
    by_name: ClassVar[bool] = False
    """Whether the thresholds may differ by asset, or by group."""
    graded: ClassVar[bool] = True
    """Whether a value is compared with a threshold, so that `inclusive` means something."""

    most_plausible: ClassVar[float] = float("inf")
    """A fraction above it is probably percent; of a limit in money it means nothing."""

    tighter: ClassVar[Mapping[str, str]] = {}
    """Which value of a parameter is the tighter one, such as "more", where `policies/_meanings.py` does not list it."""

    warn: Any = None
    scope: Any = None
    inclusive: bool = False
    valid_from: Any = None
    valid_until: Any = None
    on_missing: OnMissing = "deny"
    name: str = ""

    def __init_subclass__(cls) -> None:
        """Let a limit print as it is written, in the place of what dataclasses make."""
        if "__repr__" not in cls.__dict__:
            cls.__repr__ = Limit.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        """Return the call that makes the limit, without what is as by default."""
        given = [(each, getattr(self, each.name)) for each in fields(self)]
        leading = [repr(value) for each, value in given if not each.kw_only]
        named = [f"{each.name}={value!r}" for each, value in given if each.kw_only and self._is_stated(each, value)]
        return f"{type(self).__name__}({', '.join(leading + named)})"

    def _is_stated(self, each: Field[Any], value: Any) -> bool:
        default = self.scopes[0] if each.name == "scope" else each.default
        return not (type(value) is type(default) and value == default)

    def __post_init__(self) -> None:
        """Check the parameters that all limits have."""
        if type(self) is Limit:
            raise InvalidInputError("Limit is the base of limits and none itself. Write one, such as Leverage(1.5).")
        if self.scope is None:
            self._put("scope", self.scopes[0])
        check_choice(self.scope, self.scopes, name="scope")
        check_choice(self.on_missing, ON_MISSING, name="on_missing")
        for each in ("inclusive", "limit_exits", "two_sided", "increase", "odd_lot_exits"):
            value = getattr(self, each, False)
            if not isinstance(value, bool):
                raise InvalidInputError(f"{each} must be True or False, got {shown(value)}.")
        if not isinstance(self.name, str):
            raise InvalidInputError(f"name must be text, got {shown(self.name)}.")
        for each in ("valid_from", "valid_until"):
            value = getattr(self, each)
            if value is not None and instant_of(_moment(value, each)) == NO_TIME:
                raise InvalidInputError(
                    f"{each} must be a time between the years 1678 and 2261, got {shown(value)}. None is without "
                    "a bound."
                )
            self._put(each, _moment(value, each))
        first, last = self.validity
        if first > last:
            raise InvalidInputError(
                f"valid_from must not be after valid_until, got {self.valid_from} and {self.valid_until}."
            )
        if self.inclusive and not self.graded:
            raise InvalidInputError(
                f"inclusive must be False for {type(self).__name__}, which has no threshold, got True."
            )
        if hasattr(self, "deny"):
            self._check_thresholds()
        elif self.warn is not None:
            raise InvalidInputError(
                f"warn must be None for {type(self).__name__}, which has no threshold to warn below, got "
                f"{shown(self.warn)}. Limits with deny= have one."
            )

    def _put(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _check_thresholds(self) -> None:
        for each in ("deny", "warn"):
            value = getattr(self, each)
            if each == "warn" and value is None:
                continue
            if hasattr(value, "items") and not self.by_name:
                raise InvalidInputError(f"{each} of {type(self).__name__} must be one number, got {shown(value)}.")
            self._put(each, check_threshold(value, name=each))
        deny, warn = getattr(self, "deny"), self.warn  # noqa: B009 (only some limits have one)
        self._doubt("deny", deny)
        if warn is None:
            return
        names = {*(deny if isinstance(deny, Mapping) else ()), *(warn if isinstance(warn, Mapping) else ())} or {""}
        for asset in sorted(names):
            upper, lower = threshold_for(deny, asset), threshold_for(warn, asset)
            if lower > upper:
                raise InvalidInputError(f"warn must not be above deny={upper:g}, got {lower:g}.")

    def _doubt(self, name: str, given: Any) -> None:
        """Warn if a fraction is so large that percent were probably meant."""
        most = max(given.values(), default=0.0) if isinstance(given, Mapping) else given
        if not self.most_plausible < most <= MOST_PERCENT or getattr(self, "denominator", "") is None:
            return
        if getattr(self, "unit", "fraction") == "fraction":
            warn_user(
                f"{name} of {type(self).__name__} is {most:g}, which is {in_percent(most)}: it limits next to nothing. "
                f"It is a fraction: {most:g} % is {most / 100.0:g}.",
                topic="units",
                of=name,
            )

    @property
    def validity(self) -> tuple[int, int]:
        """First and last instant at which the limit holds, in nanoseconds since 1970."""
        first = NO_TIME if self.valid_from is None else instant_of(self.valid_from)
        if self.valid_until is None:
            return first, -(NO_TIME + 1)
        is_date = isinstance(self.valid_until, date) and not hasattr(self.valid_until, "hour")
        return first, instant_of(self.valid_until) + (NANOSECONDS_PER_DAY - 1 if is_date else 0)

    def rules(self) -> tuple[Rule, ...]:
        """Return the rules of the kernel by which the limit is judged; none for one that is judged outside of it."""
        return ()

    def label(self) -> str:
        """Return the code of the limit, with its name if it has one."""
        return f"{self.code.name} ({self.name})" if self.name else f"{self.code.name}"


def check_threshold(given: Any, *, name: str) -> Any:
    """Return a number of at least zero, or such numbers by asset."""
    if isinstance(given, Mapping) or hasattr(given, "items"):
        named = text_keys(given, name=name)
        return ByName({asset: check_threshold(value, name=f"{name}[{asset!r}]") for asset, value in named.items()})
    if check_number(given, name=name) < 0.0:
        raise InvalidInputError(f"{name} must be 0 or more, got {given!r}. Sizes of both signs are judged by it.")
    return given if type(given) is int else float(given)


def check_positive_threshold(given: Any, *, name: str) -> Any:
    """Return a positive number, or such numbers by asset."""
    if isinstance(given, Mapping) or hasattr(given, "items"):
        named = text_keys(given, name=name)
        return ByName({asset: check_positive(value, name=f"{name}[{asset!r}]") for asset, value in named.items()})
    return check_positive(given, name=name)


def check_seconds(given: Any, *, name: str) -> float:
    """Return a positive number of seconds, of a number or a timedelta."""
    return check_positive(given.total_seconds() if hasattr(given, "total_seconds") else given, name=name)


def check_denominator(given: Any) -> tuple[int, float]:
    """Return the rule of a denominator, and its value if it was given."""
    if isinstance(given, str):
        return DENOMINATORS[check_choice(given, tuple(DENOMINATORS), name="denominator")], 1.0
    if given is None:
        return rules.NOTHING, 1.0
    return rules.GIVEN, check_positive(given, name="denominator")


def names_in(given: Any, *, name: str) -> tuple[str, ...]:
    """Return the sorted names of a sequence or set of them."""
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidInputError(f'{name} must be a sequence of names, got {shown(given)}. One name is {name}=["A"].')
    return tuple(sorted({str(each) for each in given}))


def parameters(limit: Limit) -> dict[str, Any]:
    """Return the parameters of a limit by name."""
    return {field.name: getattr(limit, field.name) for field in fields(limit)}


def _moment(value: Any, name: str) -> Any:
    """Return a time; text is one of ISO 8601, a date without a time of day."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) <= LONGEST_DATE else datetime.fromisoformat(value)
    except ValueError as error:
        raise InvalidInputError(f"{name} must be a time such as 2024-01-31, got {value!r}.") from error
