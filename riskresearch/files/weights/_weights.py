"""Weights by name, as text or in a file: what their unit is, and what is a total or a remark."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._plausibility import MOST_PLAUSIBLE_GROSS, warn_user
from riskresearch.core._weights import rounding_of
from riskresearch.core.output._formats import percent
from riskresearch.core.output._tables import Block, as_html, as_text, pairs
from riskresearch.core.output._text import readable
from riskresearch.files._source import read_source
from riskresearch.files.weights._weight_rows import Entry, in_file, in_text, is_pairs, number_of

if TYPE_CHECKING:
    import pandas as pd

TOTALS = frozenset(
    {"", "total", "totals", "grand total", "sum", "summe", "gesamt", "totale", "somme", "suma", "totalt"}
)
Unit = Literal["fractions", "percent"]
PERCENT = re.compile(r"%|\bpercent|\bpct\b|\bprozent", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class WeightsFile:
    """Hold weights by name and how they were read: see `read_weights`.

    Attributes
    ----------
    name : str
        Name of the file, or "weights" for text.
    weights : dict of str to float
        Fractions of net asset value.
    unit : {"fractions", "percent"}
        The unit in which they were written.
    notes : tuple of str
        What was decided, in words, for the reader of a page.
    """

    name: str
    weights: dict[str, float]
    unit: Unit
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return one row per name."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        return pd.Series(self.weights, name="weight", dtype=float).rename_axis("name").to_frame()

    def summary(self) -> str:
        """Return the weights and how they were read as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        return [pairs([(name, percent(weight)) for name, weight in self.weights.items()]), *self.notes]

    def __repr__(self) -> str:
        return f"WeightsFile({self.name!r}: {len(self.weights)} weights, written as {self.unit})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())


@answers_other_names()
def read_weights(given: str | Path, *, columns: Sequence[str] = ()) -> WeightsFile:
    """Read weights by name from text such as "AAPL=0.6,MSFT=0.4", or from a file of names and weights.

    Parameters
    ----------
    given : str or path
        Pairs, with semicolons between them where the weights have decimal commas, or a text file with one name and
        weight on each line, with or without a header, further columns, a total and remarks around the table.
    columns : sequence of str, optional
        Names that are expected. They settle which column of the file holds the names.

    Returns
    -------
    WeightsFile
        The weights as fractions. 60%, a header with a percent sign, and weights that sum to 100 are percent; the last
        warns.

    Raises
    ------
    InvalidInputError
        If a name has no weight or two, or there is more than one reading of the file or of its unit.

    Examples
    --------
    >>> from riskresearch.files import read_weights
    >>> read_weights("AAPL=60%, MSFT=40%").weights
    {'AAPL': 0.6, 'MSFT': 0.4}
    """
    text = None if isinstance(given, Path) else readable(str(given))
    notes: tuple[str, ...] = ()
    if text is not None and is_pairs(text):
        what = "weights"
        entries, header = in_text(text), ""
    else:
        path = Path(given)
        what = readable(path.name)
        entries, header, notes = in_file(_content(path), what, columns)
    entries, total = _without_total(entries, what, columns)
    _check_names(entries, what)
    numbers = [number_of(entry.cell) or 0.0 for entry in entries]
    unit, said = _unit(entries, numbers, header, what)
    shift = -2 if unit == "percent" else 0  # 33.34 is 0.3334, which 33.34 / 100 is not
    weights = {
        entry.name: float(Decimal(repr(number)).scaleb(shift)) for entry, number in zip(entries, numbers, strict=True)
    }
    return WeightsFile(what, weights, unit, (*notes, *total, *said))


def _content(path: Path) -> bytes:
    try:
        return read_source(path).read()
    except InvalidInputError as error:
        raise InvalidInputError(
            f"{error} Weights are a file of names and weights, or pairs such as AAPL=0.6,MSFT=0.4."
        ) from error


def _check_names(entries: Sequence[Entry], what: str) -> None:
    """Require a number for each name, and each name once."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        if not entry.name or number_of(entry.cell) is None:
            raise InvalidInputError(
                f"{what} must give a name and a finite number each, got {entry.name[:100]!r} and {entry.cell[:100]!r}"
                f"{entry.place}.{_remedy_of(entry)}"
            )
        if entry.name in seen:
            raise InvalidInputError(
                f"{what} must name each column once, got {entry.name!r} twice{_both(seen[entry.name], entry)}."
            )
        seen[entry.name] = entry
    if len({mark for entry in entries for mark in ".," if mark in entry.cell}) > 1:
        comma, point = (next(entry for entry in entries if mark in entry.cell) for mark in ",.")
        raise InvalidInputError(
            f"{what} must have one decimal mark, got {comma.cell!r}{comma.place} and {point.cell!r}{point.place}."
        )


def _both(first: Entry, second: Entry) -> str:
    return f",{first.place} and{second.place}" if second.place else ""


def _remedy_of(entry: Entry) -> str:
    if entry.name and not entry.cell:
        return " Leave the row out, or give it a weight of 0."
    return ""


def _without_total(
    entries: tuple[Entry, ...], what: str, columns: Sequence[str]
) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
    """Leave out a last row that is the total of those above it; a total that is not their sum is refused."""
    last = entries[-1]
    total = number_of(last.cell)
    name = last.name.casefold().strip(" :")
    if len(entries) < 2 or total is None or name not in TOTALS or last.name in columns:
        return entries, ()
    above = [number_of(entry.cell) or 0.0 for entry in entries[:-1]]
    exact = sum(above)
    hundred = 100.0 if PERCENT.search(last.cell) or total > MOST_PLAUSIBLE_GROSS else 1.0
    if not any(PERCENT.search(entry.cell) for entry in entries[:-1]) and PERCENT.search(last.cell) and exact < 2.0:
        exact, above = 100.0 * exact, [100.0 * each for each in above]  # fractions above a total of 100%
    if abs(total - exact) > hundred * rounding_of(len(above)):
        raise InvalidInputError(
            f"{what} has a total of {last.cell}{last.place}, but the weights above it sum to {exact:.6g}. Correct it, "
            "or leave the row out."
        )
    return entries[:-1], (f"The row {last.name!r} of {what} is the total of the rows above it and no weight.",)


def _unit(entries: Sequence[Entry], numbers: Sequence[float], header: str, what: str) -> tuple[Unit, tuple[str, ...]]:
    """Return the unit of the weights and what is to be said about it."""
    total, gross, rounding = math.fsum(numbers), math.fsum(map(abs, numbers)), rounding_of(len(numbers))
    own = [entry for entry, number in zip(entries, numbers, strict=True) if number]  # 0 has no unit
    bare = next((entry for entry in own if not PERCENT.search(entry.cell)), None)
    marked = next((entry for entry in own if PERCENT.search(entry.cell)), None)
    of = "" if what == "weights" else f" of {what}"
    if marked is not None:
        return _marked(marked, bare, total, rounding, what)
    if PERCENT.search(header):
        if abs(total - 1.0) > rounding:
            return "percent", (f"The weights{of} are percent, by their header {header!r}.",)
        note = f"The weights{of} stand under {header!r} and sum to {total:.6g}; they are read as fractions."
        warn_user(f"{note} As percent they would be {total:.4g} % of the net asset value.")
        return "fractions", (note,)
    if abs(total - 100.0) <= 100.0 * rounding:
        note = f"The weights{of} sum to {total:.6g}; they are read as percent."
        warn_user(f"{note} As fractions they would be {gross:.4g} times the net asset value. Write 60% for percent.")
        return "percent", (note,)
    if gross > MOST_PLAUSIBLE_GROSS:
        raise InvalidInputError(
            f"{what} must have weights in a known unit, got numbers that sum to {total:.6g} (sizes to {gross:.6g}): as "
            f"fractions they are {gross:.4g} times the net asset value, as percent {gross:.4g} % of it, and amounts of "
            "money are to be divided by their sum. Write percent as 60%, fractions as 0.6."
        )
    return "fractions", ()


def _marked(
    marked: Entry, bare: Entry | None, total: float, rounding: float, what: str
) -> tuple[Unit, tuple[str, ...]]:
    if bare is not None:
        raise InvalidInputError(
            f"{what} must have a percent sign on each weight or on none, got {marked.cell!r}{marked.place} and "
            f"{bare.cell!r}{bare.place}. Write 60% as 60%, or as 0.6."
        )
    if abs(total - 1.0) <= rounding:
        raise InvalidInputError(
            f"{what} must have weights that make a portfolio, but they sum to {total:.6g}%. If they are fractions, "
            "leave the percent signs out."
        )
    return "percent", ()
