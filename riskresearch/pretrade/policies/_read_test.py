"""A `[[test]]` table as a test of a policy."""

from __future__ import annotations

import inspect
from datetime import date, datetime
from typing import Any

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._records import Order
from riskresearch.pretrade.policies._place import Place
from riskresearch.pretrade.policies._policy_test import PolicyTest
from riskresearch.pretrade.policies._read_limit import by_field
from riskresearch.pretrade.policies._values import read_value

KEYS = ("name", "book", "order", "expect", "codes", "accepted", "mode")
NEEDED = ("book", "order", "expect")
TEXT = ("asset", "account", "strategy", "order_id", "kind", "side")
MOMENT = datetime | date | float | str


def read_test(table: Any, place: Place) -> PolicyTest:
    """Return the test of a table.

    Raises
    ------
    InvalidInputError
        If a key is not known, or a value is none that a book, an order or an outcome can have.
    """
    if not isinstance(table, dict):
        raise place.must("a table, [[test]] with book, order and expect below it", table)
    stated, spelled = by_field(table, KEYS, place, of="a test")
    for name in NEEDED:
        if name not in stated:
            raise place.error(f"a test needs {name}.")
    at = {name: place.at(spelled[name], f"{name} of a test") for name in stated}
    orders = _orders(stated["order"], at["order"])
    test: dict[str, Any] = {
        "book": _book(stated["book"], at["book"]),
        "order": orders,
        "expect": _each(stated["expect"], len(orders), at["expect"], str),
    }
    if "codes" in stated:
        test["codes"] = _codes(stated["codes"], len(orders), at["codes"])
    if "accepted" in stated:
        test["accepted"] = _each(stated["accepted"], len(orders), at["accepted"], float)
    for name in ("name", "mode"):
        if name in stated:
            test[name] = read_value(str, stated[name], at[name])
    try:
        made = PolicyTest(**test, place=str(place))
    except InvalidInputError as error:
        raise at.get(str(error).partition(" ")[0], place).error(str(error)) from error
    try:
        made.made_book()
    except InvalidInputError as error:
        name = str(error).partition(" ")[0].partition("[")[0]
        raise at["book"].at(name).error(str(error)) from error
    return made


def _book(given: Any, place: Place) -> dict[str, Any]:
    from riskresearch.pretrade.book._book import Book  # noqa: PLC0415 (a policy without tests needs none)

    if not isinstance(given, dict):
        raise place.must("a table of the arguments of Book", given)
    keys = [name for name in inspect.signature(Book).parameters if name != "self"]
    return by_field(given, keys, place, of="a book")[0]


def _orders(given: Any, place: Place) -> tuple[dict[str, Any], ...]:
    tables = given if isinstance(given, list) else [given]
    orders = []
    for number, table in enumerate(tables):
        where = place.at(number) if isinstance(given, list) else place
        if not isinstance(table, dict):
            raise where.must('a table, such as {asset = "A", units = 100}, or several [[test.order]]', table)
        orders.append(_order(table, where))
        for name in ("asset", "units"):
            if name not in orders[-1]:
                raise where.error(f"an order needs {name}.")
    from riskresearch.pretrade.orders._orders import Orders  # noqa: PLC0415 (as the book)

    for number, order in enumerate(orders):
        try:
            Orders.of([order])
        except InvalidInputError as error:
            raise (place.at(number) if isinstance(given, list) else place).error(str(error)) from error
    return tuple(orders)


def _order(table: dict[str, Any], place: Place) -> dict[str, Any]:
    """Return an order of text, numbers and a time; a number that is none may be tested, too."""
    stated, spelled = by_field(table, (*Order._fields, "side"), place, of="an order")
    for name, value in stated.items():
        where = place.at(spelled[name], f"{name} of an order")
        kind = str if name in TEXT else MOMENT if name == "time" else float
        stated[name] = value if isinstance(value, float) and kind is float else read_value(kind, value, where)
    return stated


def _each(given: Any, count: int, place: Place, kind: type) -> tuple[Any, ...]:
    """Return one value for each order; a single one is that of all."""
    values = given if isinstance(given, list) else [given] * count
    return tuple(read_value(kind, each, place) for each in values)


def _codes(given: Any, count: int, place: Place) -> tuple[tuple[str, ...], ...]:
    """Return the codes of each order; a list of names is that of the only order."""
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list):
        raise place.must('an array of codes, such as ["WEIGHT"]', given)
    if count == 1 and all(isinstance(each, str) for each in given):
        given = [given]
    if len(given) != count or not all(isinstance(each, list) for each in given):
        several = f"an array of {count} arrays of codes, one for each order"
        raise place.must('an array of codes, such as ["WEIGHT"]' if count == 1 else several, given)
    return tuple(tuple(codes) for codes in given)
