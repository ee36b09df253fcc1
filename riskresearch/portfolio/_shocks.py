"""Scenarios of shocks as users write them: one mapping, one for each scenario, or a table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from riskresearch.core._checks import check_number, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of

ONLY_SCENARIO = "hypothetical"
UNITS = {"%": 100.0, "bp": 10_000.0, "bps": 10_000.0}


def read_scenarios(shocks: Any, assets: tuple[str, ...], factors: tuple[str, ...]) -> dict[str, dict[int, float]]:
    """Return the shocks of each scenario by number of the column, those of factors after those of assets."""
    names = (*assets, *factors)
    given = _by_scenario(shocks, names)
    many = len(given) > 1 or ONLY_SCENARIO not in given
    return {
        scenario: _numbered(moves, assets, factors, name=f"shocks[{scenario!r}]" if many else "shocks")
        for scenario, moves in given.items()
    }


def _by_scenario(shocks: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the moves of each scenario by its name."""
    if is_instance_of(shocks, "pandas", "DataFrame"):
        return _of_table(shocks, names)
    if not (isinstance(shocks, Mapping) or is_instance_of(shocks, "pandas", "Series")) or len(shocks) == 0:
        raise InvalidInputError(
            f"shocks must be a mapping from asset or factor to return, got {shown(shocks)}. Several scenarios have "
            f"names: {{'slump': {{{names[0]!r}: -0.2}}, 'boom': {{{names[0]!r}: 0.1}}}}.{_for_all(shocks)}"
        )
    scenarios = [name for name, moves in shocks.items() if _is_moves(moves)]
    if not scenarios:
        return {ONLY_SCENARIO: _known(shocks)}
    if len(scenarios) < len(shocks):
        single = next(name for name in shocks.keys() if name not in scenarios)
        raise InvalidInputError(
            f"shocks must be moves by asset or factor, or a mapping of them for each scenario, got both: {single!r} is "
            f"{shown(shocks[single])}, and {scenarios[0]!r} is {shown(shocks[scenarios[0]])}."
        )
    return {name: _known(moves) for name, moves in text_keys(shocks, name="shocks").items()}


def _for_all(shocks: Any) -> str:
    if not isinstance(shocks, int | float):
        return ""
    return f" One move of all assets is shocks=dict.fromkeys(returns.columns, {shocks!r})."


def _is_moves(moves: Any) -> bool:
    return isinstance(moves, Mapping) or is_instance_of(moves, "pandas", "Series")


def _known(moves: Any) -> Any:
    """Return the moves; those of a Series that are nan are not given."""
    return moves.dropna() if is_instance_of(moves, "pandas", "Series") else moves


def _of_table(table: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Return the rows or the columns of a table, whichever are scenarios: the others are assets and factors."""
    across, down = ([str(label) for label in labels] for labels in (table.columns, table.index))
    by_row, by_column = set(across) <= set(names), set(down) <= set(names)
    if by_row and by_column:
        raise InvalidInputError(
            "shocks must name scenarios in its rows or in its columns, but both are names of assets or factors. Rename "
            "the scenarios."
        )
    if not (by_row or by_column):
        closer = across if len(set(across) & set(names)) >= len(set(down) & set(names)) else down
        wrong = next(name for name in closer if name not in names)
        raise InvalidInputError(
            f"shocks must name assets or factors in its columns, or in its rows, but {wrong!r} is neither an asset nor "
            f"a factor.{name_remedy(wrong, names, what='name')}"
        )
    rows = table if by_row else table.T
    if not len(rows):
        raise InvalidInputError(f"shocks must hold at least one scenario, got shape {table.shape}.")
    scenarios = [(str(scenario), moves.dropna()) for scenario, moves in rows.iterrows()]
    twice = [name for number, (name, _) in enumerate(scenarios) if name in dict(scenarios[:number])]
    if twice:
        raise InvalidInputError(f"shocks must have a different name for each scenario, got {twice[0]!r} twice.")
    return dict(scenarios)


def _numbered(moves: Any, assets: tuple[str, ...], factors: tuple[str, ...], *, name: str) -> dict[int, float]:
    names = (*assets, *factors)
    given = {}
    for column, move in text_keys(moves, name=name).items():
        if names.count(column) != 1:
            raise InvalidInputError(_unknown(column, names, factors, name))
        given[names.index(column)] = _move(move, name=f"{name}[{column!r}]")
    if not given:
        raise InvalidInputError(f"{name} must shock at least one asset or factor, got none.")
    return given


def _unknown(column: str, names: tuple[str, ...], factors: tuple[str, ...], name: str) -> str:
    if column in names:
        return f"{name} must name assets or factors, got {column!r}, which is both an asset and a factor."
    other = "" if factors else " What is not held, such as a yield, needs its series over the same rows: factors=."
    remedy = name_remedy(column, names, what="name")
    return f"{name} must name assets or factors, got {column!r}, which is neither an asset nor a factor.{remedy}{other}"


def _move(move: Any, *, name: str) -> float:
    if isinstance(move, str):
        found = re.fullmatch(r"\s*([+-]?[\d.]+)\s*(%|bps?)\s*", move)
        if found:
            meant = float(found[1]) / UNITS[found[2]]
            raise InvalidInputError(f"{name} must be a number, got {move!r}: pass {meant:g}.")
    return check_number(move, name=name)
