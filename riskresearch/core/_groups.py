"""The group of each asset or position, such as its sector or strategy, in any of the forms that users have it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from riskresearch.core._arguments import values_by_name
from riskresearch.core._checks import is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    import pandas as pd

Groups: TypeAlias = "Mapping[str, str] | Mapping[str, Sequence[str]] | pd.Series | pd.DataFrame | Sequence[str]"
"""The group of each asset by name, the assets of each group by its name, or one group for each asset in their order."""


def group_of_each(groups: Groups, assets: tuple[str, ...], *, what: str = "asset") -> tuple[str, ...]:
    """Return the group of each asset as text; `what` is the word for an asset in errors.

    Groups of further assets are ignored, for a table of all sectors serves every portfolio.
    """
    given = _named(groups, assets, what)
    if given is None:
        return _in_order(groups, assets, what)
    missing = [asset for asset in assets if asset not in given or _is_missing(given[asset])]
    if missing:
        raise InvalidInputError(
            f"groups must name the group of every {what}, got none for {missing[0]!r}.{_remedy(missing[0], given)}"
        )
    return tuple(str(given[asset]) for asset in assets)


def group_where_known(groups: Groups, assets: tuple[str, ...], *, what: str = "asset") -> tuple[str, ...]:
    """Return the group of each asset as text, empty where it has none."""
    given = _named(groups, assets, what)
    if given is None:
        return _in_order(groups, assets, what)
    return tuple("" if _is_missing(given.get(asset)) else str(given[asset]) for asset in assets)


def _remedy(asset: str, given: Mapping[str, Any]) -> str:
    if list(given) == [str(number) for number in range(len(given))]:
        return " A Series goes by its index: pass groups.to_numpy() for groups in the order of the columns."
    alike = [name for name in given if name != asset and name.strip().casefold() == asset.strip().casefold()]
    return f" It names {alike[0]!r}: names are compared as they are written, with capitals and blanks." if alike else ""


def _named(groups: Any, assets: tuple[str, ...], what: str) -> dict[str, Any] | None:
    """Return groups by name, those of a column by its index; None for what goes by position."""
    if getattr(groups, "ndim", None) == 2 and hasattr(groups, "columns"):
        frame = native(groups, name="groups")
        if len(frame.columns) != 1:
            raise InvalidInputError(
                f"groups must be one column, got {len(frame.columns)}. Pass the one that names the groups: "
                f"groups=table[{str(frame.columns[-1])!r}]."
            )
        groups = frame[frame.columns[0]]
    given = values_by_name(groups, name="groups", owner="the portfolio", what=what)
    if given and isinstance(groups, Mapping) and all(_is_list(members) for members in given.values()):
        return _by_member(given, what)
    return given


def _by_member(members: Mapping[str, Any], what: str) -> dict[str, Any]:
    """Return the group of each member; one in two groups is refused."""
    found: dict[str, Any] = {}
    for group, names in members.items():
        for name in map(str, names):
            if found.setdefault(name, group) != group:
                raise InvalidInputError(
                    f"groups must hold each {what} once, got {name!r} in {found[name]!r} and in {group!r}."
                )
    return found


def _in_order(groups: Any, assets: tuple[str, ...], what: str) -> tuple[str, ...]:
    unread = is_single(groups) or not hasattr(type(groups), "__len__")  # such as a lazy frame
    if unread or len(groups) != len(assets) or any(_is_missing(group) for group in groups):
        raise InvalidInputError(
            f"groups must be a mapping or a Series that names the group of every {what}, such as "
            f"{{{assets[0]!r}: 'one'}}, or one group for each of the {len(assets)} {what}s in their order, got "
            f"{shown(groups)}."
        )
    return tuple(map(str, groups))


def _is_list(members: Any) -> bool:
    return not is_single(members) and not isinstance(members, Mapping)


def _is_missing(group: Any) -> bool:
    return group is None or str(group) in ("nan", "<NA>", "NaT")
