"""The weights with which each row of returns began: constant, of the same dates, or of the end of the row before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import named_numbers, values_by_name
from riskresearch.core._checks import listed, name_remedy
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates, is_instance_of, show_date, show_instant
from riskresearch.core._panel import read_panel
from riskresearch.core._plausibility import check_gross
from riskresearch.core.frames._native import is_frame, native
from riskresearch.core.output._formats import counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, Labels

REMEDY_OF_CASH = " Cash needs no weight: what is left to 1 is cash, which earns cash_returns."


class WeightRows(NamedTuple):
    """Weights of each row of returns from row `first` on, shape (rows, columns), and what was decided about them."""

    values: FloatMatrix
    first: int
    notes: tuple[str, ...]


def weight_rows(given: Any, panel: Panel, columns: tuple[str, ...], *, name: str, at_end: bool) -> WeightRows:
    """Return weights over the rows of `panel`, whose columns they name or follow; a column without one has 0."""
    if _is_over_time(given, name=name, rows=panel.values.shape[0]):
        table = read_panel(given, name=name, holds="numbers", nan_policy="omit")
        if table.has_nan:
            row, column = map(int, np.argwhere(np.isnan(table.values))[0])
            raise InvalidInputError(
                f"{name} must have no missing values, got {int(np.isnan(table.values).sum())}, the first at "
                f"{table.labels.place(row, column)}. Pass {name}.fillna(0.0) if nothing was held there."
            )
        names = table.labels.columns or columns
        if len(names) != table.values.shape[1]:
            raise InvalidInputError(
                f"{name} must have one column for each of the {len(columns)} columns of returns, got "
                f"{table.values.shape[1]}."
            )
        rows, first, notes = _rows_of(table, panel, name=name, at_end=at_end)
        values = table.values[rows]
    else:
        names, values = _constant(given, columns, name=name)
        values, first, notes = np.broadcast_to(values, (panel.values.shape[0], len(names))), 0, []
    check_gross(float(np.abs(values).sum(axis=1).max()), name=name)
    return WeightRows(_spread(names, values, columns, notes, name=name), first, tuple(notes))


def _is_over_time(given: Any, *, name: str, rows: int) -> bool:
    if isinstance(given, dict):
        return False
    frame = native(given, name=name)
    if is_instance_of(frame, "pandas", "Series") and is_instance_of(frame.index, "pandas", "DatetimeIndex"):
        return True
    return bool(is_frame(frame) and (len(frame) > 1 or rows == 1)) or (not is_frame(frame) and np.ndim(frame) == 2)


def _constant(given: Any, columns: tuple[str, ...], *, name: str) -> tuple[tuple[str, ...], FloatMatrix]:
    by_name = values_by_name(given, name=name, owner="returns", what="column")
    names = columns if by_name is None else tuple(by_name)
    numbers = given if by_name is None else by_name
    return names, named_numbers(numbers, names, len(names), name=name, owner="returns", what="column")[None, :]


def _spread(
    names: tuple[str, ...], values: FloatMatrix, columns: tuple[str, ...], notes: list[str], *, name: str
) -> FloatMatrix:
    """Return weights in the order of `columns`; what returns do not have must have no weight."""
    place = {column: number for number, column in enumerate(columns)}
    result = np.zeros((values.shape[0], len(columns)))
    for number, each in enumerate(names):
        if each in place:
            result[:, place[each]] = values[:, number]
        elif values[:, number].any():
            raise InvalidInputError(
                f"{name} must name columns of returns, but {each!r} is in {name} only."
                f"{name_remedy(each, columns, what='column')}{REMEDY_OF_CASH}"
            )
    without = tuple(column for column in columns if column not in names)
    if without:
        verb = "has" if len(without) == 1 else "have"
        notes.append(f"{name} name {len(columns) - len(without):,} of {len(columns):,}; {listed(without)} {verb} 0.")
    return result


def _rows_of(table: Panel, panel: Panel, *, name: str, at_end: bool) -> tuple[npt.NDArray[np.intp], int, list[str]]:
    """Return the row of `table` for each row of returns, the first row of returns that has one, and notes."""
    count, own = panel.values.shape[0], table.values.shape[0]
    ours, theirs = _keys(table.labels, panel.labels, name=name)
    if ours is None or theirs is None:
        return _by_position(count, own, name=name, at_end=at_end)
    order = {key: row for row, key in enumerate(ours.tolist())}
    wanted = theirs.tolist()
    found = [order.get(key, -1) for key in wanted]
    notes = []
    if not at_end:
        _refuse_gaps(found, panel.labels, theirs, name=name)
        if own > count:
            notes.append(f"{counted(own - count, 'row')} of {name} on other dates than those of returns: not used.")
        return np.array(found, dtype=np.intp), 0, notes
    _refuse_gaps(found[:-1], panel.labels, theirs, name=name)
    before_first = _last_before(ours, theirs[0], found[0])
    if before_first < 0 and count == 1:
        raise InvalidInputError(
            f'{name} must have a row before the only one of returns with weights_at="end": weights at the end of a '
            'row earn the next one. Pass weights_at="begin" if the row began with them.'
        )
    rows = np.array([before_first, *found[:-1]], dtype=np.intp)
    if before_first < 0:
        notes.append(f"The first row of returns falls away: no weights of {name} stand before it.")
        return rows[1:], 1, notes
    return rows, 0, notes


def _last_before(ours: npt.NDArray[Any], first: Any, found: int) -> int:
    """Return the last row of weights before the first date of returns, -1 where there is none."""
    if ours.dtype.kind == "M":
        return int(np.searchsorted(ours, first)) - 1
    return found - 1


def _keys(own: Labels, other: Labels, *, name: str) -> tuple[npt.NDArray[Any] | None, npt.NDArray[Any] | None]:
    """Return what rows are matched by: instants, else names of rows, else None for both, which is their position."""
    if own.dates is not None and other.dates is not None:
        return comparable_dates(own, other, name=name, beside="returns")
    if hasattr(own.row_names, "equals") and hasattr(other.row_names, "equals"):
        return np.asarray(own.row_names), np.asarray(other.row_names)
    return None, None


def _by_position(count: int, own: int, *, name: str, at_end: bool) -> tuple[npt.NDArray[np.intp], int, list[str]]:
    if at_end and own == count + 1:
        return np.arange(count), 0, []
    if own != count or (at_end and count == 1):
        more = ", or one more" if at_end else ""
        raise InvalidInputError(f"{name} without dates must have as many rows as returns{more}, got {own} and {count}.")
    if at_end:
        return np.arange(count - 1), 1, [f"The first row of returns falls away: no weights of {name} stand before it."]
    return np.arange(count), 0, []


def _refuse_gaps(found: list[int], labels: Labels, keys: npt.NDArray[Any], *, name: str) -> None:
    if -1 not in found:
        return
    row = found.index(-1)
    when = show_instant(labels, keys[row]) if keys.dtype.kind == "M" else show_date(keys[row])
    raise InvalidInputError(
        f"{name} must have a row for each date of returns, got none for {when} and {found.count(-1) - 1} others. "
        f'Weights of some dates only: pass {name}.reindex(returns.index, method="ffill").'
    )
