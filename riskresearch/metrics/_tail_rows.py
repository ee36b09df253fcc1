"""The returns whose tail is measured: of each asset or of a portfolio, row by row or compounded over a horizon."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.core._arguments import column_labels, refuse_ruin
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ColumnLabels
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.core._weights import held_columns, weight_vector
from riskresearch.kernels._contributions import portfolio_series
from riskresearch.kernels._horizon import compounded_windows
from riskresearch.metrics.inference._estimand import Analytic

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, NanPolicy, PerColumn

HorizonMethod = Literal["overlapping", "nonoverlapping", "sqrt"]
HORIZON_METHODS = ("overlapping", "nonoverlapping", "sqrt")
FEWEST_HORIZONS = 2
LARGEST_LOGARITHM = 709.0  # of a double


MOST_WEIGHTS_SHOWN = 8
OTHER_NAMES = {
    **dict.fromkeys(
        ("capital", "notional", "amount", "portfolio_value", "value", "investment", "nav", "position_value"),
        "It is a fraction: multiply it, or its interval, by the amount, as in 1_000_000 * value_at_risk(returns).",
    ),
    **dict.fromkeys(
        ("groups", "sectors"), "`risk_contributions(returns, weights, groups=...)` has VaR and CVaR by group."
    ),
}
"""What the arguments of VaR and CVaR are called elsewhere."""


@dataclass(frozen=True, slots=True)
class TailRows:
    """The rows of each asset, or of a portfolio, and their horizon."""

    panel: Panel
    horizon: int
    method: str
    weights: dict[str, float] | None

    @property
    def compounds(self) -> bool:
        """Whether rows are compounded into windows."""
        return self.horizon > 1 and self.method != "sqrt"

    @property
    def scale(self) -> float:
        """The factor of a measure of single rows."""
        return math.sqrt(self.horizon) if self.method == "sqrt" else 1.0

    def windows(self, values: FloatMatrix) -> FloatMatrix:
        """Return the compounded return of each window of `values`, or the rows as they are."""
        if not self.compounds:
            return values
        return compounded_windows(values, self.horizon, 1 if self.method == "overlapping" else self.horizon)

    def over_horizon(self, kernel: Callable[[FloatMatrix], FloatVector]) -> Callable[[FloatMatrix], FloatVector]:
        """Return `kernel` over the horizon as a function of single rows, which are what a bootstrap draws."""
        if self.horizon == 1:
            return kernel
        # Simulated rows may lose more than everything, which given ones are refused for.
        return lambda values: self.scale * kernel(self.windows(np.maximum(values, -1.0) if self.compounds else values))

    def at_rest(self, mean: float) -> float:
        """Return the loss over the horizon of rows that are all `mean`."""
        return 1.0 - (1.0 + mean) ** self.horizon if self.compounds else -mean * self.scale

    def analytic(self, plain: Analytic) -> Analytic:
        """Return the analytic interval of single rows for windows that share no rows."""
        if self.horizon == 1:
            return plain

        def bounds(
            confidence: float, estimates: FloatVector, values: FloatMatrix
        ) -> tuple[FloatVector, FloatVector, FloatVector]:
            lower, upper, error = plain.bounds(confidence, estimates / self.scale, self.windows(values))
            return self.scale * lower, self.scale * upper, self.scale * error

        return Analytic(plain.method, bounds)

    def with_method(self, answer: PerColumn, what: str) -> PerColumn:
        """Return an interval whose method names what is measured, and the horizon; a number as it is."""
        if not hasattr(answer, "seed"):
            return answer
        answer = replace(answer, method=f"{answer.method}; {what}{self._held()}")
        if self.horizon == 1:
            return answer
        drawn = " within each draw of single rows" if self.compounds and answer.seed is not None else ""
        return replace(answer, method=f"{answer.method}; {self.describe()}{drawn}")

    def _held(self) -> str:
        if self.weights is None:
            return ""
        if len(self.weights) > MOST_WEIGHTS_SHOWN:
            return f", of a portfolio of {len(self.weights)} assets"
        return f", of the portfolio of {', '.join(f'{asset} {weight:g}' for asset, weight in self.weights.items())}"

    def describe(self) -> str:
        """Return a description of the horizon and its method."""
        if self.method == "sqrt":
            return f"single rows scaled by sqrt({self.horizon})"
        return f"{self.method} windows of {self.horizon} rows, compounded"

    def observations(self) -> tuple[int, ...]:
        """Return how many returns are measured in each column."""
        counts = (~np.isnan(self.panel.values)).sum(axis=0).tolist()
        if not self.compounds:
            return tuple(counts)
        if self.method == "overlapping":
            return tuple(count - self.horizon + 1 for count in counts)
        return tuple(count // self.horizon for count in counts)

    def warn_beyond_everything(self, measure: Callable[[FloatMatrix], FloatVector], name: str) -> None:
        """Warn if scaling gives a loss above 1, which no compounded return can have."""
        if self.horizon == 1 or self.method != "sqrt":
            return
        losses = self.panel.per_column(measure)
        if not (losses > 1.0).any():
            return
        column = int((losses > 1.0).argmax())
        warn_user(
            f"{name} of column {self.panel.labels.column_name(column)} is {losses[column]:.4g} after scaling by "
            f"sqrt({self.horizon}), more than everything: the square root of time adds returns and does not compound "
            'them. Compounded returns lose at most 1: pass horizon_method="overlapping".'
        )


def tail_rows(
    returns: Data,
    *,
    horizon: int,
    horizon_method: HorizonMethod,
    weights: Mapping[str, float] | Data | None,
    min_observations: int,
    nan_policy: NanPolicy,
) -> TailRows:
    """Return the checked returns and horizon; the method needs `min_observations` returns, single or compounded."""
    rows = check_count(horizon, name="horizon", minimum=1)
    how = check_choice(horizon_method, HORIZON_METHODS, name="horizon_method")
    compounds = rows > 1 and how != "sqrt"
    holds: Any = "compounded" if compounds and weights is None else "returns"
    if weights is not None:
        returns = held_columns(returns, weights)
    panel = as_panel(returns, holds=holds, nan_policy=nan_policy, min_rows=min_observations)
    named = None
    if weights is not None:
        vector = _portfolio_weights(weights, panel)
        named = dict(zip(column_labels(panel), vector.tolist(), strict=True))
        panel = _portfolio(panel, vector, compounds=compounds)
    result = TailRows(panel, rows, how, named)
    if compounds:
        _check_rows(panel, rows, how, min_observations)
        _check_finite(result)
    return result


def _portfolio_weights(weights: Any, panel: Panel) -> FloatVector:
    if panel.values.shape[1] == 1 and isinstance(panel.labels.per_column(panel.values[0]), float):
        raise InvalidInputError(
            "weights must be left out for a single series of returns: they make a portfolio of the columns of a "
            "DataFrame or a 2-D array."
        )
    return weight_vector(weights, panel)


def _portfolio(panel: Panel, weights: FloatVector, *, compounds: bool) -> Panel:
    """Return the returns of constant weights over the rows on which every asset has a value."""
    keep = np.asarray(~np.isnan(panel.values).any(axis=1))
    if keep.sum() < panel.min_rows:
        raise InvalidInputError(
            f"{panel.name} needs at least {panel.min_rows} rows on which every column has a value, got {keep.sum()}."
        )
    series = portfolio_series(panel.values[keep], weights)
    if compounds:
        refuse_ruin(series, panel, keep)
    labels = ColumnLabels((series.size,), ("portfolio",))
    return Panel(panel.name, series[:, None], labels, has_nan=False, min_rows=panel.min_rows)


def _check_rows(panel: Panel, horizon: int, how: str, min_observations: int) -> None:
    least = horizon * min_observations if how == "nonoverlapping" else horizon + min_observations - 1
    least = max(least, FEWEST_HORIZONS * horizon)
    counts = (~np.isnan(panel.values)).sum(axis=0)
    if (counts >= least).all():
        return
    column = int(counts.argmin())
    place = f" in column {panel.labels.column_name(column)}" if counts.size > 1 else ""
    present = " without the missing ones" if panel.has_nan else ""
    raise InvalidInputError(
        f"{panel.name} needs at least {least} rows for {how} windows of horizon={horizon}, got {counts[column]}{place}"
        f'{present}. Pass more rows, a shorter horizon, or horizon_method="sqrt" to scale the measure of single rows.'
    )


def _check_finite(rows: TailRows) -> None:
    """Refuse returns that compound beyond a double; a bound spares compounding where none can."""
    highest = float(np.fmax.reduce(rows.panel.values, axis=None))
    if rows.horizon * math.log1p(max(highest, 0.0)) < LARGEST_LOGARITHM:
        return
    largest = rows.panel.per_column(lambda values: np.maximum.reduce(rows.windows(values), axis=0))
    if not np.isfinite(largest).all():
        column = rows.panel.labels.column_name(int(np.isfinite(largest).argmin()))
        raise InvalidInputError(
            f"{rows.panel.name} must compound to finite numbers over a horizon of {rows.horizon} rows, but column "
            f"{column} does not: the highest return is {highest:g}. Returns are fractions: 1 % is 0.01."
        )
