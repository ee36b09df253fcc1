"""Values as TOML spells them."""

from __future__ import annotations

import json
import math
import numbers
import re
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_MINUTE = timedelta(minutes=1)


def in_toml(value: Any) -> str:
    """Return a value as TOML.

    Raises
    ------
    TypeError
        If TOML has no such value: None, a function, an object.
    """
    if isinstance(value, Enum):
        return in_toml(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return _number(float(value))
    if isinstance(value, date | time):
        return _moment(value)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key_in_toml(key)} = {in_toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, frozenset | set):
        return f"[{', '.join(sorted(map(in_toml, value)))}]"
    if isinstance(value, Collection) and not isinstance(value, bytes):
        return f"[{', '.join(map(in_toml, value))}]"
    raise TypeError(f"TOML has no {type(value).__name__}")


def key_in_toml(key: Any) -> str:
    """Return a key as TOML: bare if it may be, else in quotation marks."""
    return str(key) if _BARE.fullmatch(str(key)) else in_toml(str(key))


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else "nan" if math.isnan(value) else "inf" if value > 0.0 else "-inf"


def _moment(value: date | time) -> str:
    """Return a date, a time or both; an offset that is no whole minute is written in UTC."""
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if isinstance(value, datetime) and offset is not None and offset % _MINUTE:
        value = value.astimezone(UTC)
    if isinstance(value, time) and value.tzinfo is not None:
        raise TypeError("TOML has no time of day with a time zone")
    return value.isoformat()
