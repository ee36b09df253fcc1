"""Dates that are written as text, and the code of pandas and polars that converts them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

SAMPLE = 256
NAMES_OF_DATES = frozenset(
    "date dates datetime time timestamp day month period quarter index yyyymm yyyymmdd caldt datadate ts t".split()
) | {"", "unnamed: 0", "open time", "trade date", "open_time", "trade_date", "level_0"}
YEAR_FIRST = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}")
ISO_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?")
WITH_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})")
DAY_AND_MONTH = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
TIMES = {
    re.compile(r"\d{1,2}:\d{2}"): " %H:%M",
    re.compile(r"\d{1,2}:\d{2}:\d{2}"): " %H:%M:%S",
    re.compile(r"\d{1,2}:\d{2} [AP]M"): " %I:%M %p",
    re.compile(r"\d{1,2}:\d{2}:\d{2} [AP]M"): " %I:%M:%S %p",
}
MONTH = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])")
DAY = re.compile(r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
YEAR_AND_MONTH = re.compile(r"\d{4}-\d{2}")
QUARTER = re.compile(r"\d{4}-?[Qq][1-4]|[1-4][Qq]\d{4}")
YEAR = re.compile(r"(19|20)\d{2}")
WEEK = re.compile(r"\d{4}-W\d{2}")
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
    return _usual(sample) or _with_marks(sample, seen) or _with_names(sample)


def dates_in_column(texts: Sequence[object], column: str) -> TextDates | None:
    """Return how the texts of a column encode dates; digits alone may be prices, so its name has to say so."""
    digits = all(isinstance(text, str) and text.isdigit() for text in texts)
    return dates_in_text(texts) if is_name_of_dates(column) or not digits else None


def is_name_of_dates(column: str) -> bool:
    """Return whether columns of dates are usually called so."""
    return column.lower().strip() in NAMES_OF_DATES


def _usual(sample: list[str]) -> TextDates | None:
    if _all(ISO_TIME, sample):
        mark, seconds = ("T" if "T" in sample[0] else " "), (":%S" if sample[0].count(":") > 1 else "")
        return TextDates("pd.to_datetime({}, format='ISO8601')", f"%Y-%m-%d{mark}%H:%M{seconds}")
    if _all(WITH_ZONE, sample):
        return TextDates("pd.to_datetime({}, utc=True, format='ISO8601')", _form_with_zone(sample[0]))
    if _all(DAY, sample):
        return TextDates("pd.to_datetime({}, format='%Y%m%d')", "%Y%m%d")
    if _all(MONTH, sample):
        return TextDates("pd.to_datetime({}, format='%Y%m')", "%Y%m")
    for pattern, letter in ((YEAR_AND_MONTH, "M"), (QUARTER, "Q"), (YEAR, "Y")):
        if _all(pattern, sample):
            return TextDates("pd.PeriodIndex({}, freq='" + letter + "')", {"M": "%Y-%m", "Y": "%Y"}.get(letter))
    if _all(WEEK, sample):
        return TextDates("pd.to_datetime({}.astype(str) + '-1', format='%G-W%V-%u')", None)
    if _all(SECONDS, sample):
        unit = UNITS[min(length for length in UNITS if length >= len(sample[0]))]
        return TextDates("pd.to_datetime({}.astype('int64'), unit='" + unit + "')", None)
    return None


def _form_with_zone(text: str) -> str:
    """Return the format of a time with a zone for polars, which reads RFC 3339 by its own letter."""
    if text.endswith("Z"):
        return "%+"
    return f"%Y-%m-%d{text[10]}%H:%M{':%S' if text.count(':') > 2 else ''}%z"


def _with_marks(sample: list[str], texts: list[str]) -> TextDates | None:
    """Return the reading of days, months and years between marks, perhaps with a time behind them."""
    days, _, hours = sample[0].partition(" ")
    time = next((form for pattern, form in TIMES.items() if pattern.fullmatch(hours)), None) if hours else ""
    if time is None or not all(bool(text.partition(" ")[2]) == bool(hours) for text in texts):
        return None
    dates = [text.partition(" ")[0] for text in texts]
    if YEAR_FIRST.fullmatch(days):
        if not all(YEAR_FIRST.fullmatch(each) and each[4] == days[4] for each in dates):
            return None
        form = f"%Y{days[4]}%m{days[4]}%d{time}"
        return TextDates("pd.to_datetime({})" if not time else "pd.to_datetime({}, format='" + form + "')", form)
    return _by_day_and_month(dates, time)


def _by_day_and_month(dates: list[str], time: str) -> TextDates | None:
    """Return the one reading of days and months, or both where every row has both."""
    found = [DAY_AND_MONTH.fullmatch(each) for each in dates]
    first = found[0]
    if first is None or any(match is None or match[2] != first[2] for match in found):
        return None
    parts = [(int(match[1]), int(match[3])) for match in found if match]
    mark, year = first[2], "%Y" if len(first[4]) == 4 else "%y"
    day_first, month_first = f"%d{mark}%m{mark}{year}{time}", f"%m{mark}%d{mark}{year}{time}"
    days_first = all(1 <= day <= 31 and 1 <= month <= 12 for day, month in parts)
    months_first = all(1 <= month <= 12 and 1 <= day <= 31 for month, day in parts)
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
