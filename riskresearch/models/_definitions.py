"""The definitions of risk forecasters."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, overload

import numpy as np

from riskresearch.core._checks import check_choice, check_count, check_level, check_positive
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._panel import as_panel
from riskresearch.core._row import column_names, saved_names
from riskresearch.core._stream import resume_arrays
from riskresearch.models._forecasters import TAIL_MEASURES, EwmaForecast, RollingForecast
from riskresearch.models._running import RunningRisk
from riskresearch.models._tail_forecasters import TAIL_METHODS, Tail, TailMethod, tail_forecaster

if TYPE_CHECKING:
    from riskresearch.core._types import Data, Labelled, OverTime
    from riskresearch.models._forecasters import Forecaster


class RowForecaster:
    """Base of forecasters: a definition that is started, resumed, and run over a history by its `_model`."""

    __slots__ = ()
    inputs: ClassVar[tuple[str, ...]] = ("returns",)

    if TYPE_CHECKING:

        def _model(self) -> Forecaster: ...

    def start(self, columns: int | Sequence[str] = 1) -> RunningRisk:
        """Return a running forecast that has seen no row.

        Parameters
        ----------
        columns : int or sequence of str
            How many assets, or their names.
        """
        return RunningRisk(self, self._model(), column_names(columns))

    def resume(self, state: Mapping[str, Any]) -> RunningRisk:
        """Return the running forecast that `to_dict` saved; a damaged state or one of another model is refused.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """
        running: RunningRisk = resume_arrays(self, state, names=("columns",))
        return running

    @overload
    def forecasts(self, returns: Labelled) -> Labelled: ...
    @overload
    def forecasts(self, returns: Data) -> OverTime: ...
    def forecasts(self, returns: Data) -> OverTime:
        """Return the risk per period forecast after each row, for the next one.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset; nan is missing.

        Returns
        -------
        same type as `returns`
            Fractions per period; nan before the first forecast.
        """
        panel = as_panel(returns, name="returns", holds="returns", nan_policy="omit")
        return panel.labels.over_time(self._model().over_time(np.ascontiguousarray(panel.values)))

    def _running(self, columns: Sequence[str]) -> RunningRisk:
        """Return a running forecast with the start that was saved."""
        return RunningRisk(self, self._model(), saved_names(columns))

    def _over_history(self, data: Any) -> OverTime:
        return self.forecasts(data["returns"] if isinstance(data, Mapping) else data)


@answers_other_names()
@dataclass(frozen=True, slots=True)
class EwmaVolatility(RowForecaster):
    """Volatility per period: the root of the exponentially weighted mean square of returns, the mean taken as zero.

    Parameters
    ----------
    halflife : float
        Rows after which a squared return counts half.
    min_periods : int, optional
        Fewest values before there is a forecast; None asks for `halflife` rounded up.

    References
    ----------
    J. P. Morgan/Reuters (1996), RiskMetrics Technical Document, 4th edition.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.models.EwmaVolatility(halflife=1.0).forecasts([0.01, -0.02]).round(4)
    array([0.01  , 0.0173])
    """

    halflife: float = 33.0
    _: KW_ONLY
    min_periods: int | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_positive(self.halflife, name="halflife")
        if self.min_periods is not None:
            check_count(self.min_periods, name="min_periods", minimum=1)

    def _model(self) -> Forecaster:
        minimum = math.ceil(self.halflife) if self.min_periods is None else self.min_periods
        return EwmaForecast(self.halflife, minimum)


@answers_other_names()
@dataclass(frozen=True, slots=True)
class RollingVolatility(RowForecaster):
    """Volatility per period: the sample deviation of the last `window` rows.

    Parameters
    ----------
    window : int
        Number of rows.
    min_periods : int, optional
        Fewest values before there is a forecast; None asks for all `window`.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.models.RollingVolatility(window=2).forecasts([0.01, 0.03, 0.03]).round(4)
    array([   nan, 0.0141, 0.    ])
    """

    window: int = 63
    _: KW_ONLY
    min_periods: int | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_window(self.window, self.min_periods)

    def _model(self) -> Forecaster:
        return RollingForecast(self.window, self.window if self.min_periods is None else self.min_periods)


@answers_other_names()
@dataclass(frozen=True, slots=True)
class TailForecaster(RowForecaster):
    """VaR or CVaR per period, estimated on the last `window` rows.

    Parameters
    ----------
    measure : {"value_at_risk", "conditional_value_at_risk"}
        What is forecast.
    level : float
        Confidence level in (0.5, 1).
    method : {"historical", "normal", "student_t", "cornish_fisher", "volatility_weighted"}
        As in `value_at_risk`, without its warnings; "volatility_weighted" is Hull and White's historical measure of
        returns over the volatility known before them, times today's.
    window : int
        Number of rows.
    min_periods : int, optional
        Fewest values before there is a forecast; None asks for all `window`.
    halflife : float
        For "volatility_weighted": rows after which a squared return counts half.
    refit_every : int
        For "student_t": rows between fits; between them the risk moves with the sample deviation.

    References
    ----------
    Hull, J. & White, A. (1998), Incorporating volatility updating into the historical simulation method, J. of Risk 1.

    Examples
    --------
    >>> import riskresearch
    >>> riskresearch.models.TailForecaster(level=0.7, window=3).forecasts([0.01, -0.04, 0.03, 0.02])
    array([ nan,  nan, 0.04, 0.04])
    """

    measure: Literal["value_at_risk", "conditional_value_at_risk"] = "value_at_risk"
    _: KW_ONLY
    level: float = 0.95
    method: TailMethod = "historical"
    window: int = 250
    min_periods: int | None = None
    halflife: float = 33.0
    refit_every: int = 21

    def __post_init__(self) -> None:
        """Check the parameters."""
        check_choice(self.measure, TAIL_MEASURES, name="measure")
        check_level(self.level)
        check_choice(self.method, TAIL_METHODS, name="method")
        check_window(self.window, self.min_periods)
        check_positive(self.halflife, name="halflife")
        check_count(self.refit_every, name="refit_every", minimum=1)

    def _model(self) -> Forecaster:
        minimum = self.window if self.min_periods is None else self.min_periods
        return tail_forecaster(
            self.method, Tail(self.measure, self.level, self.window, minimum), halflife=self.halflife,
            refit_every=self.refit_every, minimum_volatility=math.ceil(self.halflife),
        )  # fmt: skip


def check_window(window: int, min_periods: int | None) -> None:
    """Check a window of two rows or more, and the fewest values in it."""
    rows = check_count(window, name="window", minimum=2)
    if min_periods is not None and check_count(min_periods, name="min_periods", minimum=2) > rows:
        raise InvalidInputError(f"min_periods must be at most window={rows}, got {min_periods}.")
