"""Marks of missing values: the texts that vendors write, and the numbers that stand for none."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from riskresearch.core._types import FloatVector

MARKS = {
    "": "an empty cell",
    "nan": "pandas, NumPy, R, MATLAB, BIS", "-nan": "C", "+nan": "C", "nan()": "C", "<na>": "pandas", "nat": "pandas",
    "none": "Python", "null": "Yahoo, SQL, JSON", "(null)": "SQL Server", "\\n": "MySQL dumps",
    "na": "R, Bank of Japan, Datastream", "n/a": "U.S. Treasury, IMF, Bloomberg", "(na)": "U.S. BEA", "(n/a)": "",
    "#n/a": "Excel", "#na": "Google Sheets", "#n/a n/a": "Bloomberg", "#n/a n.a.": "Bloomberg",
    "#n/a field not applicable": "Bloomberg", "n.a.": "Federal Reserve, Orbis", "n.a": "", "n. a.": "",
    "n/v": "Scandinavia", "n/m": "Capital IQ", "nm": "Morningstar, Capital IQ", "n.m.": "Orbis", "nmf": "Value Line",
    "nd": "Federal Reserve", "n.d.": "Italy, Spain, Poland", "n/d": "Stooq, France", "nc": "France", "n.c.": "France",
    "k.a.": "Germany", "k. a.": "Germany", "kein wert vorhanden": "Bundesbank", "s.o.": "France", "s. o.": "France",
    "s/o": "France", "#nv": "Excel in German", "#n/d": "Excel in French and Italian", "#n/d!": "Excel in Polish",
    "#n/b": "Excel in Dutch", "#i/t": "Excel in Danish and Norwegian", "#saknas!": "Excel in Swedish",
    "#puuttuu!": "Excel in Finnish", "#yok": "Excel in Turkish",
    "missing": "SPSS, SAS", "not available": "", "no data": "Stooq", "unavailable": "",
    ".": "FRED, SAS, Stata, Bundesbank", "..": "World Bank, OECD, Statistics Canada", "...": "Destatis, IMF",
    "\u2026": "IMF", "-": "Investing.com, Bloomberg", "--": "Morningstar, IMF", "---": "", "\u2014": "Morningstar",
    "\u2014\u2014": "", "*": "Statistics Netherlands", "**": "", "x": "Destatis", "x?": "", "?": "UCI", "/": "Destatis",
    ":": "Eurostat", "b": "CRSP", "c": "CRSP",
}  # fmt: skip
"""Texts of a missing value, compared without regard to case, with those who write them."""

_WITH_FLAGS = re.compile(r": ?[a-z]{1,3}|\.[a-z]")
"""Marks with letters that say why: ": c" of Eurostat, ".a" of Stata and SAS."""

NUMBERS = (-99.99, -99.999, -99.9999, -999.0, -999.9, -999.99, -999.999, -9999.0, -9999.99, -99999.0)
"""Numbers that stand for a missing value in factor files and old programs, the largest first.

-99, -100 and 9999 are left out: losses and prices have these sizes. Zero is a number, too.
"""

LOWEST_BESIDE_ONE = -50.0
"""A single such number is a missing value only if every other number of the table is above this one."""

LOWEST_BESIDE_MANY = -95.0
"""A number that occurs again and again, or one below -100, needs all others only above this one."""

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


def find_missing_numbers(columns: Iterable[FloatVector]) -> MissingNumbers:
    """Find the numbers of `NUMBERS` that cannot be real in this table; nan is ignored.

    The sizes that are real are those of all other numbers of the table: a table of returns in percent with -99.99 and
    nothing else below -50 has no return of -99.99 %, and a table of prices has no negative ones.
    """
    low = [column[column <= NUMBERS[0]] for column in columns if lowest(column) <= NUMBERS[0]]
    if not low:
        return MissingNumbers({})
    found = np.concatenate(low)
    numbers, counts = np.unique(found, return_counts=True)
    known = np.isin(numbers, NUMBERS)
    if not known.all():
        return MissingNumbers({}, tuple(map(float, numbers[known])))
    rest = _lowest_above(columns)
    real = {
        float(number)
        for number, count in zip(numbers, counts, strict=True)
        if rest <= (LOWEST_BESIDE_MANY if count > 1 or number < -100 else LOWEST_BESIDE_ONE)
    }
    missing = {float(n): int(c) for n, c in zip(numbers, counts, strict=True) if float(n) not in real}
    return MissingNumbers(missing, tuple(sorted(real)))


def lowest(column: FloatVector) -> float:
    """Return the smallest number of a column, inf if there is none; nan is ignored."""
    return float(np.fmin.reduce(column, initial=np.inf))


def _lowest_above(columns: Iterable[FloatVector]) -> float:
    """Return the smallest number above all of `NUMBERS`."""
    return min((lowest(column[column > NUMBERS[0]]) for column in columns), default=np.inf)
