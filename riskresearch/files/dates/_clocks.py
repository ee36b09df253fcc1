"""The clock that dates show and the instants they are: offsets and names of time zones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core._errors import InvalidInputError
from riskresearch.files._grid import Step
from riskresearch.files.dates._date_cells import NO_OFFSET, Integers
from riskresearch.files.dates._date_words import BESIDE_ANOTHER, CLOCKS, OFFSETS_IN_MINUTES, USUAL_ZONES

MINUTE = 60_000_000_000
Instants = npt.NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Clock:
    """Hold dates as the file shows them and as instants.

    Attributes
    ----------
    index : DatetimeIndex
        Without a zone, by the clock of the file; with one where that clock shows an hour twice.
    instants : array of datetime64[ns]
        In UTC if the zone is known, else as they are shown.
    zone : str
        The zone or offsets in words; empty without one.
    steps : tuple of Step
    """

    index: pd.DatetimeIndex
    instants: Instants
    zone: str = ""
    steps: tuple[Step, ...] = ()


def without_zone(clock: Instants, zone: str = "", steps: tuple[Step, ...] = ()) -> Clock:
    """Return dates whose zone is not known or is the same as that of the instants."""
    return Clock(pd.DatetimeIndex(clock, name="date"), clock, zone, steps)


def with_zones(
    clock: Instants, offsets: Integers, zones: Integers, names: Sequence[str], *, what: str, place: Callable[[int], str]
) -> Clock:
    """Return dates that have an offset in minutes, a zone by its name, or both, in each row or in none."""
    known = (offsets != NO_OFFSET) | (zones >= 0)
    if not known.any():
        return without_zone(clock)
    if not known.all():
        bare, zoned = int((~known).argmax()), int(known.argmax())
        raise InvalidInputError(
            f"{what} must have a time zone in each row or in none, got one on {place(zoned)} and none on {place(bare)}."
        )
    by_name = (offsets == NO_OFFSET) & (zones >= 0)
    if not by_name.any():
        return from_offsets(clock, offsets, prefer=[name for name in names if "/" in name])
    minutes = [_minutes_of(name, names) for name in names]
    if len(names) == 1 and by_name.all() and minutes[0] is None:
        return _of_one_name(clock, names[0], what=what, place=place)
    unknown = next((name for name, minute in zip(names, minutes, strict=True) if minute is None), None)
    if unknown is not None:
        row = int((zones == names.index(unknown)).argmax())
        raise InvalidInputError(
            f"{what} must have offsets from UTC or zones of one meaning where it has several, got {unknown!r} on "
            f"{place(row)}. Write the offsets, as in 2022-01-03 16:00-05:00."
        )
    table = np.array([0 if minute is None else minute for minute in minutes], dtype=np.int64)
    words = "" if not by_name.all() else " and ".join(sorted(names)) if table.any() else "UTC"
    return from_offsets(clock, np.where(by_name, table[zones], offsets), words=words)


def from_offsets(clock: Instants, offsets: Integers, *, prefer: Sequence[str] = (), words: str = "") -> Clock:
    """Return dates with the offset of each in minutes."""
    instants = clock - (offsets * MINUTE).astype("timedelta64[ns]")
    different = np.unique(offsets)
    zone = words or " and ".join(_offset_words(int(minutes)) for minutes in different)
    kept = Step("time zone", zone, "the dates keep the clock of the file; order and doubles are those of UTC")
    if len(different) == 1 or _same_order(clock, instants):
        return Clock(pd.DatetimeIndex(clock, name="date"), instants, zone, (kept,))
    utc = pd.DatetimeIndex(instants, tz="UTC", name="date")
    for name in (*prefer, *USUAL_ZONES):
        local = utc.tz_convert(name)
        if np.array_equal(local.tz_localize(None).to_numpy(), clock):
            return Clock(local, instants, zone, (_twice_step(f"{zone}, as in {name}"),))
    return Clock(utc, instants, zone, (_twice_step(f"{zone}, converted to UTC"),))


def typed(index: pd.DatetimeIndex) -> Clock:
    """Return the dates that a file stores as times."""
    index = index.as_unit("ns").rename("date")
    if index.tz is None:
        return without_zone(index.to_numpy())
    clock, instants, zone = index.tz_localize(None).to_numpy(), index.tz_convert(None).to_numpy(), str(index.tz)
    if _same_order(clock, instants):
        step = Step("time zone", zone, "the dates keep the clock of the file; order and doubles are those of UTC")
        return Clock(pd.DatetimeIndex(clock, name="date"), instants, zone, (step,))
    return Clock(index, instants, zone, (_twice_step(zone),))


def _twice_step(zone: str) -> Step:
    return Step("time zone", zone, "the clock is turned back and shows an hour twice, so the dates keep their zone")


def _offset_words(minutes: int) -> str:
    return "UTC" if minutes == 0 else f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _same_order(clock: Instants, instants: Instants) -> bool:
    """Return whether the clock increases wherever the instants do."""
    order = np.argsort(instants, kind="stable")
    later = np.diff(instants[order]) > np.timedelta64(0)
    steps: Any = np.diff(clock[order])
    return bool((steps[later] > np.timedelta64(0)).all())


def _minutes_of(name: str, names: Sequence[str]) -> int | None:
    """Return the offset of an abbreviation in minutes, None if it has several meanings or its clock changes."""
    word = name.lower()
    if word in BESIDE_ANOTHER:
        other, minutes = BESIDE_ANOTHER[word]
        return minutes if other in (beside.lower() for beside in names) else None
    return OFFSETS_IN_MINUTES.get(word)


def _of_one_name(clock: Instants, name: str, *, what: str, place: Callable[[int], str]) -> Clock:
    """Return dates that all have the same name of a zone, whose offset is no constant or not known."""
    zone = CLOCKS.get(name.lower(), name)
    if "/" not in zone:
        step = Step("time zone", name, "the name has several meanings, so the dates keep the clock of the file alone")
        return without_zone(clock, name, (step,))
    shown = pd.DatetimeIndex(clock, name="date")
    local = shown.tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    if local.isna().any():
        row = int(local.isna().argmax())
        raise InvalidInputError(
            f"{what} must have times that {zone} shows once, got {shown[row]} on {place(row)}, where its clock is "
            "changed. Write the offsets from UTC, as in 2022-01-03 16:00-05:00."
        )
    step = Step("time zone", zone, "the dates keep the clock of the file; order and doubles are those of UTC")
    return Clock(shown, local.tz_convert(None).to_numpy(), zone, (step,))
