"""The verdicts of a log, judged again."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskresearch.core._checks import shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import revived
from riskresearch.core.output._formats import counted
from riskresearch.core.output._tables import as_html, as_text
from riskresearch.pretrade.book._book_saved import book_from, orders_of
from riskresearch.pretrade.checker._checker import UnifiedLimitChecker
from riskresearch.pretrade.checker._log import LOG_VERSION, MOMENTS, digest, judged
from riskresearch.pretrade.limits._limit import Limit

if TYPE_CHECKING:
    import pandas as pd

    from riskresearch.pretrade.checker._verdicts import Verdicts
    from riskresearch.pretrade.orders._orders import Orders


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Replay:
    """Verdicts judged again from a log: see `replay`.

    Attributes
    ----------
    path : str
        The log.
    verdicts : Verdicts
        As they are now.
    difference : str
        The first order whose verdict differs, with both; empty if none does.
    """

    path: str
    verdicts: Verdicts
    difference: str

    @property
    def same(self) -> bool:
        """Whether every verdict is that of the log."""
        return not self.difference

    def to_frame(self) -> pd.DataFrame:
        """Return one row an order, as it is judged now."""
        return self.verdicts.to_frame()

    def summary(self) -> str:
        """Return whether the verdicts are the same, and the first that is not."""
        return as_text(self._sentence())

    def _sentence(self) -> str:
        orders = counted(len(self.verdicts), "order")
        return f"{orders} judged again with the same verdicts." if self.same else f"{orders}: {self.difference}"

    def __repr__(self) -> str:
        return f"Replay({self._sentence()})"

    def _repr_html_(self) -> str:
        return as_html(self._sentence())


def replay(path: str | os.PathLike[str], *, limits: Sequence[Limit] | None = None) -> Replay:
    """Judge the orders of a log again, and compare.

    Parameters
    ----------
    path : path
        What `Verdicts.write_log` wrote.
    limits : sequence of Limit, optional
        Limits to judge by in place of those of the log, such as those with functions, which no file holds.

    Returns
    -------
    Replay

    Raises
    ------
    InvalidInputError
        If the file is no log, or was changed since.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from riskresearch import UnifiedLimitChecker, pretrade
    >>> book = pretrade.Book({"A": 60}, {"A": 10.0}, cash=400.0)
    >>> verdicts = UnifiedLimitChecker([pretrade.PositionUnits(100)]).check_batch([{"asset": "A", "units": 50}], book)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "verdicts.jsonl"
    ...     verdicts.write_log(path)
    ...     print(pretrade.replay(path).summary())
    1 order judged again with the same verdicts.
    """
    header, lines = _read(Path(path))
    own = tuple(map(_limit_from, header["limits"])) if limits is None else tuple(limits)
    checker = UnifiedLimitChecker(own, on_breach=header["on_breach"], max_age=header["max_age"])
    orders = _joined([line["order"] for line in lines], header["orders"])
    verdicts = checker.check_batch(orders, book_from(header["book"]), mode=header["mode"])
    for place, line in enumerate(lines):
        now = judged(verdicts, place)
        then = {name: line[name] for name in now}
        if now != then:
            return Replay(str(path), verdicts, f"order {place} was {_in_words(then)} and is {_in_words(now)}.")
    return Replay(str(path), verdicts, "")


def _in_words(verdict: Mapping[str, Any]) -> str:
    codes = "+".join([*verdict["denied"], *verdict["warned"]])
    return f"{verdict['outcome']} of {verdict['units']} units{codes and ' by '}{codes}"


def _read(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the first line and the others of a log that was not changed."""
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise InvalidInputError(f"path must be a log of verdicts, got {str(path)!r}: {error.strerror}.") from error
    except ValueError as error:
        raise InvalidInputError(
            f"path must be a log of verdicts, got {str(path)!r}, which is no JSON lines."
        ) from error
    if not lines or not isinstance(lines[0], dict) or lines[0].get("version") != LOG_VERSION:
        raise InvalidInputError(f"path must be a log that Verdicts.write_log wrote, got {str(path)!r}.")
    chain = ""
    for number, line in enumerate(lines, 1):
        own = {name: value for name, value in line.items() if name != "digest"} if isinstance(line, dict) else {}
        chain = digest(chain, own)
        if not own or line.get("digest") != chain:
            raise InvalidInputError(
                f"path must be a log as it was written, got {str(path)!r} whose line {number} was changed, or one "
                "before it was left out."
            )
    return lines[0], lines[1:]


def _joined(each: list[Mapping[str, Any]], empty: Mapping[str, Any]) -> Orders:
    """Return the orders of the lines of a log as one."""
    if not each:
        return orders_of(empty)
    joined = dict(each[0])
    for name, value in joined.items():
        if name not in ("assets", "accounts", "strategies") and value is not None:
            joined[name] = [number for line in each for number in line[name]]
    return orders_of(joined)


def _limit_from(saved: Mapping[str, Any]) -> Limit:
    from riskresearch import pretrade  # noqa: PLC0415 (this file is part of it)

    made = getattr(pretrade, str(saved["type"]), None)
    if not isinstance(made, type) or not issubclass(made, Limit):
        raise InvalidInputError(f"path must be a log of limits of this version, got one of {shown(saved['type'])}.")
    return made(**{name: _value_from(value, made) for name, value in saved.items() if name != "type"})


def _value_from(value: Any, made: type) -> Any:
    if isinstance(value, list):
        return tuple(_value_from(each, made) for each in value)
    if not isinstance(value, Mapping):
        return value
    if "by_name" in value:
        return {key: _value_from(each, made) for key, each in value["by_name"].items()}
    if "function" in value:
        raise InvalidInputError(
            f"limits must be given for a log with a {made.__name__}, got none: no file holds its function "
            f"{value['function']}. Pass limits=checker.limits."
        )
    if "kind" in value:
        return MOMENTS[value["kind"]].fromisoformat(value["text"])
    return revived(value)
