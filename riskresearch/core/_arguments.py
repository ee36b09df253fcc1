"""Arguments beside returns: a benchmark or rates over the same rows, weights by column, and their checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_number, is_single, name_remedy, shown, text_keys
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import (
    ColumnLabels,
    comparable_dates,
    is_instance_of,
    same_clock_remedy,
    show_instant,
)
from riskresearch.core._panel import Panel, as_panel, only_column, read_panel
from riskresearch.core._plausibility import check_rate, check_returns, warn_user
from riskresearch.core.alignment._clock import clock_of
from riskresearch.core.alignment._deciding import match
from riskresearch.core.alignment._notes import rule_of
from riskresearch.core.frames._native import dates_among, is_frame, native

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds, NanPolicy, Required

PROBABILITY_SUM_TOLERANCE = 1e-9


def column_numbers(given: Any, panel: Panel, *, name: str) -> FloatVector:
    """Return one finite number for each column of `panel`: a mapping or Series by name, or an array by position."""
    count = panel.values.shape[1]
    return named_numbers(given, panel.labels.columns, count, name=name, owner=panel.name, what="column")


def values_by_name(given: Any, *, name: str, owner: str, what: str) -> dict[str, Any] | None:
    """Return the values of a mapping, a Series or a frame of one row by name; None for what goes by position."""
    if not (is_single(given) or isinstance(given, Mapping)):
        given = native(given, name=name)
    if is_instance_of(given, "pandas", "Series"):
        if not given.index.is_unique:
            twice = given.index[given.index.duplicated()][0]
            raise InvalidInputError(f"{name} must name each {what} of {owner} once, got {twice!r} twice.")
        given = given.to_dict()
    elif is_frame(given) and len(given) == 1:  # polars has one number for each column so
        dates = dates_among(given)
        given = {column: given[column].to_list()[0] for column in given.columns if column not in dates}
    return text_keys(given, name=name) if isinstance(given, Mapping) else None


def named_numbers(given: Any, names: tuple[str, ...], count: int, *, name: str, owner: str, what: str) -> FloatVector:
    """Return `count` finite numbers, one for each `what` of `owner`, whose `names` are empty if it has none."""
    named = values_by_name(given, name=name, owner=owner, what=what)
    numbers = given if is_single(given) or isinstance(given, Mapping) else native(given, name=name)
    if named is not None:
        different = set(named) ^ set(names)
        if different:
            first = sorted(different)[0]
            where, remedy = (name, name_remedy(first, names, what=what)) if first in named else (owner, "")
            raise InvalidInputError(
                f"{name} must name the {what}s of {owner}, but {first!r} is in {where} only.{remedy}"
            )
        numbers = [named[each] for each in names]
    try:
        whole = np.asarray(numbers)
        vector = np.empty(0) if whole.dtype.kind == "c" else np.asarray(whole, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        vector = np.empty(0)
    if vector.shape != (count,) or not np.isfinite(vector).all():
        raise InvalidInputError(
            f"{name} must be one finite number for each of the {count} {what}s, got {shown(given)}."
        )
    return vector


def row_probabilities(given: Data, panel: Panel, *, name: str) -> FloatVector:
    """Return one probability for each row of `panel`."""
    values = as_panel(given, name=name, holds="numbers").values
    if values.shape != (panel.values.shape[0], 1):
        raise InvalidInputError(
            f"{name} must be one number for each of the {panel.values.shape[0]} rows, got shape {values.shape}."
        )
    if (values < 0.0).any() or abs(values.sum() - 1.0) > PROBABILITY_SUM_TOLERANCE:
        raise InvalidInputError(
            f"{name} must be zero or more and sum to 1, got a minimum of {values.min():g} and a sum of "
            f"{values.sum():g}."
        )
    vector: FloatVector = values[:, 0]
    return vector


def matrix_with_names(data: Data, *, name: str) -> tuple[FloatMatrix, tuple[str, ...], tuple[str, ...]]:
    """Return a matrix whose rows are not dates, and the names of its rows and columns; arrays have none."""
    frame = native(data, name=name)
    if not is_instance_of(frame, "pandas", "Series", "DataFrame"):
        panel = as_panel(frame, name=name, holds="numbers")
        return panel.values, (), panel.labels.columns
    panel = as_panel(frame.reset_index(drop=True), name=name, holds="numbers")
    rows = tuple(map(str, frame.index))
    if len(set(rows)) < len(rows):
        twice = next(row for row in rows if rows.count(row) > 1)
        raise InvalidInputError(f"{name} must have a different name for each row, got {twice!r} twice.")
    return panel.values, rows, panel.labels.columns


def column_labels(panel: Panel) -> tuple[str, ...]:
    """Return the names of the columns, or their numbers where they have none."""
    columns = panel.labels.columns
    if columns and columns != ("None",):
        return columns
    return tuple(str(column) for column in range(panel.values.shape[1]))


def complete_rows(panel: Panel) -> FloatMatrix:
    """Return the rows on which every column has a value."""
    if not panel.has_nan:
        return panel.values
    keep = ~np.isnan(panel.values).any(axis=1)
    if keep.sum() < panel.min_rows:
        raise InvalidInputError(
            f"{panel.name} needs at least {panel.min_rows} rows on which every column has a value, got {keep.sum()}."
        )
    rows: FloatMatrix = panel.values[keep]
    return rows


def check_confidence(confidence: float, *, name: str = "confidence") -> float:
    """Return the confidence of an interval, in (0, 1)."""
    value = check_number(confidence, name=name)
    if not 0.0 < value < 1.0:
        raise InvalidInputError(f"{name} must be in (0, 1), got {confidence!r}. A 95 % interval is 0.95.")
    return value


def aligned_vector(
    data: Data, panel: Panel, *, name: str, nan_policy: NanPolicy, holds: Holds = "returns"
) -> FloatVector:
    """Return one series over the rows of `panel`, one row each; see `same_rows`."""
    return only_column(_one_series(data, panel, name=name, nan_policy=nan_policy, holds=holds).values)


def _one_series(data: Data, panel: Panel, *, name: str, nan_policy: NanPolicy, holds: Holds) -> Panel:
    other = same_rows(data, panel, name=name, holds=holds, nan_policy=nan_policy)
    if other.values.shape[1] != 1:
        raise InvalidInputError(f"{name} must be one series, got {other.values.shape[1]} columns.")
    return other


def same_rows(
    data: Data, panel: Panel, *, name: str, nan_policy: NanPolicy = "raise", holds: Holds = "returns"
) -> Panel:
    """Return `data` as a panel over exactly the rows of `panel`; other dates or another length are refused.

    Returns and rates are matched as by `align`, so stamps may differ where every row has its own one on the other side.
    """
    other = read_panel(data, name=name, holds=holds, nan_policy=nan_policy)
    if panel.dates is not None and other.dates is not None:
        if holds == "numbers":
            _check_same_dates(other, panel, name=name)
        elif not _check_matching_dates(other, panel, name=name):
            return replace(other, labels=ColumnLabels(other.values.shape, other.labels.columns))
    elif hasattr(panel.labels.row_names, "equals") and hasattr(other.labels.row_names, "equals"):
        _check_same_index(other, panel, name=name)
    elif other.values.shape[0] != panel.values.shape[0]:
        raise InvalidInputError(
            f"{name} must have as many rows as {panel.name}, got {other.values.shape[0]} and {panel.values.shape[0]}."
        )
    return other


def _check_same_index(other: Panel, panel: Panel, *, name: str) -> None:
    ours, theirs = panel.labels.row_names, other.labels.row_names
    if not ours.equals(theirs):
        raise InvalidInputError(
            f"{name} must have the index of {panel.name}, got one of {len(theirs)} rows from {theirs[0]} on against "
            f"one of {len(ours)} rows from {ours[0]} on. Pass both as arrays to pair them by position."
        )


def panel_and_benchmark(
    returns: Data, benchmark: Data, *, nan_policy: NanPolicy, min_rows: int = 2, compounded: bool = False
) -> tuple[Panel, FloatVector]:
    """Return the panel of `returns` and the benchmark over its rows; if `compounded`, neither may fall below -1."""
    holds: Holds = "compounded" if compounded else "returns"
    panel = as_panel(returns, holds=holds, nan_policy=nan_policy, min_rows=min_rows)
    return panel, aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy, holds=holds)


def _check_same_dates(other: Panel, panel: Panel, *, name: str) -> None:
    """Refuse other instants; the message shows the first one and a remedy that keeps some rows."""
    theirs, ours = comparable_dates(other.labels, panel.labels, name=name, beside=panel.name)
    if np.array_equal(ours, theirs):
        return
    remedy = same_clock_remedy(other.labels, panel.labels)
    if not remedy and np.isin(ours, theirs).any():
        remedy = f" Keep the common ones: both = {panel.name}.index.intersection({name}.index)."
    _refuse_dates(ours, theirs, other, panel, remedy, name=name)


def _check_matching_dates(other: Panel, panel: Panel, *, name: str) -> bool:
    """Return whether the dates are the same; others need a row of the same day or, with a warning, period for each."""
    ours, theirs = clock_of(panel.labels, name=panel.name), clock_of(other.labels, name=name)
    if ours is None or theirs is None:
        return True
    same_zoning = ours.labels.zoned == theirs.labels.zoned
    if same_zoning and np.array_equal(ours.instants, theirs.instants):
        return True
    remedy = same_clock_remedy(other.labels, panel.labels)
    try:
        how, pairs = match(ours, theirs, "auto")
    except InvalidInputError as error:
        text = str(error)
        remedy = remedy or f" {text[:1].upper()}{text[1:]}"
    else:
        if len(pairs) == len(panel.values) == len(other.values):
            if how != "day":
                warn_user(f"{name} has other dates than {panel.name}. {rule_of(ours, theirs, how, pairs)}")
            return False
        omit = ', nan_policy="omit"' if panel.has_nan or other.has_nan else ""
        remedy += (
            f" pair = riskresearch.align({panel.name}, {name}{omit}) puts both on their common rows: pass pair.data "
            f"and pair.benchmark as {panel.name} and {name}."
        )
    if same_zoning:
        _refuse_dates(ours.instants, theirs.instants, other, panel, remedy, name=name)
    if not np.array_equal(ours.days, theirs.days):
        _refuse_dates(ours.days, theirs.days, other, panel, remedy, name=name)
    raise InvalidInputError(remedy.strip())


def _refuse_dates(ours: Any, theirs: Any, other: Panel, panel: Panel, remedy: str, *, name: str) -> None:
    first = np.setxor1d(ours, theirs)[0]
    owner, own = (panel, ours) if first in ours else (other, theirs)
    instants: Any = owner.instants
    when = show_instant(owner.labels, instants[int(np.searchsorted(own, first))])
    raise InvalidInputError(f"{name} must have the dates of {panel.name}, but {when} is in {owner.name} only.{remedy}")


def risk_free_vector(risk_free: float | Data | Panel, panel: Panel, periods: float | None) -> FloatVector:
    """Return the risk-free rate of each row; a rate that looks like a yearly rate warns."""
    if isinstance(risk_free, Panel):  # already checked against `periods`
        return only_column(risk_free.values)
    if is_single(risk_free):
        scalar: Any = risk_free
        rates = np.full(panel.values.shape[0], check_number(scalar, name="risk_free"))
    else:
        return _rate_of_each_row(risk_free, panel, periods, name="risk_free")
    check_rate(float(rates[0]), name="risk_free", dates=panel.labels.dates, periods=periods)
    return rates


def _rate_of_each_row(data: Data, panel: Panel, periods: float | None, *, name: str) -> FloatVector:
    """Return a rate for each row of `panel`; required returns that fall below zero are judged as a benchmark's."""
    other = _one_series(data, panel, name=name, holds="rates", nan_policy=panel.nan_policy)
    rates = only_column(other.values)
    known = rates[~np.isnan(rates)]
    if known.size == 0:
        raise InvalidInputError(f"{name} must have a value on some row, got none.")
    if name == "required_return" and known.min() < 0.0:
        check_returns(other.values, other.labels, name=name)
    else:
        check_rate(float(np.mean(known)), name=name, dates=panel.labels.dates, periods=periods)
    return rates


def required_rate(required_return: float, panel: Panel, periods: float | None = None) -> float:
    """Return the required return per period; one that looks like a yearly return warns."""
    rate = check_number(required_return, name="required_return")
    check_rate(rate, name="required_return", dates=panel.labels.dates, periods=periods)
    return rate


def required_rates(required_return: float | Data | Panel, panel: Panel, periods: float | None = None) -> Required:
    """Return the required return per period, one number or one for each row of `panel`."""
    if isinstance(required_return, Panel):  # rows of a moving window, which were checked as a whole
        return only_column(required_return.values)
    if is_single(required_return):
        scalar: Any = required_return
        return required_rate(scalar, panel, periods)
    return _rate_of_each_row(required_return, panel, periods, name="required_return")


def refuse_ruin(series: FloatVector, panel: Panel, keep: npt.NDArray[np.bool_]) -> None:
    """Refuse a portfolio that loses more than everything on any row of `panel` that is kept."""
    if (series < -1.0).any():
        row = int((series < -1.0).argmax())
        place = panel.labels.place(int(np.flatnonzero(keep)[row]), 0).partition(" in column")[0].partition(", col")[0]
        raise InvalidInputError(
            f"weights must not lose more than everything, but the portfolio returns {series[row]:g} at {place}."
        )


def compounding_panel(returns: Data, *, nan_policy: NanPolicy, min_rows: int = 1) -> Panel:
    """Return a panel of returns that can be compounded, none of them below -1."""
    return as_panel(returns, holds="compounded", nan_policy=nan_policy, min_rows=min_rows)


def asset_names(panel: Panel) -> tuple[str, ...]:
    """Return the names of the columns, else their numbers; an unnamed series is called "returns"."""
    named = panel.labels.columns
    if named not in ((), ("None",), ("",)):
        return named
    columns = panel.values.shape[1]
    return ("returns",) if columns == 1 else tuple(str(column) for column in range(columns))
