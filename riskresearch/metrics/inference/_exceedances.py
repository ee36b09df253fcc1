"""Exceedances of VaR forecasts: the losses that were larger than the VaR known before them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from riskresearch.core._arguments import check_confidence, same_rows
from riskresearch.core._checks import check_count, check_level, is_single, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import comparable_dates
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import Panel, as_panel, read_panel
from riskresearch.core._plausibility import warn_user
from riskresearch.metrics._tail_rows import OTHER_NAMES
from riskresearch.metrics.inference._exceedances_result import Exceedances, label_exceedances

if TYPE_CHECKING:
    from riskresearch.core._types import Data, FloatMatrix, NanPolicy, OverTime

WRONG_SIDE = 0.5
"""Share of negative forecasts from which on their sign is doubted."""


class TailForecast(Protocol):
    """A result with VaR over time at its level, such as `RollingTailRisk`."""

    @property
    def value_at_risk(self) -> OverTime:
        """Losses per period, on the row after which they were known."""

    @property
    def conditional_value_at_risk(self) -> OverTime:
        """Losses per period, on the same rows."""

    @property
    def level(self) -> float:
        """Confidence level."""


@answers_other_names({**OTHER_NAMES, "shift": "lag"})
def exceedances(
    returns: Data,
    forecast: Data | TailForecast,
    *,
    level: float | None = None,
    lag: int = 1,
    interval: float = 0.95,
    nan_policy: NanPolicy = "raise",
) -> Exceedances:
    """Count the losses that were larger than the VaR forecast before them.

    Parameters
    ----------
    returns : Series, DataFrame or array
        Simple returns per period, one column per asset.
    forecast : Series, DataFrame or array, or RollingTailRisk
        VaR as a loss per period over the same rows, one column per asset; nan before the first forecast, or only the
        dates that have one.
    level : float, optional
        Confidence level of the VaR, in (0.5, 1); a `RollingTailRisk` has its own.
    lag : int
        The forecast of row t is compared with the return of row t + lag. 1 is for what is known at the end of row t,
        as all functions here return it; 0 is for forecasts that stand on the row of their return already.
    interval : float
        Coverage probability of the interval of the share of exceedances, in (0, 1).
    nan_policy : {"raise", "omit"}
        Whether missing returns, and missing forecasts after the first, are an error or left out.

    Returns
    -------
    Exceedances
        The count, what was expected, and the exact binomial interval of the share, which assumes that exceedances are
        independent. A loss equal to the VaR is no exceedance.

    Raises
    ------
    InvalidInputError
        If an argument breaks its rule, the rows differ, or no return has a forecast before it.

    References
    ----------
    Clopper & Pearson, Biometrika 26, 1934. McNeil, Frey & Embrechts, Quantitative Risk Management, 2015, section 9.3.

    Examples
    --------
    >>> import riskresearch
    >>> found = riskresearch.metrics.exceedances([0.01, -0.03, 0.02, -0.02], [0.02, 0.02, 0.02, 0.02], level=0.95)
    >>> found.count, found.observations, found.dates.tolist()
    (1, 3, [1])
    """
    confidence = check_confidence(interval, name="interval")
    rows = check_count(lag, name="lag", minimum=0)
    panel = as_panel(returns, nan_policy=nan_policy)
    measure, beyond, own_level = _parts(forecast)
    known_level = _level(level, own_level)
    losses = _forecast(measure, panel, name="forecast")
    further = None if beyond is None else _forecast(beyond, panel, name="conditional_value_at_risk")
    if nan_policy == "raise":
        _refuse_holes(losses, panel)
    if own_level is None:  # a result of this library has its losses the right way round
        _doubt(losses)
    found = label_exceedances(panel, losses, further, level=known_level, lag=rows, confidence=confidence)
    if not np.any(found.observations):
        raise InvalidInputError(
            f"forecast must have a value {rows} row{'s' * (rows != 1)} before some return, got none among the "
            f"{panel.values.shape[0]} rows."
        )
    return found


def _parts(forecast: Any) -> tuple[Any, Any, float | None]:
    """Return VaR, CVaR and level of a result, or the data alone."""
    if hasattr(forecast, "value_at_risk"):
        measure, beyond = forecast.value_at_risk, forecast.conditional_value_at_risk
        if np.ndim(measure) and len(measure) > 1:
            return measure, beyond, forecast.level
    if not is_single(forecast) and not hasattr(forecast, "value_at_risk"):
        return forecast, None, None
    raise InvalidInputError(
        f"forecast must be a VaR for each row, got {shown(forecast)}. A VaR of all returns has seen the losses that it "
        "is compared with: pass rolling_tail_risk(returns, window=250, level=0.99). A limit set in advance is "
        "pd.Series(0.02, index=returns.index)."
    )


def _level(given: float | None, own: float | None) -> float:
    if given is None and own is None:
        raise InvalidInputError(
            "level must be given with a forecast that does not hold it, got None: exceedances(returns, forecast, "
            "level=0.99)."
        )
    if given is not None and own is not None and given != own:
        raise InvalidInputError(f"level must be that of the forecast, {own:g}, or be left out, got {given!r}.")
    return check_level(given if own is None else own)


def _forecast(data: Any, panel: Panel, *, name: str) -> FloatMatrix:
    """Return one forecast for each row and column of `panel`, nan on dates without; columns with names by name."""
    other = read_panel(data, name=name, holds="numbers", nan_policy="omit")
    rows = _rows_of_some_dates(other, panel)
    if rows is None:
        other = same_rows(data, panel, name=name, holds="numbers", nan_policy="omit")
    if other.values.shape[1] != panel.values.shape[1]:
        raise InvalidInputError(
            f"{name} must have a column for each of the {panel.values.shape[1]} columns of {panel.name}, got "
            f"{other.values.shape[1]}."
        )
    ours, theirs = panel.labels.columns, other.labels.columns
    columns: Any = slice(None)
    if len(ours) > 1 and theirs and ours != theirs:
        columns = _in_order(theirs, ours, panel, name=name)
    result = np.full(panel.values.shape, np.nan)
    result[slice(None) if rows is None else rows] = other.values[:, columns]
    return result


def _rows_of_some_dates(other: Panel, panel: Panel) -> Any:
    """Return the rows of `panel` that dated forecasts stand on, None unless they are some of its dates."""
    if panel.dates is None or other.dates is None or len(other.values) >= len(panel.values):
        return None
    theirs, ours = comparable_dates(other.labels, panel.labels, name=other.name, beside=panel.name)
    return np.searchsorted(ours, theirs) if np.isin(theirs, ours).all() else None


def _in_order(theirs: tuple[str, ...], ours: tuple[str, ...], panel: Panel, *, name: str) -> list[int]:
    """Return which column of the forecast belongs to each column of `panel`."""
    if set(ours) != set(theirs):
        first = sorted(set(ours) ^ set(theirs))[0]
        owner = panel.name if first in ours else name
        raise InvalidInputError(f"{name} must have the columns of {panel.name}, but {first!r} is in {owner} only.")
    return [theirs.index(column) for column in ours]


def _refuse_holes(losses: FloatMatrix, panel: Panel) -> None:
    """Refuse a forecast that is missing after the first one of its column."""
    missing = np.isnan(losses)
    holes = missing & (np.cumsum(~missing, axis=0) > 0)
    if holes.any():
        row, column = (int(i) for i in np.argwhere(holes)[0])
        raise InvalidInputError(
            f"forecast has {int(holes.sum())} missing value{'s' * int(holes.sum() > 1)} after its first, the first at "
            f'{panel.labels.place(row, column)}. Pass nan_policy="omit" to leave out the returns after them.'
        )


def _doubt(losses: FloatMatrix) -> None:
    """Warn about forecasts that are mostly below zero: VaR is a loss here, and a return elsewhere."""
    known = losses[~np.isnan(losses)]
    if known.size and float(np.mean(known < 0.0)) > WRONG_SIDE:
        warn_user(
            f"forecast is a loss, positive where money is lost, but {np.mean(known < 0.0):.0%} of its values are below "
            "zero: a VaR of -0.02 is a gain of 2 %. Pass -forecast if they are returns."
        )
