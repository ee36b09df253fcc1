"""Weights, prices and accounts: checked, aligned, and put in the order of the accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import name_remedy, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates, same_clock_remedy
from riskresearch.core._panel import read_numbers
from riskresearch.core._plausibility import check_gross
from riskresearch.core._weights import prices_held

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, Labels

ONE_ACCOUNT = "portfolio"


@dataclass(frozen=True, slots=True)
class Layout:
    """The labels of rows and columns, and which account holds which columns.

    In account order the columns of an account stand side by side: `order` gives the number of each in the input, None
    where the two orders are the same, and account i has the columns from starts[i] to before starts[i + 1].
    """

    labels: Labels
    columns: tuple[str, ...]
    accounts: tuple[str, ...]
    starts: npt.NDArray[np.intp]
    order: npt.NDArray[np.intp] | None

    @property
    def account_of(self) -> npt.NDArray[np.intp]:
        """The number of the account of each column, in account order."""
        return np.repeat(np.arange(len(self.accounts)), np.diff(self.starts))

    @property
    def account_columns(self) -> tuple[str, ...]:
        """The names of the columns in account order."""
        return self.columns if self.order is None else tuple(self.columns[number] for number in self.order)

    def account_order(self, values: FloatMatrix) -> FloatMatrix:
        """Return a panel in account order."""
        return values if self.order is None else np.ascontiguousarray(values[:, self.order])

    def input_order(self, values: FloatMatrix) -> FloatMatrix:
        """Return a panel in account order with its columns in the order of the input."""
        return values if self.order is None else values[:, np.argsort(self.order)]

    def place(self, row: int, column: int) -> str:
        """Return where a value stands, for errors; `column` is in account order."""
        return self.labels.place(row, column if self.order is None else int(self.order[column]))


def held_inputs(
    weights: Data, accounts: str | Mapping[str, str] | None, panels: Mapping[str, Data | None]
) -> tuple[Any, tuple[Any, ...]]:
    """Return accounts, and prices and other panels, without the columns that `weights` lacks; a warning names them."""
    left, held = prices_held(weights, panels)
    if left and isinstance(accounts, Mapping):
        accounts = {column: account for column, account in accounts.items() if str(column) not in left}
    return accounts, held


def read_layout(labels: Labels, width: int, accounts: str | Mapping[str, str] | None) -> Layout:
    """Return the layout of `width` columns: one account, one for each column, or those that a mapping names."""
    columns = labels.columns or tuple(map(str, range(width)))
    if accounts is None:
        return Layout(labels, columns, (ONE_ACCOUNT,), np.array([0, width], dtype=np.intp), None)
    if isinstance(accounts, str):
        if accounts != "columns":
            raise InvalidInputError(f'accounts must be None, "columns" or a mapping, got {accounts!r}.')
        return Layout(labels, columns, columns, np.arange(width + 1, dtype=np.intp), None)
    given = {column: str(account) for column, account in text_keys(accounts, name="accounts").items()}
    for column in columns:
        if column not in given:
            raise InvalidInputError(f"accounts must name the account of every column, but {column!r} has none.")
    for column in given:
        if column not in columns:
            remedy = name_remedy(column, columns, what="column")
            raise InvalidInputError(f"accounts must name columns of prices, got {column!r}.{remedy}")
    names = tuple(dict.fromkeys(given[column] for column in columns))
    numbers = np.array([names.index(given[column]) for column in columns], dtype=np.intp)
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers))]).astype(np.intp)
    order = np.argsort(numbers, kind="stable")
    return Layout(labels, columns, names, starts, None if (np.diff(numbers) >= 0).all() else order)


def read_prices(prices: Data, *, name: str) -> tuple[FloatMatrix, Labels]:
    """Return positive prices, nan where missing, and their labels."""
    values, labels = read_numbers(prices, name=name)
    with np.errstate(invalid="ignore"):
        if np.min(values) > 0.0 and np.max(values) < np.inf:
            return values, labels
        wrong = ~((values > 0.0) & (values < np.inf)) & ~np.isnan(values)
    if wrong.any():
        row, column = map(int, np.argwhere(wrong)[0])
        raise InvalidInputError(
            f"{name} must be positive and finite, got {values[row, column]:g} at {labels.place(row, column)}. "
            "A missing price is nan, not zero."
        )
    return values, labels


def read_like(data: Data, prices: FloatMatrix, labels: Labels, *, name: str, positive: bool) -> FloatMatrix:
    """Return a panel with the rows and columns of `prices`, without gaps where there is a price."""
    values, own = read_numbers(data, name=name)
    check_same_labels(data, values, own, prices, labels, name=name)
    bad = ~(np.isfinite(values) & ((values > 0.0) if positive else (values >= 0.0))) & ~np.isnan(prices)
    if bad.any():
        row, column = map(int, np.argwhere(bad)[0])
        rule = "positive" if positive else "not negative"
        raise InvalidInputError(
            f"{name} must be {rule} and finite wherever there is a price, got {values[row, column]:g} at "
            f"{own.place(row, column)}."
        )
    return values


def read_weights(
    weights: Data, prices: FloatMatrix, labels: Labels, *, missing_weights: str
) -> tuple[FloatMatrix, Labels, int]:
    """Return target weights, their labels, and the row of `prices` that belongs to their first row.

    Labelled weights may begin later than prices, as those made of returns do.
    """
    values, own = read_numbers(weights, name="weights")
    first = _rows_before(values, own, prices, labels)
    check_same_labels(weights, values, own, prices[first:], labels, name="weights", first=first)
    with np.errstate(over="ignore", invalid="ignore"):  # the sum of inf and -inf
        if np.isfinite(np.sum(values)):
            return values, own, first
    infinite = np.isinf(values)
    if infinite.any():
        row, column = map(int, np.argwhere(infinite)[0])
        raise InvalidInputError(f"weights must be finite, got {values[row, column]} at {own.place(row, column)}.")
    missing = np.isnan(values)
    if missing.any() and missing_weights == "raise":
        row, column = map(int, np.argwhere(missing)[0])
        raise InvalidInputError(
            f"weights has {int(missing.sum())} missing value(s), the first at {own.place(row, column)}. Pass "
            'missing_weights="hold" to keep what is held there, or weights.fillna(0.0) to sell it.'
        )
    return values, own, first


def _rows_before(values: FloatMatrix, own: Labels, prices: FloatMatrix, labels: Labels) -> int:
    """Return the number of rows of `prices` before the first labelled row of weights; 0 without labels."""
    short = prices.shape[0] - values.shape[0]
    if short <= 0 or not own.columns or not labels.columns:
        return 0
    ours, theirs = _row_labels(own, labels, name="weights")
    return short if np.array_equal(ours, theirs[short:]) else 0


def _row_labels(own: Labels, prices: Labels, *, name: str) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the row labels of both: instants, or names where one of them has no dates."""
    if own.dates is not None and prices.dates is not None:
        return comparable_dates(own, prices, name=name, beside="prices")
    return np.asarray(own.row_names), np.asarray(prices.row_names)


def check_same_labels(
    data: object, values: FloatMatrix, own: Labels, prices: FloatMatrix, labels: Labels, *, name: str, first: int = 0
) -> None:
    """Require the rows and columns of `prices` from row `first` on; the name of a Series may differ."""
    is_series = len(getattr(data, "shape", (0,))) == 1
    if own.columns and labels.columns and own.columns != labels.columns and not is_series:
        if sorted(own.columns) == sorted(labels.columns):
            remedy = f"They stand in another order: pass {name}[prices.columns]."
        else:
            remedy = _remedy_of_columns(own.columns, labels.columns, name)
        raise InvalidInputError(f"{name} must have the columns of prices, in their order. {remedy}")
    if values.shape != prices.shape:
        raise InvalidInputError(
            f"{name} must have the shape of prices {prices.shape}, got {values.shape}. Weights of some dates only: "
            f'pass {name}.reindex(prices.index, method="ffill").'
        )
    if not own.columns or not labels.columns:
        return
    ours, theirs = _row_labels(own, labels, name=name)
    if not np.array_equal(ours, theirs[first:]):
        row = int(np.argmax(ours != theirs[first:])) if ours.dtype.kind == theirs.dtype.kind else 0
        raise InvalidInputError(
            f"{name} must have the rows of prices, got {own.row_names[row]} beside {labels.row_names[first + row]} on "
            f"row {row}.{same_clock_remedy(own, labels) if len(ours) == len(theirs) else ''}"
        )


def _remedy_of_columns(own: tuple[str, ...], columns: tuple[str, ...], name: str) -> str:
    unknown = [column for column in own if column not in columns]
    if not unknown:
        return f"{next(column for column in columns if column not in own)!r} is in prices only."
    return f"{unknown[0]!r} is in {name} only.{name_remedy(unknown[0], columns, what='column')}"


def check_percent(weights: FloatMatrix, layout: Layout, first: int) -> None:
    """Warn of weights that look like percent; `weights` in account order."""
    gross = np.add.reduceat(np.abs(np.nan_to_num(weights)), layout.starts[:-1], axis=1)
    row, account = np.unravel_index(int(gross.argmax()), gross.shape)
    where = layout.labels.place(first + int(row), 0).partition(" in column")[0].partition(", column")[0]
    check_gross(float(gross[row, account]), name="weights", place=f" at {where}")


def check_leverage(weights: FloatMatrix, layout: Layout, max_leverage: float, first: int) -> None:
    """Require sums of absolute weights, account by account, of at most `max_leverage`; `weights` in account order."""
    gross = np.add.reduceat(np.abs(np.nan_to_num(weights)), layout.starts[:-1], axis=1)
    over = gross > max_leverage * (1.0 + 1e-12)
    if over.any():
        row, account = map(int, np.argwhere(over)[0])
        where = layout.labels.place(first + row, 0).partition(" in column")[0].partition(", column")[0]
        raise InvalidInputError(
            f"weights must not exceed max_leverage={max_leverage:g}, got {gross[row, account]:.6g} at {where} in "
            f"account {layout.accounts[account]!r}. A sizer's leverage cap scales them down."
        )
