"""Linear constraints as text: "AAPL + MSFT <= 0.3", "TECH >= 20%", "0.1 <= TECH - 0.5 * ENERGY <= 0.4"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from riskresearch.core._checks import name_remedy
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from riskresearch.core._types import FloatVector

NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
COMPARISON = re.compile(r"[<>=!]+")
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"|`([^`]*)`")
WORD = re.compile(r"[^\s+*/()<>=!'\"`-]+")
SIGNS = "+-*/()%"
COMPARISONS = {"<=": -1, ">=": 1, "==": 0, "=": 0}
PART_OF_A_NAME = re.compile(r"\w")


class Row(NamedTuple):
    """One comparison: low <= coefficients @ weights <= high, and the text that it is from."""

    coefficients: FloatVector
    low: float
    high: float
    label: str


class _Token(NamedTuple):
    kind: str  # "name", "number", "comparison", or the sign itself
    text: str


class _Form(NamedTuple):
    """A linear form of the weights."""

    coefficients: FloatVector
    constant: float

    @property
    def is_number(self) -> bool:
        return not self.coefficients.any()


def rows_of(text: str, vectors: Mapping[str, FloatVector | None], count: int) -> Iterator[Row]:
    """Yield the comparisons of a constraint; `vectors` has the weights of each asset and group, None where both."""
    reader = _Reader(text, vectors, count)
    left, sides = reader.sum(), []
    while reader.kind == "comparison":
        sign = COMPARISONS[reader.next().text]
        sides.append((sign, reader.sum()))
    if reader.kind:
        raise reader.error(f"what follows {reader.before!r} cannot be read. Multiply with *, as in 0.5 * A")
    if not sides or len(sides) > 2:
        raise reader.error("a constraint has one comparison, <=, >= or ==, or two, as in 0.1 <= A + B <= 0.4")
    if len(sides) == 2 and sides[0][0] * sides[1][0] != 1:
        raise reader.error("two comparisons must point the same way, as in 0.1 <= A + B <= 0.4")
    for sign, right in sides:
        coefficients, bound = left.coefficients - right.coefficients, right.constant - left.constant
        if not coefficients.any():
            raise reader.error(
                "it compares numbers alone. Put quotes around names that are numbers, as in '600519' <= 0.1"
            )
        yield Row(coefficients, -np.inf if sign < 0 else bound, np.inf if sign > 0 else bound, text.strip())
        left = right


class _Reader:
    """Reads the tokens of one constraint by recursive descent."""

    def __init__(self, text: str, vectors: Mapping[str, FloatVector | None], count: int) -> None:
        self.text, self.vectors, self.count = text, vectors, count
        self.at = self.begun = 0
        self.token: _Token | None = None
        self._advance()

    @property
    def kind(self) -> str:
        return "" if self.token is None else self.token.kind

    @property
    def before(self) -> str:
        return self.text[: self.begun].strip()

    def error(self, what: str) -> InvalidInputError:
        return InvalidInputError(f"linear must be constraints such as 'AAPL + MSFT <= 0.3', got {self.text!r}: {what}.")

    def next(self) -> _Token:
        token = self.token
        if token is None:
            raise self.error("something is missing at its end")
        self._advance()
        return token

    def sum(self) -> _Form:
        """Read terms with + and - between them, and perhaps a sign before the first."""
        sign = -1.0 if self.kind == "-" else 1.0
        if self.kind in ("+", "-"):
            self.next()
        found = _scaled(self.product(), sign)
        while self.kind in ("+", "-"):
            sign = 1.0 if self.next().kind == "+" else -1.0
            term = self.product()
            found = _Form(found.coefficients + sign * term.coefficients, found.constant + sign * term.constant)
        return found

    def product(self) -> _Form:
        """Read factors with * and / between them, all but one of them numbers."""
        found = self.factor()
        while self.kind in ("*", "/"):
            divides = self.next().kind == "/"
            other = self.factor()
            if divides:
                if not other.is_number or other.constant == 0.0:
                    raise self.error("it can be divided by numbers other than zero only")
                found = _scaled(found, 1.0 / other.constant)
            elif other.is_number:
                found = _scaled(found, other.constant)
            elif found.is_number:
                found = _scaled(other, found.constant)
            else:
                raise self.error("a product of two weights is not linear")
        return found

    def factor(self) -> _Form:
        """Read a number, a name or a sum in parentheses."""
        token = self.next()
        if token.kind == "number":
            value = float(token.text)
            if self.kind == "%":
                self.next()
                value /= 100.0
            return _Form(np.zeros(self.count), value)
        if token.kind == "name":
            return _Form(self._weights_of(token.text), 0.0)
        if token.kind == "(":
            found = self.sum()
            if self.kind != ")":
                raise self.error("a parenthesis is not closed")
            self.next()
            return found
        raise self.error(f"a name or a number must stand where {token.text!r} does")

    def _weights_of(self, name: str) -> FloatVector:
        found = self.vectors.get(name)
        if found is not None:
            return found
        if name in self.vectors:
            raise self.error(f"{name!r} is an asset and a group. Give the group another name")
        remedy = name_remedy(name, tuple(self.vectors), what="name") if self.vectors else ""
        raise self.error(f"{name!r} is no asset and no group.{remedy}".removesuffix("."))

    def _advance(self) -> None:
        """Read the next token."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        self.begun = self.at
        self.token = self._token() if self.at < len(self.text) else None

    def _token(self) -> _Token:
        quoted = QUOTED.match(self.text, self.at)
        if quoted:
            self.at = quoted.end()
            return _Token("name", next(group for group in quoted.groups() if group is not None))
        known, number = self._known(), NUMBER.match(self.text, self.at)
        if number and len(number.group()) >= len(known) and not PART_OF_A_NAME.match(self.text, number.end()):
            if number.group() in self.vectors:
                raise self.error(
                    f"{number.group()} is a number and a name. Write {float(number.group())!r} for the number, and "
                    f"'{number.group()}' in quotes for the name"
                )
            self.at = number.end()
            return _Token("number", number.group())
        if known:
            self.at += len(known)
            return _Token("name", known)
        return self._sign()

    def _known(self) -> str:
        """Return the longest name that stands here by itself; refuse one that could be a sum of others as well."""
        here = sorted((name for name in self.vectors if self._stands(name)), key=len)
        if not here:
            return ""
        longest = here[-1]
        if len(here) > 1 and any(sign in longest for sign in SIGNS):
            raise self.error(
                f"{longest!r} is a name, but {here[0]!r} is one too. Put quotes around the name that is meant, or "
                "blanks around the sign"
            )
        return longest

    def _stands(self, name: str) -> bool:
        end = self.at + len(name)
        if not name or not self.text.startswith(name, self.at):
            return False
        return not (PART_OF_A_NAME.match(name[-1]) and PART_OF_A_NAME.match(self.text, end))

    def _sign(self) -> _Token:
        sign, comparison = self.text[self.at], COMPARISON.match(self.text, self.at)
        if comparison:
            self.at = comparison.end()
            if comparison.group() not in COMPARISONS:
                raise self.error(f"{comparison.group()!r} is no comparison of weights. Write <=, >= or ==")
            return _Token("comparison", comparison.group())
        if sign in SIGNS:
            self.at += 1
            return _Token(sign, sign)
        word = WORD.match(self.text, self.at)
        if word is None:
            raise self.error(f"{sign!r} has no meaning in it")
        self.at = word.end()
        return _Token("name", word.group())


def _scaled(form: _Form, factor: float) -> _Form:
    return _Form(factor * form.coefficients, factor * form.constant)
