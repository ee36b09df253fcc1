"""Conversion of the time of the last bar to JSON and back."""

from __future__ import annotations

from datetime import datetime
from numbers import Integral, Real
from typing import Any


def time_state(time: Any) -> Any:
    """Return a time as null, a number, or a list of its kind, its text, its zone (or unit) and its fold.

    What is no time but a label of another kind is kept as its text.
    """
    if time is None or time != time:
        return None
    if isinstance(time, Real):
        return int(time) if isinstance(time, Integral) else float(time)
    kind = type(time).__name__
    if hasattr(time, "astype"):
        return [kind, str(time), time.dtype.name, 0]
    if not hasattr(time, "isoformat"):
        return ["str", str(time), None, 0]
    zone = getattr(time, "tzinfo", None)
    name = getattr(zone, "key", None) or getattr(zone, "zone", None)  # zoneinfo, and pytz in pandas 2
    return [kind, time.isoformat(), name, getattr(time, "fold", 0)]


def time_of(state: Any) -> Any:
    """Return the time that `time_state` described: the same instant, of the same kind and in the same zone."""
    if state is None or isinstance(state, Real):
        return state
    kind, text, zone, fold = state
    if kind == "str":
        return text
    if kind == "date":
        return datetime.fromisoformat(text).date()
    if kind == "datetime64":
        import numpy as np  # noqa: PLC0415 (who showed it has loaded it)

        return np.array(text, dtype=zone)[()]
    if kind == "Timestamp":
        import pandas as pd  # noqa: PLC0415 (who showed it has loaded it)

        stamp = pd.Timestamp(text)
        return stamp if zone is None else stamp.tz_convert(zone)
    time = datetime.fromisoformat(text)
    if zone is None:
        return time.replace(fold=fold)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 (only where a zone was kept)

    shown = time.replace(tzinfo=ZoneInfo(zone), fold=fold)
    return shown if shown.utcoffset() == time.utcoffset() else time.astimezone(ZoneInfo(zone))
