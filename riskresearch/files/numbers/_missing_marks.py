"""Marks of missing values: the texts that vendors write, and the numbers that stand for none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from riskresearch.core._types import FloatVector

MARKS = frozenset({
    "",
    # languages, databases and statistics packages
    "nan", "-nan", "+nan", "nan()", "nan(ind)", "-nan(ind)", "<na>", "nat", "na", "none", "null", "(null)", "\\n",
    "missing",
    "9.#ind", "-9.#ind", "9.#qnan", "-9.#qnan", "9.#snan", "-9.#snan",
    # Excel and Google Sheets, in several languages
    "#n/a", "#na", "#nv", "#n/d", "#n/d!", "#n/b", "#i/t", "#saknas!", "#puuttuu!", "#yok",
    # vendors: Bloomberg, LSEG, Morningstar, Capital IQ, CRSP
    "#n/a n/a", "#n/a n.a.", "#n/a field not applicable", "n/a", "n.a.", "n.a", "n. a.", "(na)", "(n/a)", "nm", "n/m",
    "n.m.", "no data", "not available", "unavailable", "-", "--", "---", "\u2014", "\u2014\u2014", "b", "c",
    # statistical offices and central banks: FRED, Eurostat, World Bank, Destatis, Bundesbank, Federal Reserve
    ".", "..", "...", "\u2026", ":", "*", "**", "x", "x?", "?", "/", "nd", "kein wert vorhanden",
    # abbreviations of "no information" and "not available" in other languages
    "k.a.", "k. a.", "s.o.", "s. o.", "s/o", "n.d.", "n/d", "nc", "n.c.", "n/v",
})  # fmt: skip
"""Texts of a missing value, with 9 for each digit, compared without regard to case."""

_WITH_FLAGS = re.compile(r": ?[a-z]{1,3}|\.[a-z]")
"""Marks with letters that say why: ": c" of Eurostat, ".a" of Stata and SAS."""

NUMBERS = (-99.0, -99.99, -99.999, -99.9999, -999.0, -999.9, -999.99, -999.999, -9999.0, -9999.99, -99999.0)
"""Numbers that stand for a missing value in factor files and old programs.

-100 and 9999 are left out: losses and prices have these sizes. Zero is a number, too.
"""

LOWEST_BESIDE_ONE = -50.0
"""A single such number is a missing value only if every other number of the table is above this one."""

LOWEST_BESIDE_MANY = -95.0
"""A number that occurs again and again, or one below -100, needs all others only above this one."""

CODES = (-44.0, -55.0, -66.0, -77.0, -88.0, -99.0)
"""Codes of CRSP that say why a return is missing; https://crsp.org/products/documentation/data-definitions-h."""

HIGHEST_BESIDE_CODES = 44.0
"""Such codes stand beside returns: some are negative, none is below -1, and all are below this number."""

FILL_SIZE = 1e30
"""Numbers from this size on are what programs fill arrays with (1e+99, 1.797e+308): no price, volume or return is."""


def is_missing_mark(text: str) -> bool:
    """Return whether a text, stripped and without regard to case, is a mark of a missing value."""
    folded = text.casefold()
    return folded in MARKS or (folded.startswith((":", ".")) and _WITH_FLAGS.fullmatch(folded) is not None)


@dataclass(frozen=True, slots=True)
class MissingNumbers:
    """Numbers of a table that stand for missing values.

    Attributes
    ----------
    counts : mapping of float to int
        The numbers that are missing values, and in how many cells each occurs.
    kept : tuple of float
        Numbers of the same kind that may be real here, and so stay numbers.
    """

    counts: Mapping[float, int]
    kept: tuple[float, ...] = ()


def find_missing_numbers(columns: Sequence[FloatVector]) -> MissingNumbers:
    """Find the numbers of `NUMBERS` and `CODES` that cannot be real in this table; nan is ignored.

    The sizes that are real are those of all other numbers of the table: a table of returns in percent with -99.99 and
    nothing else below -50 has no return of -99.99 %, and a table of prices has no negative ones.
    """
    if not any(lowest(column) <= CODES[0] for column in columns):
        return MissingNumbers({})
    numbers, counts = np.unique(np.concatenate([column[column <= CODES[0]] for column in columns]), return_counts=True)
    found = {float(number): int(count) for number, count in zip(numbers, counts, strict=True)}
    rest = np.concatenate([column[~np.isin(column, (*NUMBERS, *CODES))] for column in columns])
    rest = rest[~np.isnan(rest)]
    below, above = (float(rest.min()), float(rest.max())) if len(rest) else (np.inf, -np.inf)
    missing = {}
    if -1 <= below < 0 and above < HIGHEST_BESIDE_CODES:
        missing = {number: count for number, count in found.items() if number in CODES}
    real = min((number for number in found if number in CODES and number not in (*missing, *NUMBERS)), default=np.inf)
    for number, count in found.items():
        if number in NUMBERS and _is_unreal(number, count, min(below, real)):
            missing[number] = count
    return MissingNumbers(missing, tuple(n for n in found if n in NUMBERS[1:] and n not in missing))


def _is_unreal(number: float, count: int, below: float) -> bool:
    """Return whether a number cannot be real beside others of which `below` is the lowest."""
    if number == NUMBERS[0]:
        return count > 1 and below > LOWEST_BESIDE_ONE
    return below > (LOWEST_BESIDE_MANY if count > 1 or number < -100 else LOWEST_BESIDE_ONE)


def lowest(column: FloatVector) -> float:
    """Return the smallest number of a column, inf if there is none; nan is ignored."""
    return float(np.fmin.reduce(column, initial=np.inf))
