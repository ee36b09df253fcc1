"""A test of a policy: a book, orders, and what should become of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from riskresearch.core._checks import check_choice, check_sequence, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import TradingState
from riskresearch.pretrade._codes import LimitCode, Outcome, names_of
from riskresearch.pretrade.policies._limit_types import limit_types
from riskresearch.pretrade.policies._place import did_you_mean

if TYPE_CHECKING:
    from riskresearch.pretrade.book._book import Book
    from riskresearch.pretrade.checker._checker import UnifiedLimitChecker

STATES = tuple(each.value for each in TradingState)
MODES = ("cumulative", "all_or_none", "independent")
OUTCOMES = tuple(each.name.lower() for each in Outcome)
CODES = tuple(str(each.name) for each in LimitCode)


@dataclass(frozen=True, slots=True)
class PolicyTest:
    """Orders against a book, and the outcome that a policy is to have.

    Parameters
    ----------
    book : mapping
        Arguments of `Book`, made of numbers, text, lists and mappings; `scenarios` is a list of returns by asset.
    order : sequence of mappings
        Orders, one mapping each: see `Orders.of`.
    expect : sequence of {"pass", "warn", "clip", "deny"}
        What becomes of each order.
    codes : sequence of sequences of str, optional
        The codes, all of them, by which each order is denied or cut; of one that passes those that it is warned of.
    accepted : sequence of float, optional
        Units accepted of each order.
    mode : {"cumulative", "all_or_none", "independent"}
        See `UnifiedLimitChecker.check_batch`.
    name : str
        What a failure calls the test.
    place : str
        File and line, for messages; not compared.

    Examples
    --------
    >>> from riskresearch.pretrade import PolicyTest
    >>> PolicyTest({"units": {}, "prices": {"A": 10.0}, "nav": 1e6}, [{"asset": "A", "units": 5}], ["pass"]).expect
    ('pass',)
    """

    book: Mapping[str, Any] = field(hash=False)
    order: tuple[Mapping[str, Any], ...] = field(hash=False)
    expect: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...] | None = None
    accepted: tuple[float, ...] | None = None
    mode: Literal["cumulative", "all_or_none", "independent"] = "cumulative"
    name: str = ""
    place: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Check the parameters."""
        for each in ("order", "expect"):
            object.__setattr__(self, each, check_sequence(getattr(self, each), name=each))
        if not self.order:
            raise InvalidInputError("order must hold an order or more, got none.")
        lower = tuple(each.lower() if isinstance(each, str) else each for each in self.expect)
        object.__setattr__(self, "expect", tuple(check_choice(each, OUTCOMES, name="expect") for each in lower))
        for each in ("codes", "accepted"):
            if getattr(self, each) is not None:
                object.__setattr__(self, each, check_sequence(getattr(self, each), name=each))
        if self.codes is not None:
            object.__setattr__(self, "codes", tuple(tuple(sorted(map(_code, codes))) for codes in self.codes))
        for each in ("expect", "codes", "accepted"):
            given = getattr(self, each)
            if given is not None and len(given) != len(self.order):
                raise InvalidInputError(
                    f"{each} must have one entry for each order, got {len(given)} for {len(self.order)}."
                )
        check_choice(self.mode, MODES, name="mode")

    def run(self, checker: UnifiedLimitChecker) -> PolicyTestResult:
        """Return what a checker makes of the orders.

        Parameters
        ----------
        checker : UnifiedLimitChecker
            Usually that of the policy.

        Returns
        -------
        PolicyTestResult

        Raises
        ------
        InvalidInputError
            If the checker refuses the book and the orders, as of several accounts.
        """
        try:
            verdicts = checker.check_batch(list(self.order), self.made_book(), mode=self.mode)
        except InvalidInputError as error:
            raise InvalidInputError(f"{self.place}: {error}" if self.place else str(error)) from error
        found = tuple(OUTCOMES[int(each)] for each in verdicts.outcome)
        masks = [int(denied or warned) for denied, warned in zip(verdicts.denied, verdicts.warned, strict=True)]
        codes = tuple(tuple(sorted(names_of(mask))) for mask in masks)
        return PolicyTestResult(self, found, codes, tuple(map(float, verdicts.units)))

    def made_book(self) -> Book:
        """Return the book of the test."""
        from riskresearch.pretrade.book._book import Book  # noqa: PLC0415 (a policy without tests needs none)

        stated = dict(self.book)
        if "scenarios" in stated:
            stated["scenarios"] = _scenarios(stated["scenarios"])
        decision = stated.get("decision")
        if isinstance(decision, str):
            stated["decision"] = TradingState(check_choice(decision, STATES, name="decision"))
        units, prices = stated.pop("units", {}), stated.pop("prices", {})
        return Book(units, prices, **stated)


@dataclass(frozen=True, slots=True)
class PolicyTestResult:
    """What became of the orders of a test.

    Parameters
    ----------
    test : PolicyTest
        What was expected.
    outcome : tuple of str
        Of each order.
    codes : tuple of tuple of str
        The codes of each order, as in `PolicyTest`.
    units : tuple of float
        Units accepted of each order.
    """

    test: PolicyTest
    outcome: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    units: tuple[float, ...]

    @property
    def passed(self) -> bool:
        """Whether everything that the test states is as it states it."""
        return not self.failures()

    def failures(self) -> tuple[str, ...]:
        """Return a line for each order that is not as expected, with what was expected and what was found."""
        lines = []
        for place in range(len(self.test.order)):
            expected, found = self._stated(place), self._found(place)
            if expected != found:
                lines.append(f"{self._order(place)}: expected {', '.join(expected)}, found {', '.join(found)}")
        return tuple(lines)

    def _stated(self, place: int) -> list[str]:
        """Return what the test expects of an order, in words."""
        stated = [self.test.expect[place]]
        if self.test.codes is not None:
            stated.append(_codes_in_words(self.test.codes[place]))
        if self.test.accepted is not None:
            stated.append(f"{self.test.accepted[place]:.10g} units")
        return stated

    def _found(self, place: int) -> list[str]:
        """Return the same of what was found."""
        found = [self.outcome[place]]
        if self.test.codes is not None or self.outcome[place] != self.test.expect[place]:
            found.append(_codes_in_words(self.codes[place]))
        if self.test.accepted is not None:
            found.append(f"{self.units[place]:.10g} units")
        return found

    def _order(self, place: int) -> str:
        order = self.test.order[place]
        return f"order {place + 1} ({order.get('asset', '')} {order.get('units', '')})"


def _scenarios(given: Any) -> Any:
    """Return lists of returns by asset as a frame."""
    import pandas as pd  # noqa: PLC0415 (only for scenarios)

    try:
        return pd.DataFrame(given, dtype=float)
    except (TypeError, ValueError) as error:
        raise InvalidInputError(
            f"scenarios must be a table of returns by asset, lists of one length, got {shown(given)}."
        ) from error


def _codes_in_words(codes: tuple[str, ...]) -> str:
    return " + ".join(codes) or "no code"


def _code(given: Any) -> str:
    if isinstance(given, LimitCode) and given.name in CODES:
        return str(given.name)
    if isinstance(given, str) and given in CODES:
        return given
    limit = limit_types().get(given) if isinstance(given, str) else None
    hint = did_you_mean(given, CODES) if isinstance(given, str) else ""
    if limit is not None:
        hint = f" The code of {given} is {limit.code.name}."
    raise InvalidInputError(f"codes must be names of LimitCode, such as WEIGHT, got {shown(given)}.{hint}")
