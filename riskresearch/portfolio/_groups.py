"""Groups of assets or positions, such as sectors and strategies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from riskresearch.core._checks import text_keys
from riskresearch.core._errors import InvalidInputError

if TYPE_CHECKING:
    import pandas as pd


def group_of_each(
    groups: Mapping[str, str] | pd.Series, assets: tuple[str, ...], *, what: str = "asset"
) -> tuple[str, ...]:
    """Return the group of each asset, or of each of what else there is."""
    given = {name: str(group) for name, group in text_keys(groups, name="groups").items()}
    missing = [asset for asset in assets if asset not in given]
    if missing:
        raise InvalidInputError(f"groups must name the group of every {what}, but {missing[0]!r} has none.")
    return tuple(given[asset] for asset in assets)


def members_of(group_of: tuple[str, ...]) -> dict[str, list[int]]:
    """Return the numbers of the members of each group, in the order in which the groups are first named."""
    members: dict[str, list[int]] = {}
    for number, group in enumerate(group_of):
        members.setdefault(group, []).append(number)
    return members


def sums_by_group(group_of: tuple[str, ...], columns: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    """Return data, index and columns of a frame of the sums over each group, in the order they are first named."""
    members = members_of(group_of)
    rows = [[math.fsum(column[i] for i in numbers) for column in columns.values()] for numbers in members.values()]
    return {"data": rows, "index": list(members), "columns": list(columns)}
