"""How pandas reads the double nearest to a decimal."""

from typing import Any


def exact_numbers(pandas_version: str) -> dict[str, Any]:
    """Return the options of `read_csv`: from pandas 3.1 on it always does so, and there the option warns."""
    major, minor = (int(part) for part in pandas_version.split(".")[:2])
    return {} if (major, minor) >= (3, 1) else {"float_precision": "round_trip"}
