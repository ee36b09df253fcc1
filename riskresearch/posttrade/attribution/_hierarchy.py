"""The levels of a hierarchy of groups: which node of each level an asset belongs to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._groups import group_of_each
from riskresearch.core._labels import is_instance_of
from riskresearch.core.frames._native import is_frame, native

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from riskresearch.core._groups import Groups

    AllGroups: TypeAlias = "Groups | pd.DataFrame"

ASSET = "asset"
GROUP = "group"


class Grouping(NamedTuple):
    """One level: its name, its nodes in the order of first occurrence, and the node of each asset by number."""

    name: str
    nodes: tuple[str, ...]
    node_of: npt.NDArray[np.intp]


def read_levels(groups: AllGroups | None, assets: tuple[str, ...], cash: str) -> tuple[Grouping, ...]:
    """Return the levels above the assets, the widest first; cash is a group of its own."""
    if groups is None:
        return ()
    named = tuple(asset for asset in assets if asset != cash)
    labels = _labels_of_levels(groups, named)
    paths: list[tuple[str, ...]] = [()] * len(named)
    levels = []
    for name, own in labels.items():
        paths = [(*path, label) for path, label in zip(paths, own, strict=True)]
        levels.append(_grouping(name, paths, cash if cash in assets else ""))
    _refuse_reverse(levels, named)
    return tuple(levels)


def _labels_of_levels(groups: AllGroups, assets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Return the label of each asset by level."""
    if not is_frame(groups):
        given: Any = groups
        name = getattr(given, "name", None) if is_instance_of(given, "pandas", "Series") else None
        return {_level_name(name): group_of_each(given, assets)}
    frame = native(groups, name="groups")
    if not is_instance_of(frame, "pandas", "DataFrame"):
        raise InvalidInputError(
            "groups must be a DataFrame of pandas whose index names the assets, got one of polars, which has no index. "
            "Pass groups.to_pandas().set_index(its column of assets)."
        )
    if frame.shape[1] == 0:
        raise InvalidInputError("groups must have a column for each level, got none.")
    if not set(assets) & set(map(str, frame.index)):
        raise InvalidInputError(
            f"groups must have the assets as its index, got {frame.index[0]!r} there. Pass groups.set_index(column)[the"
            " columns of the levels, the widest first]."
        )
    names = [_level_name(column) for column in frame.columns]
    if len(set(names)) < len(names):
        raise InvalidInputError(f"groups must have a different name for each level, got {', '.join(names)}.")
    return {name: group_of_each(frame.iloc[:, number], assets) for number, name in enumerate(names)}


def _level_name(name: Any) -> str:
    if name is None or str(name) == "":
        return GROUP
    if str(name) == ASSET:
        raise InvalidInputError("groups must not call a level 'asset', which is the lowest one. Rename it.")
    return str(name)


def _grouping(name: str, paths: list[tuple[str, ...]], cash: str) -> Grouping:
    """Return a level whose nodes are paths; a label below two nodes is shown with its path."""
    found: dict[tuple[str, ...], int] = {}
    numbers = [found.setdefault(path, len(found)) for path in paths]
    last = [path[-1] for path in found]
    nodes = [label if last.count(label) == 1 else " / ".join(path) for path, label in zip(found, last, strict=True)]
    if cash:
        numbers.append(len(nodes))
        nodes.append(cash if cash not in nodes else f"{cash} (rest to 1)")
    return Grouping(name, tuple(nodes), np.array(numbers, dtype=np.intp))


def _refuse_reverse(levels: list[Grouping], assets: tuple[str, ...]) -> None:
    """Refuse levels of which the second does not divide the first, though it would the other way round."""
    for upper, lower in pairwise(levels):
        labels = {node.rpartition(" / ")[2] for node in lower.nodes}
        if len(assets) > 1 and len(upper.nodes) == len(lower.nodes) > len(labels):
            raise InvalidInputError(
                f"groups must have the widest level first, got {upper.name!r} before {lower.name!r}, whose groups hold "
                f"whole ones of it. Pass groups[[{lower.name!r}, {upper.name!r}]]."
            )
