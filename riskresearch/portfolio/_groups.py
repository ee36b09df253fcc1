"""Sums over groups of assets or positions, such as sectors and strategies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


def members_of(group_of: tuple[str, ...]) -> dict[str, list[int]]:
    """Return the positions of the members of each group, in the order of first occurrence."""
    members: dict[str, list[int]] = {}
    for number, group in enumerate(group_of):
        members.setdefault(group, []).append(number)
    return members


def sums_by_group(group_of: tuple[str, ...], columns: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return data, index and columns of a frame of sums by group, in the order of first occurrence."""
    members = members_of(group_of)
    rows = [[math.fsum(column[i] for i in numbers) for column in columns.values()] for numbers in members.values()]
    return {"data": rows, "index": list(members), "columns": list(columns)}
