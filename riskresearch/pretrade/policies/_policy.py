"""A policy: limits with a name, a version and tests of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from riskresearch.core._checks import check_choice, check_positive, check_sequence, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import Block, as_html, as_text, frame_table
from riskresearch.pretrade.book._book_inputs import FIELDS_WITH_AGE
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.limits._rule import ByName
from riskresearch.pretrade.policies._policy_test import PolicyTest, PolicyTestResult
from riskresearch.pretrade.policies._shown import in_words, main_field, others_in_words, value_in_words

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.pretrade.checker._checker import UnifiedLimitChecker

OnBreach: TypeAlias = Literal["deny", "clip", "record"]
ON_BREACH: tuple[OnBreach, ...] = ("deny", "clip", "record")


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits that belong together, as a file holds them.

    Parameters
    ----------
    limits : sequence of limits
        All of them, those of the parent included.
    on_breach : {"deny", "clip", "record"}
        What becomes of an order that breaks a limit; "record" is the shadow mode, in which nothing is held back.
    max_age : float or mapping of str to float, optional
        Seconds after which numbers of an argument of the book are not known; a number is that of prices.
    name, version : str
        Printed, and the version is written into logs.
    parent : str
        File of the policy that this one is derived from and tighter than, as seen from its own; empty for none.
    tests : sequence of PolicyTest
        What `run_tests` runs.

    Examples
    --------
    >>> from riskresearch import pretrade
    >>> policy = pretrade.Policy([pretrade.PositionWeight(0.10, warn=0.08), pretrade.Leverage(1.5)], name="desk")
    >>> policy
    Policy('desk', 2 limits, on_breach='deny')
    >>> print(policy.summary())
    policy desk, on a breach: deny
    limit           field  value  warn  others
    PositionWeight  deny     0.1  0.08
    Leverage        deny     1.5
    """

    limits: tuple[Limit, ...]
    on_breach: OnBreach = "deny"
    max_age: Any = None
    name: str = ""
    version: str = ""
    parent: str = ""
    tests: tuple[PolicyTest, ...] = ()

    def __post_init__(self) -> None:
        """Check the parameters."""
        for name, kind in (("limits", Limit), ("tests", PolicyTest)):
            given = check_sequence(getattr(self, name), name=name)
            for place, each in enumerate(given):
                if not isinstance(each, kind):
                    raise InvalidInputError(
                        f"{name} must hold {kind.__name__} objects of pretrade, got {shown(each)} at place {place}."
                    )
            object.__setattr__(self, name, given)
        check_choice(self.on_breach, ON_BREACH, name="on_breach")
        for name in ("name", "version", "parent"):
            if not isinstance(getattr(self, name), str):
                raise InvalidInputError(f"{name} must be text, got {shown(getattr(self, name))}.")
        if self.max_age is not None:
            ages = (
                text_keys(self.max_age, name="max_age") if hasattr(self.max_age, "items") else {"prices": self.max_age}
            )
            for field, age in ages.items():
                check_choice(field, FIELDS_WITH_AGE, name="max_age")
                check_positive(age, name=f"max_age of {field}")
            object.__setattr__(self, "max_age", ByName(ages) if ages else None)

    def checker(self) -> UnifiedLimitChecker:
        """Return the checker of the limits."""
        from riskresearch.pretrade.checker._checker import UnifiedLimitChecker  # noqa: PLC0415 (not to read a file)

        return UnifiedLimitChecker(self.limits, on_breach=self.on_breach, max_age=self.max_age)

    def run_tests(self) -> tuple[PolicyTestResult, ...]:
        """Return what became of the orders of each test."""
        checker = self.checker()
        return tuple(test.run(checker) for test in self.tests)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a limit: what it is, its main field and the value of it, where it warns, and other fields."""
        import pandas as pd  # noqa: PLC0415 (only when a frame is wanted)

        rows = [
            (in_words(each), main_field(each), value_in_words(getattr(each, main_field(each), None)),
             value_in_words(each.warn), others_in_words(each))
            for each in self.limits
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["limit", "field", "value", "warn", "others"]).set_index("limit")

    def title(self) -> str:
        """Return the name and the version, for headings."""
        return " ".join(each for each in (self.name, self.version) if each) or "without a name"

    def _blocks(self) -> list[Block]:
        lines = [f"policy {self.title()}, on a breach: {self.on_breach}"]
        if self.parent:
            lines.append(f"derived from {self.parent}")
        if self.max_age:
            ages = ", ".join(f"{name} {value_in_words(age)} s" for name, age in self.max_age.items())
            lines.append(f"not known when older: {ages}")
        if self.tests:
            lines.append(counted(len(self.tests), "test"))
        return ["\n".join(lines), frame_table(self.to_frame()) if self.limits else "no limit: every order passes"]

    def summary(self) -> str:
        """Return the policy as text."""
        return as_text(*self._blocks())

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def __repr__(self) -> str:
        first = f"{self.title()!r}, " if self.name or self.version else ""
        return f"Policy({first}{counted(len(self.limits), 'limit')}, on_breach={self.on_breach!r})"
