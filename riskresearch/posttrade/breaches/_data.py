"""What limits need beside a ledger: groups, volumes, scenarios and the like, put on its columns and bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates, is_instance_of
from riskresearch.core._panel import read_numbers
from riskresearch.posttrade.ledger._inputs import rows_as_of
from riskresearch.pretrade.book._book import Book
from riskresearch.pretrade.checker._bar_data import BY_BAR
from riskresearch.pretrade.limits._book_limits import UcitsConcentration

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatMatrix, IntVector
    from riskresearch.posttrade.ledger._books import Books
    from riskresearch.pretrade.limits._limit import Limit

POSITIVE = ("average_volume", "volatility", "opening_prices")
"""Arguments of which a number that is not positive is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class ComplianceData:
    """What limits read beside positions, prices and money."""

    template: Book
    """A book of the columns of the ledger that holds nothing."""
    panels: dict[str, FloatMatrix]
    """Numbers of each bar, shape (bars, columns)."""
    scenarios_known: IntVector
    """How many scenarios are not later than each bar."""
    moments: npt.NDArray[np.int64] | None
    """Of each bar, in nanoseconds since 1970; None for bars without dates."""
    notes: tuple[str, ...]

    def in_force(self, limit: Limit) -> npt.NDArray[np.bool_]:
        """Return whether a limit holds on each bar."""
        if self.moments is None:
            return np.ones(len(self.scenarios_known), dtype=bool)
        first, last = limit.validity
        return np.asarray((self.moments >= first) & (self.moments <= last))


def changed(book: Book, **changes: Any) -> Book:
    """Return a book with other values of some of its fields."""
    other = object.__new__(Book)
    for name in Book.__slots__:
        object.__setattr__(other, name, changes[name] if name in changes else getattr(book, name))
    return other


def read_data(books: Books, limits: Sequence[Limit], given: Mapping[str, Any]) -> ComplianceData:
    """Return the arguments of `compliance` beside ledger and limits, checked."""
    groups, notes = _issuers(given["groups"], limits, books.columns)
    fixed = {name: value for name, value in given.items() if name != "groups" and not _is_panel(name, value)}
    panels = {name: _panel(given[name], books, name) for name in BY_BAR if name not in fixed}
    none = dict.fromkeys(books.columns, 0.0)
    book = Book(none, none, nav=float("nan"), cash=0.0, groups=groups, **fixed)
    return ComplianceData(
        _of_columns(book, len(books.columns)), panels, _scenarios_known(given["scenarios"], books),
        books.bars.starts.astype("datetime64[ns]").astype(np.int64) if books.bars.dated else None, notes,
    )  # fmt: skip


def _issuers(groups: Any, limits: Sequence[Limit], columns: tuple[str, ...]) -> tuple[Any, tuple[str, ...]]:
    """Return groups in which each asset is an issuer of its own where a limit asks for issuers that are not given."""
    if groups is not None and not hasattr(groups, "keys"):
        return groups, ()  # the book refuses it
    named = {} if groups is None else groups
    kinds = {limit.by for limit in limits if isinstance(limit, UcitsConcentration)} - {"asset"}
    missing = sorted(kind for kind in kinds if kind not in named)
    if not missing:
        return groups, ()
    own = {asset: asset for asset in columns}
    return {**{kind: named[kind] for kind in named}, **dict.fromkeys(missing, own)}, (
        f"Each asset counts as an {missing[0]} of its own, since groups names none.",
    )


def _is_panel(name: str, given: Any) -> bool:
    two = hasattr(given, "columns") or getattr(given, "ndim", 0) == 2
    return name in BY_BAR and two and not isinstance(given, Mapping)


def _panel(given: Any, books: Books, name: str) -> FloatMatrix:
    """Return the numbers of each bar, those of the last row at or before it; nan where there are none."""
    values, labels = read_numbers(given, name=name)
    if books.bars.dated and labels.dates is not None:
        comparable_dates(labels, books.bars.labels, name=name, beside="prices")
    if not labels.columns and values.shape[1] != len(books.columns):
        raise InvalidInputError(
            f"{name} must have a column for each asset of prices, got {values.shape[1]} beside {len(books.columns)}."
        )
    place = rows_as_of(labels, books.bars, len(values), name=name)
    names = labels.columns or books.columns
    found = np.full((books.bars.rows, len(books.columns)), np.nan)
    for column, asset in enumerate(books.columns):
        if asset in names:
            found[:, column] = np.where(place >= 0, values[np.maximum(place, 0), names.index(asset)], np.nan)
    return np.where(((found > 0.0) | (name not in POSITIVE)) & np.isfinite(found), found, np.nan)


def _of_columns(book: Book, count: int) -> Book:
    """Return a book of its first assets alone."""
    arrays = ("units", "prices", "factor", "average_volume", "volatility", "opening_prices", "locates", "betas")
    scenarios = None if book.scenarios is None else np.ascontiguousarray(book.scenarios[:, :count])
    return changed(
        book, assets=book.assets[:count], scenarios=scenarios, **{name: getattr(book, name)[:count] for name in arrays},
        factors={name: values[:count] for name, values in book.factors.items()},
        groups={name: values[:count] for name, values in book.groups.items()},
    )  # fmt: skip


def _scenarios_known(scenarios: Any, books: Books) -> IntVector:
    """Return how many scenarios there are by each bar: those of dates up to it, or all where they have none."""
    count = 0 if scenarios is None else len(scenarios)
    everywhere = np.full(books.bars.rows, count, dtype=np.intp)
    if not count or not books.bars.dated or not is_instance_of(scenarios, "pandas", "DataFrame"):
        return everywhere
    index = scenarios.index
    if is_instance_of(index, "pandas", "PeriodIndex"):
        index = index.to_timestamp(how="end")  # a period is known when it is over
    if not is_instance_of(index, "pandas", "DatetimeIndex"):
        return everywhere
    if not index.is_monotonic_increasing:
        raise InvalidInputError("scenarios must be in the order of their dates, since each bar reads those up to it.")
    if (index.tz is None) == books.bars.labels.zoned:
        raise InvalidInputError("scenarios must have a zone on their dates where prices have one, and none elsewhere.")
    return np.asarray(index.searchsorted(books.bars.index, side="right"), dtype=np.intp)
