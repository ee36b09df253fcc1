"""A `[[limit]]` table as a limit."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from riskresearch.core import InvalidInputError
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.policies._limit_types import NONE, functions_of, kinds_of, limit_types, may_be_none
from riskresearch.pretrade.policies._meanings import unit_of
from riskresearch.pretrade.policies._place import Place, as_stated, did_you_mean
from riskresearch.pretrade.policies._values import read_value

TYPE = "type"
_FIRST = re.compile(r"(\w+)(?:\['([^']*)'\])?")
"""What a message begins with: the name of a parameter, and the key in it."""


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """A limit, and where it and its fields stand."""

    limit: Limit
    place: Place
    spelled: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def place_of(self, field: str) -> Place:
        """Return the place of a field; of the limit, where the field has its default."""
        return self.place.at(self.spelled[field]) if field in self.spelled else self.place


def read_limit(table: Any, place: Place) -> StatedLimit:
    """Return the limit of a table.

    Raises
    ------
    InvalidInputError
        If its type or a key is not known, a value does not fit, or the limit refuses its values.
    """
    if not isinstance(table, dict):
        raise place.must('a table, [[limit]] with type = "Leverage" below it', table)
    kind = _type_of(table, place)
    stated, spelled = by_field(
        {key: each for key, each in table.items() if key != TYPE},
        kinds_of(kind),
        place,
        of=kind.__name__,
        what="fields",
    )
    fields = {field.name: field for field in dataclasses.fields(kind) if field.init}
    none = [name for name, each in stated.items() if each == NONE and may_be_none(kind, name)]
    all_values = {name: field.default for name, field in fields.items()} | stated | dict.fromkeys(none)
    values: dict[str, Any] = dict.fromkeys(none)
    for name in stated.keys() - none:
        where = place.at(spelled[name], f"{name} of {kind.__name__}")
        values[name] = read_value(kinds_of(kind)[name], stated[name], where, unit_of(kind, name, all_values))
    for name, field in fields.items():
        if name not in values and field.default is field.default_factory is dataclasses.MISSING:
            raise place.error(f"{kind.__name__} needs {name}.")
    try:
        return StatedLimit(kind(**values), place, spelled)
    except InvalidInputError as error:
        found = _FIRST.match(str(error))
        keys = [] if found is None or found[1] not in spelled else [spelled[found[1]], *found.groups()[1:]]
        raise place.at_all(each for each in keys if each is not None).error(str(error)) from error


def by_field(
    table: Mapping[str, Any], known: Iterable[str], place: Place, *, of: str, what: str = "keys"
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the values of a table by field, and how each is spelled: a hyphen is an underscore.

    Raises
    ------
    InvalidInputError
        If a key is not known, or is there in both spellings.
    """
    names = tuple(known)
    stated: dict[str, Any] = {}
    spelled: dict[str, str] = {}
    for key, value in table.items():
        name = key.replace("-", "_")
        if name not in names:
            raise place.unknown(key, names, of=of, what=what)
        if name in stated:
            raise place.at(key).error(f"{name} is there twice.")
        stated[name], spelled[name] = value, key
    return stated, spelled


def _type_of(table: Mapping[str, Any], place: Place) -> type[Limit]:
    types = limit_types()
    if TYPE not in table:
        other = next((key for key in table if key.casefold() in (TYPE, "limit", "class", "kind")), None)
        remedy = f"The types are {', '.join(types)}." if other is None else f"Did you mean type for {other}?"
        raise (place if other is None else place.at(other)).error(
            f'a limit needs its type, such as type = "Leverage". {remedy}'
        )
    name, where = table[TYPE], place.at(TYPE)
    if not isinstance(name, str) or name not in types:
        remedy = _meant(name, types) if isinstance(name, str) else ""
        remedy = remedy or f" The types are {', '.join(types)}."
        raise where.error(f"type must be that of a limit, got {as_stated(name)}.{remedy}")
    functions = functions_of(types[name])
    if functions:
        raise where.error(
            f"{name} has a function, {functions[0]}, which no file can hold. Build it in Python: "
            "dataclasses.replace(policy, limits=(*policy.limits, ...))."
        )
    return types[name]


def _meant(name: str, types: Mapping[str, type[Limit]]) -> str:
    """Return what an unknown type was likely meant to be: the limit of that code, or the nearest name."""
    of_code = [each for each, limit in types.items() if limit.code.name == name.upper()]
    return f" {name} is the code of {of_code[0]}." if of_code else did_you_mean(name, types)
