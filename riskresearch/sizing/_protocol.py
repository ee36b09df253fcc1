"""The base of sizers, which runs one step over a history or a stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, overload

import numpy as np

from riskresearch.core._arguments import asset_names
from riskresearch.core._calendar_periods import PERIODS, period_numbers
from riskresearch.core._checks import check_choice, check_number
from riskresearch.core._errors import InvalidInputError, RiskResearchError
from riskresearch.core._panel import Panel, as_panel
from riskresearch.core._row import column_names, saved_names
from riskresearch.core._stream import resume_arrays
from riskresearch.sizing._cap_reasons import REASON_NAMES
from riskresearch.sizing._capped_weights import CappedWeights
from riskresearch.sizing._rows import extra_policy, extra_rows, nan_policy_of, periods_of
from riskresearch.sizing._run import HoldingRun, held_through_periods
from riskresearch.sizing._running import RunningSizer

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._calendar_periods import Period
    from riskresearch.core._stream import Running
    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds, Labelled, OverTime
    from riskresearch.sizing._run import Extras, SizerRun


class PositionSizer(Protocol):
    """How much to hold: for a whole history, or one row at a time with the same bits."""

    def weights(self, returns: Data) -> OverTime:
        """Return the weights decided after each row, in force from the next one on; 0 before the first decision.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        """

    def start(self, columns: int | Sequence[str] = 1) -> Running[Any, FloatVector]:
        """Return a running sizer of the same decisions, to be updated row by row.

        Parameters
        ----------
        columns : int or sequence of str
            How many assets, or their names.
        """

    def resume(self, state: Mapping[str, Any]) -> Running[Any, FloatVector]:
        """Return the running sizer that `to_dict` saved.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """


class RunSizer:
    """Base of sizers: a subclass declares its inputs and says how a run starts, and gets the rest from here.

    A subclass is a frozen dataclass with a field `nan_policy`, `rebalance` if it may decide once in each calendar
    period, and `periods_per_year` if it needs them. `inputs` names what a row consists of, the main input first.
    `_start` returns the run of so many columns. `_history` may be overridden by a compiled form of the same step.
    """

    __slots__ = ()
    inputs: ClassVar[tuple[str, ...]] = ("returns",)

    if TYPE_CHECKING:

        def _start(self, columns: int, periods: float) -> SizerRun: ...

    def start(self, columns: int | Sequence[str] = 1) -> RunningSizer:
        """Return a running sizer of the same decisions, to be updated row by row, with the bits of `weights`.

        Parameters
        ----------
        columns : int or sequence of str
            How many assets, or their names.
        """
        return RunningSizer(self, column_names(columns), periods_of(self, None))

    def resume(self, state: Mapping[str, Any]) -> RunningSizer:
        """Return the running sizer that `to_dict` saved; a state that is damaged or of another sizer is refused.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """
        running: RunningSizer = resume_arrays(self, state, names=("columns", "periods_per_year"))
        return running

    def _running(self, columns: Sequence[str], periods_per_year: float) -> RunningSizer:
        """Return a running sizer with the start that was saved."""
        if not 0.0 < check_number(periods_per_year, name="periods_per_year"):
            raise InvalidInputError(f"periods_per_year must be positive, got {periods_per_year}. The state is damaged.")
        return RunningSizer(self, saved_names(columns), periods_per_year)

    def _over_history(self, data: Any) -> OverTime:
        """Return the weights after each row of the main input, or of a mapping of inputs."""
        given = dict(data) if isinstance(data, Mapping) else {self.inputs[0]: data}
        main = given.pop(self.inputs[0])
        return self.weights(main, **given)  # type: ignore[attr-defined]

    def _start_named(self, names: tuple[str, ...], periods: float) -> SizerRun:
        """Start a run on columns of these names, for sizers whose parameters name columns."""
        return self._start(len(names), periods)

    def _begin(self, names: tuple[str, ...], periods: float) -> Any:
        """Start a run that decides on each row, or one with `step_in` that decides once in each period."""
        run = self._start_named(names, periods)
        return run if rebalance_of(self) is None or hasattr(run, "step_in") else HoldingRun(run, len(names))

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        """Return the weights after each row of `values`, by the step of the stream."""
        run = self._start(values.shape[1], periods)
        decided = np.empty(values.shape)
        for row in range(values.shape[0]):
            decided[row] = run.step(values[row], {name: extra[row] for name, extra in extras.items()})
        return decided

    def _weights_of(self, data: Data, extras: Mapping[str, Data | None], *, name: str = "returns") -> OverTime:
        """Check and unlabel what is given, decide, and put the labels of `data` on."""
        panel, given, periods = self._read(data, extras, name)
        decided = self._history(np.ascontiguousarray(panel.values), given, periods)
        numbers = self._periods_of(panel, name)
        return panel.labels.over_time(decided if numbers is None else held_through_periods(decided, numbers))

    def _explained(self, data: Data, extras: Mapping[str, Data | None], *, name: str = "returns") -> CappedWeights:
        """Go row by row and keep what each step noted of caps."""
        panel, given, periods = self._read(data, extras, name)
        values, numbers = np.ascontiguousarray(panel.values), self._periods_of(panel, name)
        run = self._begin(asset_names(panel), periods)
        decided, wanted = np.empty(values.shape), np.empty(values.shape)
        reasons: npt.NDArray[np.longlong] = np.zeros(values.shape, dtype=np.longlong)
        for row in range(values.shape[0]):
            step = (values[row], {key: extra[row] for key, extra in given.items()})
            try:
                decided[row] = run.step(*step) if numbers is None else run.step_in(int(numbers[row]), *step)
            except RiskResearchError as error:
                told = self._failed(error, panel.labels.row_names[row])
                if told is error:
                    raise
                raise told from error
            wanted[row], reasons[row] = run.notes
        over_time: Any = panel.labels.over_time
        return CappedWeights(
            over_time(decided), over_time(reasons), over_time(wanted), asset_names(panel), REASON_NAMES
        )

    def _failed(self, error: RiskResearchError, row_name: object) -> RiskResearchError:
        """Return the error to raise where a step failed on a row."""
        return error

    def _read(
        self, data: Data, extras: Mapping[str, Data | None], name: str
    ) -> tuple[Panel, dict[str, FloatMatrix], float]:
        policy = nan_policy_of(self)
        holds: Holds = "returns" if name == "returns" else "numbers"
        panel = as_panel(data, name=name, holds=holds, nan_policy=policy)
        given = {
            key: extra_rows(extra, panel, name=key, nan_policy=extra_policy(key, policy))
            for key, extra in extras.items()
            if extra is not None
        }
        return panel, given, periods_of(self, panel.dates)

    def _periods_of(self, panel: Panel, name: str) -> npt.NDArray[np.int64] | None:
        """Return the number of the calendar period of each row, or None where every row decides."""
        period = rebalance_of(self)
        if period is None:
            return None
        return period_numbers(panel.dates, check_choice(period, PERIODS, name="rebalance"), name="rebalance", data=name)


class StepSizer(RunSizer):
    """Base of sizers that need returns alone."""

    __slots__ = ()

    @overload
    def weights(self, returns: Labelled) -> Labelled: ...
    @overload
    def weights(self, returns: Data) -> OverTime: ...
    def weights(self, returns: Data) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        return self._weights_of(returns, {})


class SignalSizer(RunSizer):
    """Base of sizers of returns and signals."""

    __slots__ = ()
    inputs: ClassVar[tuple[str, ...]] = ("returns", "signals")

    @overload
    def weights(self, returns: Labelled, *, signals: Data | None = None) -> Labelled: ...
    @overload
    def weights(self, returns: Data, *, signals: Data | None = None) -> OverTime: ...
    def weights(self, returns: Data, *, signals: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        signals : same shape as `returns`, optional
            From -1 (short) to 1 (long), known after each row; None is long everywhere.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        return self._weights_of(returns, {"signals": signals})

    def explain(self, returns: Data, *, signals: Data | None = None) -> CappedWeights:
        """Return the same weights with what was wanted before caps, and which cap bound where.

        Parameters
        ----------
        returns, signals : Series, DataFrame or array
            As in `weights`.

        Returns
        -------
        CappedWeights
        """
        return self._explained(returns, {"signals": signals})


class ForecastSizer(RunSizer):
    """Base of sizers of returns, signals and forecasts of risk."""

    __slots__ = ()
    inputs: ClassVar[tuple[str, ...]] = ("returns", "signals", "forecasts")

    @overload
    def weights(self, returns: Labelled, *, signals: Data | None = None, forecasts: Data | None = None) -> Labelled: ...
    @overload
    def weights(self, returns: Data, *, signals: Data | None = None, forecasts: Data | None = None) -> OverTime: ...
    def weights(self, returns: Data, *, signals: Data | None = None, forecasts: Data | None = None) -> OverTime:
        """Return the weights decided after each row, in force from the next row on.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        signals : same shape as `returns`, optional
            From -1 (short) to 1 (long), known after each row; None is long everywhere.
        forecasts : same shape as `returns`, optional
            Risk known after each row, of any model or of ranges (`metrics.rolling_range_volatility`), instead of the
            sizer's own; nan where there is none yet. Volatility is yearly; VaR and CVaR are per period, of the
            signalled side.

        Returns
        -------
        same type as `returns`
            Fractions of net asset value; 0 before the first decision, never nan.
        """
        return self._weights_of(returns, {"signals": signals, "forecasts": forecasts})

    def explain(self, returns: Data, *, signals: Data | None = None, forecasts: Data | None = None) -> CappedWeights:
        """Return the same weights with what was wanted before caps, and which cap bound where.

        Parameters
        ----------
        returns, signals, forecasts : Series, DataFrame or array
            As in `weights`.

        Returns
        -------
        CappedWeights
        """
        return self._explained(returns, {"signals": signals, "forecasts": forecasts})


def rebalance_of(sizer: object) -> Period | None:
    """Return the calendar period in which a sizer decides once, or None."""
    return getattr(sizer, "rebalance", None)
