"""Policies from TOML files, with the line of whatever is wrong in them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._text import readable
from riskresearch.files.toml._toml_file import TomlFile, parse_toml, read_toml
from riskresearch.pretrade.book._book_inputs import FIELDS_WITH_AGE
from riskresearch.pretrade.policies._inherit import derived
from riskresearch.pretrade.policies._place import Place
from riskresearch.pretrade.policies._policy import OnBreach, Policy
from riskresearch.pretrade.policies._read_limit import StatedLimit, by_field, read_limit
from riskresearch.pretrade.policies._read_test import read_test
from riskresearch.pretrade.policies._shown import value_in_words
from riskresearch.pretrade.policies._tighter import direction_of
from riskresearch.pretrade.policies._values import read_value

WHAT = "a policy"
EXAMPLE = 'type = "Leverage"'
MOST_PARENTS = 20
PRICES = "prices"
"""What a single largest age is that of."""
KEYS = ("name", "version", "extends", "on_breach", "max_age", "limit", "test")


@dataclass(frozen=True, slots=True)
class ReadPolicy:
    """A policy, and where its limits and its own keys stand."""

    policy: Policy
    limits: tuple[StatedLimit, ...]
    places: dict[str, Place]
    file_name: str


def read_policy(path: str | os.PathLike[str]) -> Policy:
    """Return the policy of a TOML file.

    The file holds `name`, `version`, `on_breach`, `max_age`, `extends`, a table `[[limit]]` for each limit, with its
    class as `type` and its parameters by name, and tables `[[test]]`. Numbers may be text with a unit where the
    parameter has one: fractions "10%", "300 bp" or "1.5x", seconds "5 min". A policy that extends another one has all
    its limits, and may only tighten them; its tests are its own.

    Parameters
    ----------
    path : str or path
        The file.

    Returns
    -------
    Policy

    Raises
    ------
    InvalidInputError
        If the file cannot be read, has an unknown key, limit or unit, or is looser than what it extends. The message
        has the line, and the nearest name.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from riskresearch import pretrade
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "desk.toml"
    >>> _ = file.write_text('''
    ... name = "desk"
    ...
    ... [[limit]]
    ... type = "PositionWeight"
    ... deny = "10%"
    ... warn = 0.08
    ... ''')
    >>> pretrade.read_policy(file).limits[0].deny
    0.1
    """
    return _resolved(read_toml(path, what=WHAT, example=EXAMPLE), ()).policy


def policy_of(text: str, path: Path) -> Policy:
    """Return the policy of a text, as if the file had it."""
    return _resolved(parse_toml(text, path, what=WHAT, example=EXAMPLE), ()).policy


def _resolved(file: TomlFile, below: tuple[Path, ...]) -> ReadPolicy:
    """Return the policy of a file, which policies in the files `below` extend."""
    top = Place(file)
    stated, spelled = by_field(file.content, KEYS, top, of=WHAT)
    at = {name: top.at(spelled[name], spelled[name]) for name in stated}
    parent = _parent(stated["extends"], at["extends"], (*below, _real(file.path))) if "extends" in stated else None
    own = [read_limit(table, at["limit"].at(number)) for number, table in enumerate(_tables(stated, "limit", at))]
    if parent is None and not own:
        raise top.error("a policy needs a limit, [[limit]], or extends another one. Without any, every order passes.")
    limits = own if parent is None else derived(parent.limits, own)
    tests = [read_test(table, at["test"].at(number)) for number, table in enumerate(_tables(stated, "test", at))]
    texts = {
        name: read_value(str, stated[key], at[key])
        for name, key in (("name", "name"), ("version", "version"), ("parent", "extends"))
        if key in stated
    }
    on_breach = _on_breach(stated, at, parent)
    max_age = _max_age(stated, at, parent)
    policy = Policy(tuple(each.limit for each in limits), on_breach, max_age or None, tests=tuple(tests), **texts)
    return ReadPolicy(policy, tuple(limits), at, file.name)


def _tables(stated: dict[str, Any], name: str, at: dict[str, Place]) -> list[Any]:
    tables = stated.get(name, [])
    if not isinstance(tables, list):
        raise at[name].error(f"{name} must be an array of tables, each under [[{name}]], got one table or value.")
    return tables


def _parent(given: Any, place: Place, below: tuple[Path, ...]) -> ReadPolicy:
    name = read_value(str, given, place)
    path = place.file.path.parent / name
    if _real(path) in below:
        raise place.error(f"extends must not lead back to {readable(path.name)}, got {name!r}.")
    if len(below) > MOST_PARENTS:
        raise place.error(f"extends must not go through more than {MOST_PARENTS} files, got {name!r} as one more.")
    try:
        file = read_toml(path, what=WHAT, example=EXAMPLE)
    except InvalidInputError as error:
        raise place.error(f"extends must be a policy: {error}") from error
    return _resolved(file, below)


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # circular links, which the reader refuses
        return path


def _on_breach(stated: dict[str, Any], at: dict[str, Place], parent: ReadPolicy | None) -> OnBreach:
    if "on_breach" not in stated:
        return "deny" if parent is None else parent.policy.on_breach
    if stated["on_breach"] == "shadow":
        raise at["on_breach"].must('"deny", "clip" or "record"', "shadow", 'The shadow mode is "record".')
    own: OnBreach = read_value(OnBreach, stated["on_breach"], at["on_breach"])
    if parent is not None and direction_of("strictness", parent.policy.on_breach, own) == "looser":
        raise at["on_breach"].error(
            f"on_breach is {own!r}, looser than {parent.policy.on_breach!r} in {_where(parent, 'on_breach')}. A policy "
            "may only tighten what it extends."
        )
    return own


def _max_age(stated: dict[str, Any], at: dict[str, Place], parent: ReadPolicy | None) -> dict[str, float]:
    """Return the largest age of each argument of the book: that of the parent, or a smaller one."""
    ages = dict((parent and parent.policy.max_age) or {})
    if "max_age" not in stated:
        return ages
    place = at["max_age"]
    given = stated["max_age"]
    table = given if isinstance(given, dict) else {PRICES: given}
    own, spelled = by_field(table, FIELDS_WITH_AGE, place, of="max_age", what="arguments")
    for name, each in own.items():
        where = place.at(spelled[name], f"{name} of max_age") if table is given else place
        age = read_value(float, each, where, "seconds")
        if not age > 0.0:
            raise where.must("a positive number of seconds", each)
        if name in ages and age > ages[name]:
            raise where.error(
                f"{where.name} is {value_in_words(age)}, looser than {value_in_words(ages[name])} in "
                f"{_where(parent, 'max_age')}. A policy may only tighten what it extends."
            )
        ages[name] = age
    return ages


def _where(parent: ReadPolicy | None, key: str) -> str:
    """Return the place of a key of the parent; its file, where the key is inherited or has its default."""
    return "" if parent is None else str(parent.places[key]) if key in parent.places else parent.file_name
