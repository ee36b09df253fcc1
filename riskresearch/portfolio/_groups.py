"""Sums over groups of assets or positions, such as sectors and strategies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def members_of(group_of: tuple[str, ...]) -> dict[str, list[int]]:
    """Return the positions of the members of each group, in the order of first occurrence."""
    members: dict[str, list[int]] = {}
    for number, group in enumerate(group_of):
        members.setdefault(group, []).append(number)
    return members


def sums_by_group(group_of: tuple[str, ...], columns: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Return the sums of each column by group, in the order of first occurrence."""
    import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

    members = members_of(group_of)
    rows = [[math.fsum(column[i] for i in numbers) for column in columns.values()] for numbers in members.values()]
    return pd.DataFrame(rows, index=pd.Index(list(members), name="group"), columns=list(columns))
