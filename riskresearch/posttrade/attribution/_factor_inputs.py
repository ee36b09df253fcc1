"""What a factor attribution is of: the return, the factors and given exposures, on rows on which all are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from riskresearch.core._arguments import (
    aligned_vector,
    column_labels,
    matrix_with_names,
    named_numbers,
    risk_free_vector,
    same_rows,
    values_by_name,
)
from riskresearch.core._checks import listed
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import as_panel, only_column
from riskresearch.posttrade.attribution._active_weights import is_over_time, weighted_assets, weights_over_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._panel import Panel
    from riskresearch.core._types import FloatMatrix, FloatVector, NanPolicy

RESERVED = ("alpha", "specific", "risk free", "total")


class FactorInputs(NamedTuple):
    """Arrays over the rows that are used, and which these are; `benchmark` is zero where there is none."""

    panel: Panel
    rows: npt.NDArray[np.intp]
    returns: FloatVector
    benchmark: FloatVector
    rates: FloatVector
    factors: FloatMatrix
    names: tuple[str, ...]
    exposures: FloatMatrix | None
    """Given ones, (rows, factors); None where they are estimated."""
    is_active: bool

    @property
    def explained(self) -> FloatVector:
        """What factors and the specific return sum to: the active return, or the return above the risk-free rate."""
        return self.returns - self.benchmark - self.rates

    def place(self, row: int) -> str:
        """Return the date of a row that is used, for errors."""
        place = self.panel.labels.place(int(self.rows[row]), 0)
        return place.partition(" in column")[0].partition(", column")[0]


class _Held(NamedTuple):
    """The portfolio's return and its benchmark's, and weights of assets where they are given."""

    panel: Panel
    returns: FloatVector
    benchmark: FloatVector | None
    active: FloatMatrix | None
    assets: tuple[str, ...]


def read_inputs(
    returns: Any,
    factors: Any,
    *,
    loadings: Any,
    weights: Any,
    benchmark: Any,
    benchmark_weights: Any,
    benchmark_loadings: Any,
    risk_free: Any,
    periods: Any,
    nan_policy: NanPolicy,
) -> FactorInputs:
    """Check everything that a factor attribution is made of; `periods` maps dates to the periods per year."""
    _check_together(loadings, weights, benchmark, benchmark_weights, benchmark_loadings)
    held = _read_held(returns, weights, benchmark_weights, loadings, benchmark, nan_policy)
    market = same_rows(factors, held.panel, name="factors", nan_policy=nan_policy)
    names = factor_names(market)
    exposures = None if loadings is None else _exposures(loadings, names, held, nan_policy, name="loadings")
    if benchmark_loadings is not None and exposures is not None:
        other = _exposures(benchmark_loadings, names, held._replace(active=None), nan_policy, name="benchmark_loadings")
        exposures = exposures - other
    is_active = held.benchmark is not None
    rates = risk_free_vector(risk_free, held.panel, periods(held.panel.dates))
    parts = [held.returns, market.values, rates]
    parts += [] if held.benchmark is None else [held.benchmark]
    parts += [] if exposures is None else [exposures]
    known = ~np.isnan(np.column_stack(parts)).any(axis=1)
    rows = np.flatnonzero(known)
    nothing = np.zeros(rows.size)
    return FactorInputs(
        panel=held.panel,
        rows=rows,
        returns=held.returns[rows],
        benchmark=nothing if held.benchmark is None else held.benchmark[rows],
        rates=nothing if is_active else rates[rows],
        factors=market.values[rows],
        names=names,
        exposures=None if exposures is None else exposures[rows],
        is_active=is_active,
    )


def factor_names(market: Panel) -> tuple[str, ...]:
    """Return the names of the factors; an unnamed one is called "factor"."""
    names = column_labels(market)
    if names == ("0",):
        names = ("factor",)
    refused = next((name for name in names if name in RESERVED or names.count(name) > 1), None)
    if refused is not None:
        raise InvalidInputError(
            f"factors must have names of their own, got {refused!r}, which is "
            f"{'the name of a part of the result' if refused in RESERVED else 'there twice'}. Rename that column."
        )
    return names


def _check_together(
    loadings: Any, weights: Any, benchmark: Any, benchmark_weights: Any, benchmark_loadings: Any
) -> None:
    if benchmark_weights is not None and weights is None:
        raise InvalidInputError("benchmark_weights must be given with weights: active weights are their difference.")
    if benchmark_loadings is not None and (loadings is None or benchmark is None or benchmark_weights is not None):
        raise InvalidInputError(
            "benchmark_loadings must be given with loadings= and benchmark=, and without benchmark_weights=. Without "
            "loadings the active return is regressed, whose betas are active."
        )
    if benchmark is not None and loadings is not None and benchmark_loadings is None and benchmark_weights is None:
        raise InvalidInputError(
            "benchmark_loadings must be given with loadings= and benchmark=: active loadings are those of the "
            "portfolio less those of the benchmark. For loadings that are active already pass returns - benchmark as "
            "returns."
        )


def _read_held(
    returns: Any, weights: Any, benchmark_weights: Any, loadings: Any, benchmark: Any, nan_policy: NanPolicy
) -> _Held:
    panel = as_panel(returns, nan_policy=nan_policy if weights is None else "omit")
    one = panel.values.shape[1] == 1
    if weights is None and not one:
        raise InvalidInputError(
            f"returns must be one series, got {panel.values.shape[1]} columns. For a portfolio of them pass weights=, "
            "of each row or constant; for one of them returns[column]."
        )
    other = None if benchmark is None else aligned_vector(benchmark, panel, name="benchmark", nan_policy=nan_policy)
    if weights is None:
        return _Held(panel, only_column(panel.values), other, None, ())
    if one and loadings is not None:
        if benchmark_weights is not None and benchmark is None:
            raise InvalidInputError(
                "benchmark must be given with benchmark_weights= and returns of one series: its return is not known."
            )
        panel = as_panel(panel, nan_policy=nan_policy)
        assets = _assets_of(loadings)
        own, theirs = weights_over_rows(weights, benchmark_weights, panel, assets)
        return _Held(panel, only_column(panel.values), other, own - theirs, assets)
    if benchmark is not None and benchmark_weights is not None:
        raise InvalidInputError(
            "benchmark must be left out with benchmark_weights= and the returns of assets, which determine it."
        )
    book = weighted_assets(panel, weights, benchmark_weights, nan_policy=nan_policy)
    composed = np.where(book.missing.any(axis=1), np.nan, book.composed(book.weights))
    if benchmark_weights is not None:
        other = book.composed(book.benchmark)
    held = np.flatnonzero((book.active != 0.0).any(axis=0))  # of the others no loadings are needed
    return _Held(panel, composed, other, book.active[:, held], tuple(book.assets[place] for place in held))


def _assets_of(loadings: Any) -> tuple[str, ...]:
    """Return the assets that loadings name: the rows of a table, or the columns of the tables of each factor."""
    if isinstance(loadings, Mapping) and loadings:
        return tuple(map(str, getattr(next(iter(loadings.values())), "columns", ())))
    values, named, _ = matrix_with_names(loadings, name="loadings")
    return named or tuple(str(number) for number in range(len(values)))


def _exposures(loadings: Any, names: tuple[str, ...], held: _Held, nan_policy: NanPolicy, *, name: str) -> FloatMatrix:
    """Return the exposures to each factor over the rows, (rows, factors), of loadings in any of their forms."""
    rows = held.panel.values.shape[0]
    if held.active is not None:
        if isinstance(loadings, Mapping):
            return _by_factor(loadings, names, held, held.active, nan_policy)
        values, assets, columns = matrix_with_names(loadings, name=name)
        table = _ordered(values, columns, names, name=name)
        return held.active @ table[_places(assets or held.assets, held.assets, len(values))]
    if is_over_time(loadings, name=name):
        other = same_rows(loadings, held.panel, name=name, holds="numbers", nan_policy=nan_policy)
        return _ordered(other.values, other.labels.columns, names, name=name)
    values_by_name(loadings, name=name, owner="factors", what="factor")
    vector = named_numbers(loadings, names, len(names), name=name, owner="factors", what="factor")
    return np.tile(vector, (rows, 1))


def _by_factor(
    loadings: Mapping[str, Any], names: tuple[str, ...], held: _Held, active: FloatMatrix, nan_policy: NanPolicy
) -> FloatMatrix:
    """Return the exposures of loadings that are a table of rows and assets for each factor."""
    given = {str(factor): table for factor, table in loadings.items()}
    if set(given) != set(names):
        raise InvalidInputError(
            f"loadings must have a table for each factor, {listed(names)}, got {listed(tuple(given))}."
        )
    columns = []
    for factor in names:
        label = f"loadings[{factor!r}]"
        other = same_rows(given[factor], held.panel, name=label, holds="numbers", nan_policy=nan_policy)
        own = other.values[:, _places(other.labels.columns or held.assets, held.assets, other.values.shape[1])]
        columns.append(np.where(active == 0.0, 0.0, own * active).sum(axis=1))
    return np.column_stack(columns)


def _ordered(values: FloatMatrix, columns: tuple[str, ...], names: tuple[str, ...], *, name: str) -> FloatMatrix:
    """Return columns in the order of the factors; those of arrays have it already."""
    if not columns or columns == ("None",):
        if values.shape[1] != len(names):
            raise InvalidInputError(
                f"{name} must have a column for each of the {len(names)} factors, got {values.shape[1]}."
            )
        return values
    if set(columns) != set(names):
        different = sorted(set(columns) ^ set(names))[0]
        where = name if different in columns else "factors"
        raise InvalidInputError(f"{name} must have the columns of factors, but {different!r} is in {where} only.")
    return values[:, [columns.index(each) for each in names]]


def _places(named: tuple[str, ...], assets: tuple[str, ...], count: int) -> list[int]:
    """Return where each asset with a weight stands among the assets of loadings, of which there may be more."""
    if len(named) != count:
        raise InvalidInputError(f"loadings must have a row for each of the {len(assets)} assets, got {count}.")
    lacking = next((asset for asset in assets if asset not in named), None)
    if lacking is not None:
        raise InvalidInputError(f"loadings must name every asset with a weight, got none for {lacking!r}.")
    return [named.index(asset) for asset in assets]
