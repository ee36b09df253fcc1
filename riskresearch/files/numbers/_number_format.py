"""How a column of text spells its numbers, and the sentences about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from riskresearch.files._grid import Step
from riskresearch.files.numbers._missing_marks import MissingNumbers
from riskresearch.files.numbers._number_column import Mark, TextColumn
from riskresearch.files.numbers._number_forms import READINGS

_SEPARATORS = {" ": "a blank", "'": "an apostrophe", "lakh": "commas as in 12,34,567"}
MANY = 5
"""Names that a sentence lists; more are counted."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a column spells its numbers.

    Attributes
    ----------
    decimal : str
        The decimal mark, "" where no cell shows it.
    thousands : str
        What separates groups of digits: "", ",", ".", " ", "'", or "lakh" for commas as in 12,34,567.
    words : tuple of str
        Units after the digits, such as "%", "M" or "bps".
    currency : str
        The mark or code of the currency, "" if there is none.
    """

    decimal: str = ""
    thousands: str = ""
    words: tuple[str, ...] = ()
    currency: str = ""

    def __str__(self) -> str:
        parts = [f"decimal mark {self.decimal!r}"] if self.decimal else []
        if self.thousands:
            parts.append(f"thousands separated by {_SEPARATORS.get(self.thousands, repr(self.thousands))}")
        parts += [f"unit {', '.join(map(repr, self.words))}"] if self.words else []
        parts += [f"currency {self.currency!r}"] if self.currency else []
        return ", ".join(parts) or "plain numbers"


def format_of(column: TextColumn, decimal: Mark) -> NumberFormat:
    """Return how a column spells its numbers, given its decimal mark."""
    forms = [form for form in column.forms if form.kind == "number"]
    fits = column.fits
    thousands = next(group for bit, (mark, group) in enumerate(READINGS) if mark == decimal and fits >> bit & 1)
    words = tuple(dict.fromkeys(form.word for form in forms if form.word))
    currency = next((form.currency for form in forms if form.currency), "")
    return NumberFormat(decimal if column.marked else "", thousands, words, currency)


def describe(
    formats: Mapping[str, NumberFormat], percent: frozenset[str], missing: Mapping[str, int], found: MissingNumbers
) -> tuple[Step, ...]:
    """Return the steps that say how numbers were read and what was missing; none for plain numbers."""
    steps = []
    columns: dict[NumberFormat, list[str]] = {}
    for name, how in formats.items():
        if how != NumberFormat(how.decimal and "."):
            columns.setdefault(how, []).append(name)
    for how, names in columns.items():
        steps.append(Step("numbers", f"{how}, in {names_of(names)}"))
    if percent:
        names = [name for name in formats if name in percent]
        steps.append(Step("percent", f"{names_of(names)} divided by 100", "the cells carry a percent sign"))
    if missing:
        marks = ", ".join(f"{count:,} {repr(mark) if mark else 'empty'}" for mark, count in missing.items())
        reason = "no other number of the table is near " + _list(found.counts) if found.counts else ""
        steps.append(Step("missing values", marks, reason))
    if found.kept:
        reason = "other numbers of the table are near, so they may be real"
        steps.append(Step("missing values", f"{_list(found.kept)} kept as numbers", reason))
    return tuple(steps)


def describe_oddities(texts: Mapping[str, TextColumn]) -> tuple[Step, ...]:
    """Return the steps that say which cells without a digit are zero, and which letters after numbers are ignored."""
    steps = []
    zeros = [(column, column.of_kind("zero")) for column in texts.values()]
    flagged = [(column, [n for n, form in enumerate(column.forms) if form.flag]) for column in texts.values()]
    for found, are, reason in (
        (zeros, "zero", "the accounting format of spreadsheets"),
        (flagged, "read without the letters", "flags of statistical offices"),
    ):
        first = next(((column, forms) for column, forms in found if forms), None)
        if first is not None:
            cells = sum(column.count(forms) for column, forms in found)
            example = first[0].texts[int(first[0].first[first[1]].min())]
            steps.append(Step("numbers", f"{cells:,} cells such as {example!r} are {are}", reason))
    return tuple(steps)


def names_of(names: list[str]) -> str:
    """Return columns for a sentence; many of them are counted."""
    if len(names) > MANY:
        return f"{len(names)} columns, the first {names[0]!r}"
    return ("columns " if len(names) > 1 else "column ") + ", ".join(map(repr, names))


def _list(numbers: Mapping[float, int] | tuple[float, ...]) -> str:
    return " and ".join(f"{number:g}" for number in numbers)
