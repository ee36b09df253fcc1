"""Verdicts as a file of JSON lines."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from riskresearch.core._saved_state import plain
from riskresearch.core.output._whole_file import write_whole
from riskresearch.pretrade._codes import Outcome, names_of
from riskresearch.pretrade.book._book_saved import saved_book, saved_orders

if TYPE_CHECKING:
    from riskresearch.pretrade.limits._limit import Limit

LOG_VERSION = 1
MOMENTS: dict[str, Any] = {"datetime": datetime, "date": date, "time": time}


def write_log(verdicts: Any, path: str | os.PathLike[str]) -> None:
    """Write verdicts with all that they were made of: the limits and the book in the first line, then an order a line.

    Each line has the digest of itself and all before it, so that a changed log is found.
    """
    checker = verdicts.checker
    limits = [_saved_limit(limit) for limit in checker.limits]
    header = {
        "version": LOG_VERSION, "limits": limits, "limits_digest": digest("", limits),
        "on_breach": checker.on_breach, "max_age": None if checker.max_age is None else dict(checker.max_age),
        "mode": verdicts.mode, "book": saved_book(verdicts.book),
        "orders": saved_orders(verdicts.orders.take(slice(0))),
    }  # fmt: skip
    header["inputs_digest"] = digest("", [header["book"], saved_orders(verdicts.orders)])
    lines: list[str] = []
    chain = _append(lines, header, "")
    for place, verdict in enumerate(verdicts):
        line = {
            "order": saved_orders(verdicts.orders.take(slice(place, place + 1))), **judged(verdicts, place),
            "reasons": list(verdict.reasons),
        }  # fmt: skip
        chain = _append(lines, line, chain)
    write_whole(path, "".join(lines).encode(), name="path")


def judged(verdicts: Any, place: int) -> dict[str, Any]:
    return {
        "outcome": Outcome(int(verdicts.outcome[place])).name,
        "units": plain(float(verdicts.units[place]), name="units"),
        "denied": list(names_of(int(verdicts.denied[place]))), "warned": list(names_of(int(verdicts.warned[place]))),
    }  # fmt: skip


def _append(lines: list[str], line: dict[str, Any], chain: str) -> str:
    chain = digest(chain, line)
    lines.append(json.dumps({**line, "digest": chain}, allow_nan=False) + "\n")
    return chain


def digest(before: str, value: Any) -> str:
    return hashlib.sha256((before + json.dumps(value, sort_keys=True, allow_nan=False)).encode()).hexdigest()


def _saved_limit(limit: Limit) -> dict[str, Any]:
    return {
        "type": type(limit).__name__,
        **{each.name: _saved_value(getattr(limit, each.name), each.name, limit) for each in fields(limit)},
    }


def _saved_value(value: Any, name: str, limit: Limit) -> Any:
    for kind, moment in MOMENTS.items():
        if type(value) is moment or (isinstance(value, moment) and kind == "datetime"):
            return {"kind": kind, "text": value.isoformat()}
    if isinstance(value, Mapping):
        return {"by_name": {key: _saved_value(each, name, limit) for key, each in value.items()}}
    if isinstance(value, tuple):
        return [_saved_value(each, name, limit) for each in value]
    if callable(value):
        return {"function": getattr(value, "__qualname__", type(value).__name__)}
    if hasattr(value, "astype"):  # a time of NumPy
        return {"kind": "datetime", "text": str(value.astype("datetime64[us]"))}
    return plain(value, name=name)
