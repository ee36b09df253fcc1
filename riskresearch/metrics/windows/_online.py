"""Measures of a moving window, one row at a time, with the bits of the rolling forms."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from riskresearch.core._checks import check_count, check_level, check_number, shown
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ArrayLabels
from riskresearch.core._other_names import answers_other_names
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import FEWEST_ROWS_OF_CALM_AND_STORM, check_rate, check_returns
from riskresearch.core._stream import ArrayRunning, resume_arrays
from riskresearch.kernels._rolling import EXPANDING, TAILS, Recipe, bind, new_answers, new_state, scale_of
from riskresearch.metrics._tail_risk import tail_risk
from riskresearch.metrics._tail_rows import OTHER_NAMES
from riskresearch.metrics.windows._rolling import check_sizes, checked_window, rolled, sizes_of
from riskresearch.metrics.windows._windowed import TAIL_RISK, Windowed, windowed

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatVector, OverTime, State

BEYOND = 1e100
"""No return is as large; its square would make every later sum infinite or inexact."""
FIRST_ROWS = 256


@answers_other_names({**OTHER_NAMES, **dict.fromkeys(("lookback", "n", "size"), "window")}, second="window")
@dataclass(frozen=True, slots=True)
class Online:
    """A measure of the last `window` rows, or of all rows so far, one row at a time.

    Parameters
    ----------
    measure : str or function
        As in `rolling`, or "tail_risk" for VaR and CVaR together.
    window : int or None
        Number of rows; None for all rows so far, in constant memory for a measure that has a recursion, except for
        tails: an exact tail of all rows may need any of them later, so every row is kept.
    min_periods : int, optional
        Fewest values that give an answer; None asks for all `window`, or for the fewest that the measure needs.
    level : float
        Confidence level in (0.5, 1) of a measure that has one.
    risk_free, required_return : float
        Rate and return per period, in measures that have them.
    periods_per_year : float, optional
        In measures that have it; None takes the option, else 252.

    Examples
    --------
    >>> import riskresearch
    >>> running = riskresearch.metrics.Online("value_at_risk", window=2).start()
    >>> [running.update(value) for value in (0.01, -0.03, 0.02)]
    [nan, 0.03, 0.03]
    """

    inputs: ClassVar[tuple[str, ...]] = ("returns", "benchmark")

    measure: str | Callable[..., Any]
    _: KW_ONLY
    window: int | None = None
    min_periods: int | None = None
    level: float = 0.95
    risk_free: float = 0.0
    required_return: float = 0.0
    periods_per_year: float | None = None

    def __post_init__(self) -> None:
        """Check the parameters."""
        chosen = self._chosen()
        if chosen.own is None and not chosen.bound:
            object.__setattr__(self, "measure", chosen.name)
        checked_window(chosen, self.window, self.min_periods)
        check_level(self.level)
        periods = self._periods() if "periods_per_year" in chosen.takes else None
        for rate in ("risk_free", "required_return"):
            check_rate(check_number(getattr(self, rate), name=rate), name=rate, dates=None, periods=periods)

    def start(self, columns: int | None = None) -> RunningMeasure:
        """Return the measure before the first row.

        Parameters
        ----------
        columns : int, optional
            Number of assets in a row; None for one number at a time.
        """
        return self._running(columns, self._periods(), None)

    def resume(self, state: Mapping[str, Any]) -> RunningMeasure:
        """Return the running measure that `to_dict` saved; a state that is damaged or of another measure is refused.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """
        running: RunningMeasure = resume_arrays(self, state, names=("columns", "periods_per_year", "room"))
        return running

    def _chosen(self) -> Windowed:
        """Return the measure."""
        return TAIL_RISK if self.measure in ("tail_risk", tail_risk) else windowed(self.measure)

    def _periods(self) -> float:
        """Return the periods per year of the measures that need them, else 1."""
        yearly = "periods_per_year" in self._chosen().takes
        return resolve_periods_per_year(self.periods_per_year, None) if yearly else 1.0

    def _running(self, columns: int | None, periods_per_year: float, room: int | None) -> RunningMeasure:
        return RunningMeasure(self, columns, periods_per_year, room)

    def _over_history(self, data: Any) -> OverTime:
        """Return the measure after each row of returns, or of a mapping with a benchmark."""
        given: dict[str, Data] = dict(data) if isinstance(data, Mapping) else {"returns": data}
        panel, results = rolled(
            self._chosen(), window=self.window, min_periods=self.min_periods, nan_policy="omit", level=self.level,
            risk_free=self.risk_free, required_return=self.required_return, periods_per_year=self._periods(), **given,
        )  # fmt: skip
        labelled = [panel.labels.over_time(result) for result in results if result.size]
        return labelled[0] if len(labelled) == 1 else tuple(labelled)


class RunningMeasure(ArrayRunning):
    """A measure of a moving window between two rows; `Online.start` makes it.

    Parameters
    ----------
    definition : Online
        What is measured.
    columns : int or None
        Number of assets in a row; None for one number at a time.
    periods_per_year : float
        Rows a year.
    room : int or None
        Rows that a tail of all rows has room for; None for the first ones.
    """

    def __init__(self, definition: Online, columns: int | None, periods_per_year: float, room: int | None) -> None:
        chosen = definition._chosen()
        rows, minimum = checked_window(chosen, definition.window, definition.min_periods)
        self._definition, self._columns, self._periods = definition, columns, float(periods_per_year)
        width = 1 if columns is None else check_count(columns, name="columns", minimum=1)
        level, required = float(definition.level), float(definition.required_return)
        self._unjudged: list[Any] | None = []
        self._scalar, self._paired, self._name, self._tick = columns is None, chosen.benchmark, chosen.name, 0
        self._compounds, self._ticks = chosen.compounds, np.zeros(1, dtype=np.int64)
        self._rate = float(definition.risk_free) if "risk_free" in chosen.takes else required
        function = chosen.function(level=level, required_return=required, periods_per_year=self._periods)
        self._recipe = Recipe(chosen.name, rows, minimum, scale_of(chosen.name, self._periods), level, function)
        self._answers = new_answers(self._recipe, 1, width)
        for answer in self._answers:
            answer.fill(np.nan)
        self._least, self._most = sizes_of(chosen.name) if function is None else (0.0, math.inf)
        self._keeps_all = (chosen.name in TAILS or function is not None) and definition.window is None
        first = FIRST_ROWS if room is None else check_count(room, name="room", minimum=1)
        self._make_room(first if self._keeps_all else rows, width)

    def _started(self) -> dict[str, Any]:
        """The arguments of `Online._running` that make a running measure with as much room."""
        room = self._length - 1 if self._keeps_all else None
        return {"columns": self._columns, "periods_per_year": self._periods, "room": room}

    def _make_room(self, rows: int, width: int) -> None:
        """Begin with an empty window of so many rows."""
        self._length = 1 if rows == EXPANDING else rows + 1
        self._ring, self._market = np.full((self._length, width), np.nan), np.full(self._length, np.nan)
        recipe = replace(self._recipe, window=rows)
        self._state = new_state(recipe, width, EXPANDING if rows < EXPANDING else 0)
        rates = np.full(self._length, self._rate)
        self._sweep = bind(recipe, self._state, self._ring, self._market, rates, self._answers)

    def _double_room(self) -> None:
        """Make room for twice as many rows; the buffer of a tail is filled again when the next row comes."""
        ring, market, state = self._ring, self._market, self._state
        self._make_room(2 * (self._length - 1), ring.shape[1])
        self._ring[: len(ring)], self._market[: len(ring)] = ring, market
        if self._recipe.function is not None:
            return
        self._state["present"][:], self._state["answers"][:] = state["present"], state["answers"]
        self._state["bounds"].fill(-np.inf)

    def update(self, observation: Any) -> Any:
        """Return the measure after one more row; a row that is refused changes nothing.

        Parameters
        ----------
        observation : float, array of shape (columns,) or mapping
            Simple returns of the period, nan where they are missing; for measures against a benchmark a mapping such as
            {"returns": row, "benchmark": number}.

        Returns
        -------
        float or array of shape (columns,)
            The measure; VaR and CVaR, a pair, for "tail_risk".
        """
        x, benchmark = self._parts(observation)
        row = self._checked(x, "returns") if self._scalar else self._checked_row(x)
        if self._paired:
            other = self._checked(benchmark, "benchmark")
        if self._unjudged is not None:
            self._judge(np.array(row, dtype=np.float64, ndmin=1))
        if self._keeps_all and self._tick == self._length - 1:
            self._double_room()
        place = self._tick % self._length
        self._ring[place] = row
        if self._paired:
            self._market[place] = other
            if other != other:  # a row without a benchmark is missing in every column, as in a history
                self._ring[place] = np.nan
        self._sweep.run(self._tick, self._tick + 1)
        self._tick += 1
        if self._scalar:
            found = [answer.item() for answer in self._answers if answer.size]
        else:
            found = [answer[0].copy() for answer in self._answers if answer.size]
        return found[0] if len(found) == 1 else tuple(found)

    def _parts(self, observation: Any) -> tuple[Any, Any]:
        """Return the row and the benchmark's return of an observation."""
        if not isinstance(observation, Mapping):
            if self._paired:
                raise InvalidInputError(
                    f'benchmark must be given with {self._name!r}, got {observation!r}. Pass {{"returns": row, '
                    '"benchmark": number}.'
                )
            return observation, None
        wanted = {"returns", "benchmark"} if self._paired else {"returns"}
        if set(observation) != wanted:
            raise InvalidInputError(
                f"observation must be a row, or hold {', '.join(sorted(wanted))}, got one of "
                f"{', '.join(map(str, observation))}."
            )
        return observation["returns"], observation.get("benchmark")

    def _arrays(self) -> State:
        """Return all that is carried from row to row."""
        self._ticks[0] = self._tick
        arrays = {**self._state, "ring": self._ring, "market": self._market, "tick": self._ticks}
        return arrays | {f"answer{i}": answer for i, answer in enumerate(self._answers)}

    def _filled(self) -> None:
        self._tick = int(self._ticks[0])

    def __repr__(self) -> str:
        """Return one line."""
        return f"RunningMeasure({self._name!r}, window={self._definition.window}, rows={self._tick})"

    def _judge(self, row: FloatVector) -> None:
        """Judge the first rows together, for one row alone may be anything."""
        rows = self._unjudged = [*(self._unjudged or ()), row]
        if len(rows) == FEWEST_ROWS_OF_CALM_AND_STORM:
            self._unjudged = None
            values = np.array(rows)
            check_returns(values, ArrayLabels((len(rows),) if self._scalar else values.shape), name="returns")

    def _checked(self, value: Any, name: str) -> float:
        """Return one number of a row, or refuse it."""
        if isinstance(value, bool) or not isinstance(value, Real):
            raise InvalidInputError(f"{name} must be a number, nan where it is missing, got {value!r}.")
        given: Any = value  # int, float, Fraction: all are compared with a float
        number = float(given) if -BEYOND < given < BEYOND or given != given else math.copysign(math.inf, given)
        self._check_range(number, number, name)
        if number != 0.0 and not self._least <= abs(number) < self._most:
            check_sizes(self._name, np.array([number]), name)
        return number

    def _checked_row(self, x: Any) -> npt.NDArray[np.float64]:
        """Return the numbers of a row, or refuse them."""
        try:
            row = np.asarray(x)
        except Exception:  # of a foreign object
            row = np.empty(())
        if row.shape != (self._ring.shape[1],):
            raise InvalidInputError(f"returns must hold {self._ring.shape[1]} numbers, got shape {row.shape}.")
        if row.dtype.kind not in "fiu":
            raise InvalidInputError(f"returns must hold numbers, nan where they are missing, got {shown(x)}.")
        row = row.astype(np.float64)
        self._check_range(np.fmin.reduce(row), np.fmax.reduce(row), "returns")
        if self._recipe.function is None:
            check_sizes(self._name, row, "returns")
        return row

    def _check_range(self, lowest: float, highest: float, name: str) -> None:
        if lowest <= -BEYOND or highest >= BEYOND:
            raise InvalidInputError(
                f"{name} must not be infinite nor 1e100 or more in size, got {lowest if lowest < 0 else highest:g}: an "
                "infinity is not a missing value, nan is one."
            )
        if lowest < -1.0 and self._compounds:
            raise InvalidInputError(f"{name} must be -1 or more to be compounded, got {lowest:g}.")
