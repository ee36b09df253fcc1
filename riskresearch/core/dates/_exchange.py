"""Sessions of exchanges, by the package exchange_calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._optional import optional_import

if TYPE_CHECKING:
    from riskresearch.core.dates._weekdays import Days

LONGEST_REASON = 160


def exchange_sessions(name: str, first: int, last: int) -> Days:
    """Return the days since 1970 on which an exchange has a session, from `first` to `last`."""
    calendars: Any = optional_import("exchange_calendars", extra="calendars", feature="calendar=")
    if not isinstance(name, str):
        raise InvalidInputError(f"calendar must be the name of an exchange such as 'XNYS', got {name!r}.")
    start, end = (np.datetime64(day, "D") for day in (first, last))
    try:
        found = calendars.get_calendar(name, start=str(start), end=str(end))
        sessions = found.sessions.to_numpy()
    except Exception as error:
        names = calendars.get_calendar_names(include_aliases=False)
        known = ", ".join(sorted(known for known in names if known.startswith("X"))[:5])
        raise InvalidInputError(
            f"calendar must be the name of an exchange that exchange_calendars knows from {start} to {end}, such as "
            f"{known}, got {name!r}: {str(error)[:LONGEST_REASON]}"
        ) from error
    days: Days = sessions.astype("datetime64[D]").view(np.int64)
    return days[(days >= first) & (days <= last)]
