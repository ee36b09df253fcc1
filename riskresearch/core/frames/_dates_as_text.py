"""Dates that are written as text, and the code of pandas and polars that converts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

SAMPLE = 256
YEAR_FIRST = re.compile(r"(\d{4})([-/.])\d{1,2}\2\d{1,2}")
WITH_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})")
DAY_AND_MONTH = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
MONTH = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")
DAY = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
YEAR_AND_MONTH = re.compile(r"\d{4}-\d{2}")
QUARTER = re.compile(r"\d{4}-?[Qq][1-4]|[1-4][Qq]\d{4}")
YEAR = re.compile(r"(19|20)\d{2}")
SECONDS = re.compile(r"\d{9,10}|\d{12,13}|\d{15,16}|\d{18,19}")
UNITS = {10: "s", 13: "ms", 16: "us", 19: "ns"}
NAMED_MONTHS = (
    "%b %Y", "%B %Y", "%b-%Y", "%b-%y", "%Y-%b", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%d%b%Y",
    "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%a %b %d %Y",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextDates:
    """How texts encode dates: the code of pandas with {} for what holds them, and the format for polars."""

    pandas: str
    form: str | None
    """Of `strptime`, None where the text has none."""
    note: str = ""


def dates_in_text(texts: Sequence[object]) -> TextDates | None:
    """Return how texts encode dates; None where some are no dates."""
    seen = [text for text in texts if isinstance(text, str)]
    if not seen or len(seen) < len(texts):
        return None
    step = max(1, len(seen) // SAMPLE)
    sample = seen[::step]
    return _usual(sample) or _by_day_and_month(sample, seen) or _with_names(sample)


def _usual(sample: list[str]) -> TextDates | None:
    if _all(YEAR_FIRST, sample):
        mark = sample[0][4]
        plain = all(text[4] == mark for text in sample)
        form = f"%Y{mark}%m{mark}%d"
        return TextDates("pd.to_datetime({})" if plain else "pd.to_datetime({}, format='mixed')", form)
    if _all(WITH_TIME, sample):
        form = "%Y-%m-%dT%H:%M:%S" if "T" in sample[0] else "%Y-%m-%d %H:%M:%S"
        return TextDates("pd.to_datetime({}, format='ISO8601')", form)
    if _all(WITH_ZONE, sample):
        return TextDates("pd.to_datetime({}, utc=True, format='ISO8601')", None)
    if _all(DAY, sample):
        return TextDates("pd.to_datetime({}, format='%Y%m%d')", "%Y%m%d")
    if _all(MONTH, sample):
        return TextDates("pd.to_datetime({}, format='%Y%m')", "%Y%m")
    for pattern, letter in ((YEAR_AND_MONTH, "M"), (QUARTER, "Q"), (YEAR, "Y")):
        if _all(pattern, sample):
            return TextDates("pd.PeriodIndex({}, freq='" + letter + "')", {"M": "%Y-%m", "Y": "%Y"}.get(letter))
    if _all(SECONDS, sample):
        unit = UNITS[min(length for length in UNITS if length >= len(sample[0]))]
        return TextDates("pd.to_datetime({}.astype('int64'), unit='" + unit + "')", None)
    return None


def _by_day_and_month(sample: list[str], texts: list[str]) -> TextDates | None:
    """Return the one reading of days and months, or both where every row has both."""
    if not _all(DAY_AND_MONTH, sample):
        return None
    found = [DAY_AND_MONTH.fullmatch(text) for text in texts]
    if any(match is None or match[2] != found[0][2] for match in found):  # type: ignore[index]
        return None
    parts = [(int(match[1]), int(match[3])) for match in found if match]
    mark = sample[0].strip("0123456789")[0]
    year = "%Y" if len(sample[0].rpartition(mark)[2]) == 4 else "%y"
    day_first, month_first = f"%d{mark}%m{mark}{year}", f"%m{mark}%d{mark}{year}"
    days_first = all(first <= 31 and second <= 12 for first, second in parts)
    months_first = all(first <= 12 and second <= 31 for first, second in parts)
    if not (days_first or months_first):
        return None
    note = ""
    if days_first and months_first:
        note = f", or with format='{month_first}' where the month comes first: the dates have both readings"
    form = day_first if days_first else month_first
    return TextDates("pd.to_datetime({}, format='" + form + "')", form, note)


def _with_names(sample: list[str]) -> TextDates | None:
    for form in NAMED_MONTHS:
        if all(_follows(text, form) for text in sample):
            return TextDates("pd.to_datetime({}, format='" + form + "')", form)
    return None


def _follows(text: str, form: str) -> bool:
    try:
        datetime.strptime(text, form)
    except ValueError:
        return False
    return True


def _all(pattern: re.Pattern[str], texts: list[str]) -> bool:
    return all(pattern.fullmatch(text) for text in texts)
