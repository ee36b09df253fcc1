"""Dates by the user's own strptime format."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError
from riskresearch.files.dates._date_cells import NO_OFFSET, Integers
from riskresearch.files.dates._date_forms import FIRST_YEAR, LAST_YEAR, Reading
from riskresearch.files.dates._date_order import as_words
from riskresearch.files.dates._date_words import Period

_DIRECTIVES = re.compile(r"%([a-zA-Z%])")
_DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "H": 2, "I": 2, "M": 2, "S": 2, "j": 3}


def read_by_format(
    cells: npt.NDArray[Any], date_format: str, *, what: str, place: Callable[[int], str]
) -> tuple[Reading, Integers]:
    """Return the dates of cells of text or numbers by a strptime format, and their offsets from UTC in minutes."""
    letters = _check_format(date_format)
    texts = cells if cells.dtype == object else _digits(cells, date_format)
    offsets = np.full(len(texts), NO_OFFSET, dtype=np.int64)
    try:
        if letters & {"z", "Z"}:
            clock, offsets = _with_offsets(texts, date_format)
        else:
            parsed = pd.to_datetime(pd.Series(texts, dtype=object), format=date_format, errors="coerce")
            clock = parsed.to_numpy().astype("datetime64[ns]")
    except ValueError as error:
        raise InvalidInputError(
            f"date_format (--date-format) must be a format of strptime, got {date_format!r}: {error}."
        ) from None
    years = clock.astype("datetime64[Y]").astype(np.int64) + 1970
    missing = np.isnat(clock) | (years < FIRST_YEAR) | (years > LAST_YEAR)
    if missing.any():
        row = int(missing.argmax())
        raise InvalidInputError(
            f"{what} must have dates of the format date_format={date_format!r} (--date-format) in the years "
            f"{FIRST_YEAR} to {LAST_YEAR}, got {str(texts[row])[:40]!r} on {place(row)}."
        )
    period = _period(letters)
    note = f"as date_format={date_format!r}"
    if period is not None:
        step = "Y" if period == "year" else "M"
        clock = ((clock.astype(f"datetime64[{step}]") + 1).astype("datetime64[D]") - 1).astype("datetime64[ns]")
        note += f"; a {period} is dated on its last calendar day"
    words = f"{date_format}, {texts[0]} is {as_words(clock[0])}"
    return Reading(words, clock, ~missing, period=period, note=note), offsets


def _check_format(date_format: str) -> set[str]:
    letters = set(_DIRECTIVES.findall(date_format)) if isinstance(date_format, str) else set()
    if not letters & set("YyGcxDF"):
        raise InvalidInputError(
            "date_format (--date-format) must be a format of strptime with a year, such as '%d/%m/%Y', got "
            f"{date_format!r}."
        )
    return letters


def _period(letters: set[str]) -> Period | None:
    if letters & set("djcxDFuwaAUWV"):
        return None
    return "month" if letters & set("mbBh") else "year"


def _digits(cells: npt.NDArray[Any], date_format: str) -> npt.NDArray[Any]:
    """Return numbers as text with the zeros in front that a number does not keep: 1022022 as 01022022."""
    width = sum(_DIGITS.get(letter, 0) for letter in _DIRECTIVES.findall(date_format))
    if cells.dtype.kind == "f":
        whole = np.isfinite(cells) & (cells == np.floor(cells)) & (np.abs(cells) < 1e18)
        return np.array([str(int(c)).zfill(width) if w else str(c) for c, w in zip(cells, whole, strict=True)], object)
    return np.array([str(cell).zfill(width) for cell in cells.tolist()], dtype=object)


def _with_offsets(texts: npt.NDArray[Any], date_format: str) -> tuple[npt.NDArray[np.datetime64], Integers]:
    codes, different = pd.factorize(texts)
    clock = np.full(len(different), np.datetime64("NaT"), dtype="datetime64[ns]")
    offsets = np.full(len(different), NO_OFFSET, dtype=np.int64)
    datetime.strptime(datetime(2022, 1, 3).astimezone().strftime(date_format), date_format)  # raises for a bad format
    for number, text in enumerate(different):
        try:
            moment = datetime.strptime(text, date_format)
        except ValueError:
            continue
        offset = moment.utcoffset()
        clock[number] = np.datetime64(moment.replace(tzinfo=None))
        if offset is not None:
            offsets[number] = int(offset.total_seconds()) // 60
    return clock[codes], offsets[codes]
