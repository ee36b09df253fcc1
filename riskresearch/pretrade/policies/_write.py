"""Policies to TOML files."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from typing import Any

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core.output._whole_file import check_file_target, write_whole
from riskresearch.pretrade.limits._limit import Limit
from riskresearch.pretrade.policies._limit_types import NONE, functions_of, limit_types, may_be_none
from riskresearch.pretrade.policies._meanings import own_first
from riskresearch.pretrade.policies._policy import Policy
from riskresearch.pretrade.policies._policy_test import PolicyTest
from riskresearch.pretrade.policies._read import policy_of
from riskresearch.pretrade.policies._toml_text import in_toml


def write_policy(policy: Policy, path: str | os.PathLike[str]) -> None:
    """Write a policy to a TOML file, whole or not at all, which `read_policy` reads to the same value.

    Parameters
    ----------
    policy : Policy
        Its parent, if it has one, must be a policy in the same folder, or where it names it.
    path : str or path
        A new file, or one that is overwritten.

    Raises
    ------
    InvalidInputError
        If a limit has a function or another value that TOML does not have, or the file may not be written.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from riskresearch import pretrade
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "desk.toml"
    >>> pretrade.write_policy(pretrade.Policy([pretrade.Leverage(1.5, warn=1.2)], name="desk"), file)
    >>> print(file.read_text())
    name = "desk"
    on_breach = "deny"
    <BLANKLINE>
    [[limit]]
    type = "Leverage"
    deny = 1.5
    warn = 1.2
    <BLANKLINE>
    """
    if not isinstance(policy, Policy):
        raise InvalidInputError(f"policy must be a Policy, got {shown(policy)}.")
    target = check_file_target(path, name="path")
    text = "\n\n".join("\n".join(table) for table in _tables(policy)) + "\n"
    try:
        content = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError("policy must hold text that UTF-8 has, got a lone surrogate.") from error
    _check_same(policy_of(text, target), policy)
    write_whole(target, content)


def _tables(policy: Policy) -> Iterator[list[str]]:
    head = [("name", policy.name), ("version", policy.version), ("extends", policy.parent)]
    lines = [f"{key} = {in_toml(text)}" for key, text in head if text]
    lines.append(f"on_breach = {in_toml(policy.on_breach)}")
    yield [*lines, *([f"max_age = {in_toml(policy.max_age)}"] if policy.max_age else [])]
    for number, limit in enumerate(policy.limits):
        yield ["[[limit]]", f"type = {in_toml(_type(limit, number))}", *_fields(limit, number)]
    for number, test in enumerate(policy.tests):
        yield ["[[test]]", *_test(test, number)]


def _type(limit: Limit, number: int) -> str:
    """Return the name of the class of a limit that a file can hold."""
    name = type(limit).__name__
    functions = functions_of(type(limit))
    if functions:
        raise InvalidInputError(
            f"limits[{number}] cannot be written: {name} has a function, {functions[0]}, which no file can hold. Write "
            "the policy without it, and add it in Python: dataclasses.replace(policy, limits=(*policy.limits, ...))."
        )
    if limit_types().get(name) is not type(limit):
        raise InvalidInputError(
            f"limits[{number}] cannot be written: {name} is no limit of riskresearch.pretrade, and no file can name it."
        )
    return name


def _fields(limit: Limit, number: int) -> Iterator[str]:
    """Return the parameters that are not the default, the limit's own before those that all limits have."""
    for field in own_first(type(limit)):
        if not field.init:
            continue
        value = getattr(limit, field.name)
        if field.name == "scope" and value == limit.scopes[0]:
            continue
        if _same(value, field.default):
            continue
        if value is None and may_be_none(type(limit), field.name):
            value = NONE
        yield f"{field.name} = {_value(value, f'limits[{number}].{field.name}')}"


def _same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _test(test: PolicyTest, number: int) -> Iterator[str]:
    if test.name:
        yield f"name = {_value(test.name, f'tests[{number}].name')}"
    yield f"book = {_value(test.book, f'tests[{number}].book')}"
    single = len(test.order) == 1
    for key in ("order", "expect", "codes", "accepted"):
        given = getattr(test, key)
        if given is not None:
            yield f"{key} = {_value(given[0] if single else given, f'tests[{number}].{key}')}"
    if test.mode != "cumulative":
        yield f"mode = {_value(test.mode, f'tests[{number}].mode')}"


def _value(value: Any, name: str) -> str:
    try:
        return in_toml(value)
    except TypeError as error:
        raise InvalidInputError(f"{name} cannot be written: {error}, got {shown(value)}.") from error


def _check_same(read: Policy, policy: Policy) -> None:
    """Refuse what TOML, or a parent that has changed, would not give back."""
    for field in dataclasses.fields(policy):
        ours, theirs = getattr(policy, field.name), getattr(read, field.name)
        if ours == theirs:
            continue
        name = field.name
        if isinstance(ours, tuple) and len(ours) == len(theirs):
            place = next(at for at, (one, other) in enumerate(zip(ours, theirs, strict=True)) if one != other)
            name, ours, theirs = f"{name}[{place}]", ours[place], theirs[place]
        raise InvalidInputError(f"{name} cannot be written: read again, {shown(ours)} is {shown(theirs)}.")
