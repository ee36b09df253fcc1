"""Both sides of an attribution over the same rows: weights and returns of the portfolio and of its benchmark."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._arguments import aligned_vector, column_labels, same_rows
from riskresearch.core._checks import check_number, is_single, name_remedy, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import is_instance_of
from riskresearch.core._panel import as_panel
from riskresearch.core.output._formats import percent_4
from riskresearch.posttrade.attribution._weight_rows import weight_rows

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector

CASH = "cash"
NO_REST = 1e-12  # relative to the sum of sizes


@dataclass(frozen=True, slots=True, eq=False)
class Sides:
    """Weights and returns, each of shape (rows, columns), from row `first` of the panel of returns on."""

    panel: Panel
    first: int
    columns: tuple[str, ...]
    weights: FloatMatrix
    benchmark_weights: FloatMatrix
    returns: FloatMatrix
    benchmark_returns: FloatMatrix
    """nan, as in `returns`, where the side holds nothing and there is no return."""
    shared: bool
    """Whether both sides earn the same returns: those of assets."""
    cash: str
    """Name of the column of what is left to 1; empty where nothing is."""
    notes: tuple[str, ...]

    @property
    def dates(self) -> Any:
        """Return the names of the rows."""
        return self.panel.labels.row_names[self.first :]

    def place(self, row: int) -> str:
        """Return the date of a row, for errors."""
        place = self.panel.labels.place(self.first + row, 0)
        return place.partition(" in column")[0].partition(", column")[0]


def read_sides(
    weights: Any, benchmark_weights: Any, returns: Any, benchmark_returns: Any, cash_returns: Any, *, at_end: bool
) -> Sides:
    """Return both sides, checked; what the weights leave to 1 is a column of cash."""
    panel = as_panel(_one_period(returns), nan_policy="omit")
    columns = column_labels(panel)
    if len(set(columns)) < len(columns):
        twice = next(each for each in columns if columns.count(each) > 1)
        raise InvalidInputError(f"returns must have a different name for each column, got {twice!r} twice.")
    own = weight_rows(weights, panel, columns, name="weights", at_end=at_end)
    other = weight_rows(benchmark_weights, panel, columns, name="benchmark_weights", at_end=at_end)
    first = max(own.first, other.first)
    held, others = own.values[first - own.first :], other.values[first - other.first :]
    earned = panel.values[first:]
    rivals = earned if benchmark_returns is None else _rivals(benchmark_returns, panel, columns)[first:]
    sides = Sides(
        panel, first, columns, held, others, earned, rivals, benchmark_returns is None, "",
        tuple(dict.fromkeys((*own.notes, *other.notes))),
    )  # fmt: skip
    return _with_cash(_filled(sides), cash_returns)


def _one_period(returns: Any) -> Any:
    """Return a mapping or a Series by name, which are the returns of one period, as one row."""
    if isinstance(returns, Mapping):
        import pandas as pd  # noqa: PLC0415 (arrays never need it)

        return pd.DataFrame([text_keys(returns, name="returns")])
    if is_instance_of(returns, "pandas", "Series") and len(returns) and returns.index.map(type).isin([str]).all():
        return returns.to_frame().T.set_axis([0])
    return returns


def _rivals(given: Any, panel: Panel, columns: tuple[str, ...]) -> FloatMatrix:
    other = same_rows(_one_period(given), panel, name="benchmark_returns", nan_policy="omit")
    names = other.labels.columns or columns
    if other.values.shape[1] == 1 and len(columns) > 1:
        raise InvalidInputError(
            f"benchmark_returns must have a column for each of the {len(columns)} columns of returns, got one series. "
            "They are the benchmark's returns of each group; its total follows from benchmark_weights."
        )
    wrong = next((each for each in names if each not in columns), None)
    if wrong is not None:
        raise InvalidInputError(
            f"benchmark_returns must name the columns of returns, but {wrong!r} is in benchmark_returns only."
            f"{name_remedy(wrong, columns, what='column')}"
        )
    if len(names) != other.values.shape[1]:
        raise InvalidInputError(
            f"benchmark_returns must have the {len(columns)} columns of returns, got {other.values.shape[1]}."
        )
    values = np.full((other.values.shape[0], len(columns)), np.nan)
    for number, each in enumerate(names):
        values[:, columns.index(each)] = other.values[:, number]
    return values


def _filled(sides: Sides) -> Sides:
    """Refuse a missing return of what is held."""
    for name, values, held in (
        ("returns", sides.returns, sides.weights),
        ("benchmark_returns", sides.benchmark_returns, sides.benchmark_weights),
    ):
        missing = np.isnan(values) & (held != 0.0)
        if missing.any():
            row, column = map(int, np.argwhere(missing)[0])
            side = "weights" if name == "returns" else "benchmark_weights"
            raise InvalidInputError(
                f"{'returns' if sides.shared else name} must be known where {side} are not 0, got none for "
                f"{sides.columns[column]!r} at {sides.place(row)} ({int(missing.sum())} in all), where its weight is "
                f"{held[row, column]:g}. Give the return, 0.0 for an asset without a price, or a weight of 0."
            )
    return sides


def _with_cash(sides: Sides, cash_returns: Any) -> Sides:
    rests = [1.0 - held.sum(axis=1) for held in (sides.weights, sides.benchmark_weights)]
    sizes = [np.maximum(1.0, np.abs(held).sum(axis=1)) for held in (sides.weights, sides.benchmark_weights)]
    rests = [np.where(np.abs(rest) > NO_REST * size, rest, 0.0) for rest, size in zip(rests, sizes, strict=True)]
    rates = _rates(cash_returns, sides)
    notes = list(sides.notes)
    if not any(rest.any() for rest in rests):
        if cash_returns is not None:
            notes.append("cash_returns are not used: all weights sum to 1.")
        return replace(sides, notes=tuple(notes))
    for name, rest in zip(("weights", "benchmark_weights"), rests, strict=True):
        if rest.any():
            row = int(np.abs(rest).argmax())
            notes.append(f"{name} leave up to {percent_4(float(rest[row]))} to cash ({sides.place(row)}).")
    notes.append("Cash earns cash_returns." if cash_returns is not None else "Cash earns 0: pass cash_returns.")
    leg = CASH if CASH not in sides.columns else "cash (rest to 1)"
    return replace(
        sides,
        columns=(*sides.columns, leg),
        weights=np.column_stack([sides.weights, rests[0]]),
        benchmark_weights=np.column_stack([sides.benchmark_weights, rests[1]]),
        returns=np.column_stack([sides.returns, rates]),
        benchmark_returns=np.column_stack([sides.benchmark_returns, rates]),
        cash=leg,
        notes=tuple(notes),
    )


def _rates(given: Any, sides: Sides) -> FloatVector:
    rows = sides.weights.shape[0]
    if given is None:
        return np.zeros(rows)
    return series_over_rows(given, sides, name="cash_returns")


def series_over_rows(given: Any, sides: Sides, *, name: str) -> FloatVector:
    """Return one number for each row: a number, or a series of the dates of returns."""
    if is_single(given):
        return np.full(sides.weights.shape[0], check_number(given, name=name))
    vector = aligned_vector(given, sides.panel, name=name, nan_policy="raise", holds="rates")
    return vector[sides.first :]
