"""VaR and CVaR of the last rows: historical, normal, Student-t, Cornish-Fisher, volatility-weighted historical."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from riskresearch.kernels._moments import deviation, mean
from riskresearch.kernels._quantiles import historical_tail
from riskresearch.kernels._rolling import EXPANDING, Recipe, Sweep, new_state
from riskresearch.kernels._schedule import is_fitted_after
from riskresearch.kernels.compiled._cornish_fisher import CornishFisherRisk
from riskresearch.kernels.compiled._ewma import Standardizer
from riskresearch.models._forecasters import BoundForecaster, EwmaForecast, bind_rolling, rolled_over_time

if TYPE_CHECKING:
    from riskresearch.core._types import FloatMatrix, FloatVector, State

TailMethod = Literal["historical", "normal", "student_t", "cornish_fisher", "volatility_weighted"]
TAIL_METHODS = ("historical", "normal", "student_t", "cornish_fisher", "volatility_weighted")
MOMENTS = ("mean", "volatility", "skewness", "excess_kurtosis")


@dataclass(frozen=True, slots=True)
class Tail:
    """Which tail of how many rows: the settings that all these forecasters share."""

    measure: str
    level: float
    window: int
    minimum: int

    @property
    def conditional(self) -> bool:
        """Whether CVaR is asked for."""
        return self.measure == "conditional_value_at_risk"

    def recipe(self, measure: str | None = None) -> Recipe:
        """Return the recipe of this measure, or of another one, over the same rows."""
        least = 2 if measure in ("volatility", "skewness", "excess_kurtosis") else 1
        return Recipe(measure or self.measure, self.window, max(self.minimum, least), level=self.level)

    def of_sample(self, sample: FloatVector) -> float:
        """Return the historical measure of a sample."""
        return float(historical_tail(sample[:, None], self.level)[self.conditional][0])


class Chain:
    """Sweeps that read what the ones before them wrote."""

    def __init__(self, *sweeps: Sweep) -> None:
        self._sweeps = sweeps

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`, one sweep after the other."""
        for sweep in self._sweeps:
            sweep.run(first, last)


class Combined:
    """Answers that are a function of other sweeps' answers, element by element."""

    def __init__(
        self, function: Callable[..., FloatMatrix], parts: tuple[FloatMatrix, ...], answers: FloatMatrix
    ) -> None:
        self._function, self._parts, self._answers = function, parts, answers

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`, all at once."""
        rows = slice(None) if self._answers.shape[0] == 1 else slice(first, last)
        self._answers[rows] = self._function(*(part[rows] for part in self._parts))


@dataclass(frozen=True, slots=True)
class HistoricalTail(BoundForecaster):
    """The measure of the last rows, as in `rolling(returns, "value_at_risk")`."""

    tail: Tail

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return self.tail.window + 1

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return new_state(self.tail.recipe(), columns, EXPANDING)

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        return bind_rolling(self.tail.recipe(), state, source, answers)

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""
        return rolled_over_time(self.tail.recipe(), values)

    def of_sample(self, sample: FloatVector) -> float:
        """Return the measure of one series."""
        return self.tail.of_sample(sample)


@dataclass(frozen=True, slots=True)
class NormalTail(BoundForecaster):
    """The measure of the normal with the mean and sample deviation of the last rows."""

    tail: Tail

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return self.tail.window + 1

    def multiple(self) -> float:
        """Return how many deviations the measure lies beyond the mean."""
        from scipy import special  # noqa: PLC0415 (historical estimates need no SciPy)

        from riskresearch.kernels.distributions._parametric_tail import density  # noqa: PLC0415 (SciPy)

        z = float(special.ndtri(self.tail.level))
        return float(density(z)) / (1.0 - self.tail.level) if self.tail.conditional else z

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return moment_states(self.tail, MOMENTS[:2], columns)

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        sweeps, parts = bind_moments(self.tail, MOMENTS[:2], source, state, answers.shape)
        return Chain(*sweeps, Combined(self._combine, parts, answers))

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""
        parts = (rolled_over_time(self.tail.recipe(name), values) for name in MOMENTS[:2])
        combined: FloatMatrix = self._combine(*parts)
        return combined

    def of_sample(self, sample: FloatVector) -> float:
        """Return the measure of one series."""
        column = sample[:, None]
        return float(self._combine(mean(column), deviation(column))[0])

    def _combine(self, means: Any, deviations: Any) -> Any:
        return deviations * self.multiple() - means


@dataclass(frozen=True, slots=True)
class CornishFisherTail(BoundForecaster):
    """Modified VaR or CVaR of the last rows, as in `metrics.value_at_risk(method="cornish_fisher")`."""

    tail: Tail

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return self.tail.window + 1

    def new_state(self, columns: int) -> State:
        """Return the state before the first row."""
        return {"present": np.zeros(columns), **moment_states(self.tail, MOMENTS, columns)}

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        sweeps, parts = bind_moments(self.tail, MOMENTS, source, state, answers.shape)
        return Chain(*sweeps, self._last(source, parts, state["present"], answers))

    def over_time(self, values: FloatMatrix) -> FloatMatrix:
        """Return the forecasts after each row of `values`."""
        answers = np.empty(values.shape)
        parts = tuple(rolled_over_time(self.tail.recipe(name), values) for name in MOMENTS)
        self._last(values, parts, np.zeros(values.shape[1]), answers).run(0, values.shape[0])
        return answers

    def of_sample(self, sample: FloatVector) -> float:
        """Return the measure of one series."""
        from riskresearch.kernels.distributions._parametric_tail import cornish_fisher_tail  # noqa: PLC0415 (SciPy)

        return float(cornish_fisher_tail(sample[:, None], self.tail.level)[self.tail.conditional][0])

    def _last(
        self, source: FloatMatrix, parts: tuple[FloatMatrix, ...], present: FloatVector, answers: FloatMatrix
    ) -> Sweep:
        from scipy import special  # noqa: PLC0415 (historical estimates need no SciPy)

        share = 1.0 - self.tail.level
        z = float(special.ndtri(share))
        sweep: Sweep = CornishFisherRisk(  # type: ignore[no-untyped-call]
            source, self.tail.window, parts, z, share, self.tail.conditional, present, answers
        )
        return sweep


@dataclass(frozen=True, slots=True)
class VolatilityWeightedTail(BoundForecaster):
    """Hull & White's (1998): the historical measure of returns over the volatility known before them, times today's."""

    tail: Tail
    volatility: EwmaForecast

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return 1

    def new_state(self, columns: int) -> State:
        """Return the state before the first row: also the ring of standardised returns."""
        ring = np.full((self.tail.window + 1, columns), np.nan)
        states = {
            "tail": new_state(self.tail.recipe(), columns, EXPANDING),
            "volatility": self.volatility.new_state(columns),
        }
        return {"before": np.full(columns, np.nan), "standard": ring, **flat_state(states)}

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        deviations, tails = np.full(answers.shape, np.nan), np.full(answers.shape, np.nan)
        standard = state["standard"] if answers.shape[0] == 1 else np.full(answers.shape, np.nan)
        return Chain(
            self.volatility.bind(source, part_of(state, "volatility"), deviations),
            Standardizer(source, deviations, state["before"], standard),  # type: ignore[no-untyped-call]
            bind_rolling(self.tail.recipe(), part_of(state, "tail"), standard, tails),
            Combined(np.multiply, (deviations, tails), answers),
        )

    def of_sample(self, sample: FloatVector) -> float:
        """Return the measure of one series, whose first rows serve to start its volatility."""
        column = sample[:, None]
        deviations, standard = self.volatility.over_time(column), np.empty(column.shape)
        Standardizer(column, deviations, np.full(1, np.nan), standard).run(0, len(column))  # type: ignore[no-untyped-call]
        known = standard[~np.isnan(standard)]
        return float(deviations[-1, 0] * self.tail.of_sample(known)) if known.size else np.nan


@dataclass(frozen=True, slots=True)
class StudentTTail(BoundForecaster):
    """Student-t of maximum likelihood, fitted on every `refit_every` rows; between, it moves with the deviation."""

    tail: Tail
    refit_every: int

    @property
    def memory(self) -> int:
        """How many rows a ring must hold."""
        return self.tail.window + 1

    def new_state(self, columns: int) -> State:
        """Return the state before the first row: also how many deviations the measure was at the last fit."""
        return {"multiples": np.full(columns, np.nan), **moment_states(self.tail, MOMENTS[1:2], columns)}

    def bind(self, source: FloatMatrix, state: State, answers: FloatMatrix) -> Sweep:
        """Return the sweep from `state` over `source`."""
        sweeps, parts = bind_moments(self.tail, MOMENTS[1:2], source, state, answers.shape)
        return Chain(*sweeps, _Refit(self, source, parts[0], state["multiples"], answers))

    def of_sample(self, sample: FloatVector) -> float:
        """Return the measure of one series, fitted to all of it; infinite where no Student-t fits it."""
        from riskresearch.kernels.distributions._parametric_tail import student_t_tail  # noqa: PLC0415 (SciPy)

        measure = float(student_t_tail(sample[:, None], self.tail.level)[self.tail.conditional][0])
        return np.inf if np.isnan(measure) else measure


class _Refit:
    """Fit each column that has a deviation when its turn comes, or when it has no fit yet."""

    def __init__(
        self,
        forecaster: StudentTTail,
        source: FloatMatrix,
        deviations: FloatMatrix,
        multiples: FloatVector,
        answers: FloatMatrix,
    ) -> None:
        self._forecaster, self._source, self._deviations = forecaster, source, deviations
        self._multiples, self._answers = multiples, answers

    def run(self, first: int, last: int) -> None:
        """Go from row `first` to before `last`."""
        tail, length, multiples = self._forecaster.tail, len(self._source), self._multiples
        for tick in range(first, last):
            deviations = self._deviations[tick % len(self._deviations)]
            due = is_fitted_after(tick + 1, window=tail.window, every=self._forecaster.refit_every)
            for column in np.flatnonzero((deviations > 0.0) & (due | np.isnan(multiples))):
                rows = np.arange(max(0, tick + 1 - tail.window), tick + 1) % length
                sample = self._source[rows, column]
                multiples[column] = self._forecaster.of_sample(sample[~np.isnan(sample)]) / deviations[column]
            answer = self._answers[tick % len(self._answers)]
            answer[...] = np.where(deviations == 0.0, 0.0, multiples * np.where(deviations > 0.0, deviations, np.nan))


def flat_state(states: dict[str, State]) -> State:
    """Return several states as one, the names of the parts before a dot."""
    return {f"{part}.{name}": array for part, state in states.items() for name, array in state.items()}


def part_of(state: State, part: str) -> State:
    """Return one part of what `flat_state` made, the same arrays."""
    return {name.partition(".")[2]: array for name, array in state.items() if name.partition(".")[0] == part}


def moment_states(tail: Tail, names: tuple[str, ...], columns: int) -> State:
    """Return the states of several moments of the same rows as one."""
    return flat_state({name: new_state(tail.recipe(name), columns, EXPANDING) for name in names})


def bind_moments(
    tail: Tail, names: tuple[str, ...], source: FloatMatrix, state: State, shape: tuple[int, ...]
) -> tuple[list[Sweep], tuple[FloatMatrix, ...]]:
    """Return the sweeps of several moments of the same rows, and where their answers go."""
    parts = tuple(np.full(shape, np.nan) for _ in names)
    sweeps = [
        bind_rolling(tail.recipe(name), part_of(state, name), source, part)
        for name, part in zip(names, parts, strict=True)
    ]
    return sweeps, parts


def tail_forecaster(
    method: str, tail: Tail, *, halflife: float, refit_every: int, minimum_volatility: int
) -> HistoricalTail | NormalTail | CornishFisherTail | VolatilityWeightedTail | StudentTTail:
    """Return the forecaster that is called `method`."""
    if method == "volatility_weighted":
        return VolatilityWeightedTail(tail, EwmaForecast(halflife, minimum_volatility))
    if method == "student_t":
        return StudentTTail(tail, refit_every)
    if method == "normal":
        return NormalTail(tail)
    return CornishFisherTail(tail) if method == "cornish_fisher" else HistoricalTail(tail)
