"""Rolling and expanding measures fed one row at a time, with the bits of the rolling forms."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from riskresearch.core._checks import check_count, check_level, check_number
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._labels import ArrayLabels
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.core._plausibility import FEWEST_ROWS_OF_CALM_AND_STORM, check_rate, check_returns
from riskresearch.core._stream import check_seal, check_version, plain, revived, sealed
from riskresearch.kernels._rolling import EXPANDING, TAILS, Recipe, bind, new_answers, new_state
from riskresearch.metrics._tail_risk import tail_risk
from riskresearch.metrics.windows._rolling import check_sizes, checked_window, sizes_of
from riskresearch.metrics.windows._windowed import TAIL_RISK, windowed

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector

STATE_VERSION = 2
BEYOND = 1e100
"""No return is as large: its square and the sums of it would spoil every answer that follows."""
FIRST_ROWS = 256


class Online:
    """A measure of the last `window` rows, or of all rows so far, fed one row at a time.

    Parameters
    ----------
    measure : str or function
        As in `rolling`, or "tail_risk" for VaR and CVaR together.
    window : int or None
        Number of rows; None for all rows so far, in constant memory except for tails: what an exact tail of all rows
        does not need now it may need later, so every row is kept.
    min_periods : int, optional
        Fewest values that give an answer; None asks for all `window`, or for the fewest that the measure needs.
    columns : int, optional
        Number of assets in a row; None for one number at a time.
    level : float
        Confidence level in (0.5, 1), for tails.
    risk_free, required_return : float
        Rate per period for the Sharpe ratio and beta; return per period for the Sortino ratio.
    periods_per_year : float, optional
        For volatility, Sharpe and Sortino ratio; None takes the option, else 252.

    Examples
    --------
    >>> import riskresearch
    >>> var = riskresearch.metrics.Online("value_at_risk", window=2)
    >>> for value in (0.01, -0.03, 0.02):
    ...     var.update(value)
    >>> var.get()
    0.03
    """

    def __init__(
        self,
        measure: str | Callable[..., Any],
        *,
        window: int | None = None,
        min_periods: int | None = None,
        columns: int | None = None,
        level: float = 0.95,
        risk_free: float = 0.0,
        required_return: float = 0.0,
        periods_per_year: float | None = None,
    ) -> None:
        chosen = TAIL_RISK if measure in ("tail_risk", tail_risk) else windowed(measure)
        name = chosen.name
        rows, minimum = checked_window(chosen, window, min_periods)
        yearly = "periods_per_year" in chosen.takes
        periods = resolve_periods_per_year(periods_per_year, None) if yearly else 1.0
        self._arguments = {
            "measure": name if chosen.own is None and not chosen.bound else measure,
            "window": window, "min_periods": min_periods, "columns": columns, "level": level,
            "risk_free": risk_free, "required_return": required_return, "periods_per_year": periods,
        }  # fmt: skip
        width = 1 if columns is None else check_count(columns, name="columns", minimum=1)
        free = check_number(risk_free, name="risk_free")
        required = check_number(required_return, name="required_return")
        check_rate(free, name="risk_free", dates=None, periods=periods if yearly else None)
        check_rate(required, name="required_return", dates=None, periods=periods if yearly else None)
        self._unjudged: list[Any] | None = []
        self._scalar, self._paired, self._name, self._tick = columns is None, chosen.benchmark, name, 0
        self._compounds = chosen.compounds
        self._rate = free if "risk_free" in chosen.takes else required
        function = chosen.function(level=check_level(level), required_return=required, periods_per_year=periods)
        self._recipe = Recipe(name, rows, minimum, periods**0.5, check_level(level), function)
        self._answers = new_answers(self._recipe, 1, width)
        for answer in self._answers:
            answer.fill(np.nan)
        self._least, self._most = sizes_of(name) if function is None else (0.0, math.inf)
        self._keeps_all = (name in TAILS or function is not None) and window is None
        self._make_room(FIRST_ROWS if self._keeps_all else rows, width)

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

    def update(self, x: Any, benchmark: float | None = None) -> None:
        """Take in one row: a number, or one for each column; nan is missing. A row that is refused changes nothing.

        Parameters
        ----------
        x : float or array of shape (columns,)
            Simple returns of the period.
        benchmark : float, optional
            The benchmark's return of the period, for beta and correlation.
        """
        row = self._checked(x, "x") if self._scalar else self._checked_row(x)
        if self._paired:
            if benchmark is None:
                raise InvalidInputError(f"benchmark must be given with {self._name!r}, got None.")
            other = self._checked(benchmark, "benchmark")
        if self._unjudged is not None:
            self._judge(np.array(row, dtype=np.float64, ndmin=1))
        if self._keeps_all and self._tick == self._length - 1:
            self._double_room()
        place = self._tick % self._length
        self._ring[place] = row
        if self._paired:
            self._market[place] = other
        self._sweep.run(self._tick, self._tick + 1)
        self._tick += 1

    def get(self) -> Any:
        """Return the measure after the last row: a float or an array of shape (columns,), two of them for tail_risk."""
        if self._scalar:
            found = [answer.item() for answer in self._answers if answer.size]
        else:
            found = [answer[0].copy() for answer in self._answers if answer.size]
        return found[0] if len(found) == 1 else tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return arguments and state as strict JSON holds them, with a version and a checksum; JSON keeps every bit."""
        state = {name: _listed(array) for name, array in self._arrays().items()}
        arguments = plain(self._arguments, name="arguments")
        return sealed({"version": STATE_VERSION, "arguments": arguments, "tick": self._tick, "state": state})

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Online:
        """Return the measure that `to_dict` described, to be fed further.

        Parameters
        ----------
        data : dict
            What `to_dict` returned; of another version, cut or changed it is refused.
        """
        check_version(data, version=STATE_VERSION)
        check_seal(data)
        try:
            arrays = {name: np.asarray(revived(values)) for name, values in data["state"].items()}
            return _resumed(cls, data["arguments"], arrays, int(data["tick"]))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, InvalidInputError):
                raise
            raise InvalidInputError(f"data must be a state as to_dict returned it: {error}.") from error

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return all that is carried from row to row."""
        arrays = {**self._state, "ring": self._ring, "market": self._market}
        return arrays | {f"answer{i}": answer for i, answer in enumerate(self._answers)}

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how pickle and deepcopy make another that goes on from here."""
        arrays = {name: array.copy() for name, array in self._arrays().items()}
        return _resumed, (type(self), dict(self._arguments), arrays, self._tick)

    def __repr__(self) -> str:
        """Return one line."""
        return f"Online({self._name!r}, window={self._arguments['window']}, rows={self._tick})"

    def _judge(self, row: FloatVector) -> None:
        """Judge the first rows together, for one row alone may be anything."""
        rows = self._unjudged = [*(self._unjudged or ()), row]
        if len(rows) == FEWEST_ROWS_OF_CALM_AND_STORM:
            self._unjudged = None
            values = np.array(rows)
            check_returns(values, ArrayLabels((len(rows),) if self._scalar else values.shape), name="x")

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
        except ValueError:
            row = np.empty(())
        if row.shape != (self._ring.shape[1],):
            raise InvalidInputError(f"x must hold {self._ring.shape[1]} numbers, got shape {row.shape}.")
        if row.dtype.kind not in "fiu":
            raise InvalidInputError(f"x must hold numbers, nan where they are missing, got {x!r}.")
        row = row.astype(np.float64)
        self._check_range(np.fmin.reduce(row), np.fmax.reduce(row), "x")
        if self._recipe.function is None:
            check_sizes(self._name, row, "x")
        return row

    def _check_range(self, lowest: float, highest: float, name: str) -> None:
        if lowest <= -BEYOND or highest >= BEYOND:
            raise InvalidInputError(
                f"{name} must not be infinite nor 1e100 or more in size, got {lowest if lowest < 0 else highest:g}: an "
                "infinity is not a missing value, nan is one."
            )
        if lowest < -1.0 and self._compounds:
            raise InvalidInputError(f"{name} must be -1 or more to be compounded, got {lowest:g}.")


def _resumed(kind: type[Online], arguments: Any, arrays: dict[str, npt.NDArray[Any]], tick: int) -> Online:
    """Return the measure of these arguments in this state."""
    online = kind(**arguments)
    if online._keeps_all:
        online._make_room(len(arrays["ring"]) - 1, online._ring.shape[1])
    own = online._arrays()
    if set(own) != set(arrays) or any(own[name].size != arrays[name].size for name in own) or tick < 0:
        raise InvalidInputError("data must be a state of the same measure: its parts have other sizes.")
    for name, array in own.items():
        array[...] = arrays[name].astype(array.dtype).reshape(array.shape)
    online._tick = tick
    return online


def _listed(array: npt.NDArray[Any]) -> Any:
    values = array.tolist()
    return values if np.isfinite(array).all() else plain(values, name="state")
