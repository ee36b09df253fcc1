"""The order of the dates of a column: oldest first, newest first, or an error that names the lines."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError


def order_of(
    instants: npt.NDArray[np.datetime64],
    *,
    what: str,
    place: Callable[[int], str],
    show: Callable[[int], str] | None = None,
) -> Literal["oldest first", "newest first"]:
    """Return the order of dates that occur once each; errors show them as `show` returns them for a row."""
    steps = np.diff(instants) > np.timedelta64(0)
    if steps.all():
        return "oldest first"
    shown = show or (lambda row: as_words(instants[row]))
    repeated = pd.Series(instants).duplicated().to_numpy()
    if repeated.any():
        second = int(repeated.argmax())
        first = int((instants == instants[second]).argmax())
        raise InvalidInputError(
            f"{what} has the date {shown(second)} twice, on {both_places(place(first), place(second))}."
        )
    if not steps.any():
        return "newest first"
    mostly_ahead = bool(2 * steps.sum() >= len(steps))
    row = int((steps != mostly_ahead).argmax()) + 1
    raise InvalidInputError(
        f"{what} must be in the order of its dates, oldest or newest first, but {shown(row)} on {place(row)} comes "
        f"after {shown(row - 1)} on {place(row - 1)}, where most dates {'increase' if mostly_ahead else 'decrease'}. "
        "Sort the rows by date, or correct this one."
    )


def both_places(first: str, second: str) -> str:
    """Return two places in words: "lines 3 and 4"."""
    word, _, number = first.rpartition(" ")
    other, _, last = second.rpartition(" ")
    return f"{word}s {number} and {last}" if word.isalpha() and word == other else f"{first} and {second}"


def as_words(date: np.datetime64) -> str:
    """Return a date as text, without a time of day at midnight."""
    text = str(date.astype("datetime64[us]")).replace("T", " ")
    return text.removesuffix(".000000").removesuffix(" 00:00:00")
