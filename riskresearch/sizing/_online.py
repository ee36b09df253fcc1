"""A sizer fed one row at a time: an update is all or nothing, and the state is strict JSON that carries the sizer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from riskresearch.core._calendar_periods import PERIODS, period_numbers, read_moment
from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.sizing._cap_reasons import names_of
from riskresearch.sizing._rows import nan_policy_of, periods_of, row_numbers
from riskresearch.sizing._state import class_name, digest, parameters_of, read_array, written

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import FloatVector

STATE_VERSION = 2
PARTS = ("version", "sizer", "parameters", "columns", "rows", "weights", "state", "checksum")
NO_INSTANT = np.iinfo(np.int64).min


class Definition(Protocol):
    """What a stream needs of a sizer."""

    def _begin(self, names: tuple[str, ...], periods: float) -> Any: ...


class OnlineSizer:
    """A sizer fed one row at a time, with the bits of its `weights`.

    An update that raises changes nothing. A stream can be copied and pickled at any row and goes on with the same bits.

    Parameters
    ----------
    sizer : PositionSizer
        The sizer.
    columns : int or sequence of str
        How many assets, or their names.

    Examples
    --------
    >>> import riskresearch
    >>> stream = riskresearch.sizing.FixedFractionSizer(fraction=0.25).online(("A", "B"))
    >>> stream.update([0.01, -0.02])
    >>> stream.get()
    array([0.25, 0.25])
    """

    def __init__(self, sizer: Definition, columns: int | Sequence[str]) -> None:
        if isinstance(columns, str):
            raise InvalidInputError(f"columns must be a count or a sequence of names, got {columns!r}.")
        if isinstance(columns, Sequence):
            names = tuple(map(str, columns))
            if not names or len(set(names)) < len(names):
                raise InvalidInputError(f"columns must be different names, at least one, got {columns!r}.")
        else:
            names = tuple(map(str, range(check_count(columns, name="columns", minimum=1))))
        self._start(sizer, names, periods_of(sizer, None))

    def _start(self, sizer: Definition, names: tuple[str, ...], periods: float) -> None:
        """Begin before the first row."""
        self._sizer, self._names = sizer, names
        self._omits, self._period_name = nan_policy_of(sizer) == "omit", getattr(sizer, "rebalance", None)
        self._run = sizer._begin(names, periods)
        self._weights, self._rows = np.zeros(len(names)), 0
        self._clock = np.array([NO_INSTANT, 0], dtype=np.int64)
        own = {"stream.clock": self._clock, "stream.periods": np.array([periods])}
        self._state: dict[str, npt.NDArray[Any]] = {**own, **self._run.state}
        self._before = {name: array.copy() for name, array in self._state.items()}

    def update(
        self,
        row: Any,
        *,
        signals: Any = None,
        high: Any = None,
        low: Any = None,
        stops: Any = None,
        forecasts: Any = None,
        time: Any = None,
    ) -> None:
        """Go on by one row; if it is refused, or a solver fails, nothing changes.

        Parameters
        ----------
        row : array of shape (columns,)
            What `weights` takes first: simple returns of the period, or prices.
        signals, high, low, stops, forecasts : array of shape (columns,), optional
            What `weights` takes beside them, each under its name.
        time : datetime, date or datetime64, optional
            When the row ended, after the one before; needed with `rebalance`, whose periods are those of its clock.
        """
        given = {"signals": signals, "high": high, "low": low, "stops": stops, "forecasts": forecasts}
        extras = {
            name: row_numbers(extra, self._names, name=name, omits=self._omits)
            for name, extra in given.items()
            if extra is not None
        }
        numbers = row_numbers(row, self._names, name="row", omits=self._omits)
        period, clock = self._read_time(time)
        for name, array in self._state.items():
            np.copyto(self._before[name], array)
        try:
            if self._period_name is None:
                decided = self._run.step(numbers, extras)
            else:
                decided = self._run.step_in(period, numbers, extras)
        except BaseException:
            for name, array in self._state.items():
                np.copyto(array, self._before[name])
            raise
        self._weights[...] = decided
        self._clock[...] = clock
        self._rows += 1

    def _read_time(self, time: Any) -> tuple[int, npt.NDArray[np.int64]]:
        """Return the number of the period of a row, and the clock after it."""
        if time is None:
            if self._period_name is not None:
                raise InvalidInputError(f"time must be given with rebalance={self._period_name!r}, got None.")
            return 0, self._clock
        shown, instant, aware = read_moment(time, name="time")
        last, was_aware = int(self._clock[0]), bool(self._clock[1])
        if last != NO_INSTANT and aware != was_aware:
            raise InvalidInputError(f"time must have a time zone on all rows or on none, got {time!r}.")
        if instant <= last:
            raise InvalidInputError(f"time must be later than that of the row before, got {time!r}.")
        clock = np.array([instant, int(aware)], dtype=np.int64)
        if self._period_name is None:
            return 0, clock
        period = check_choice(self._period_name, PERIODS, name="rebalance")
        return int(period_numbers(np.array([shown]), period, name="rebalance", data="row")[0]), clock

    def get(self) -> FloatVector:
        """Return the weights decided after the last row, in force from the next one on; 0 before the first."""
        return self._weights.copy()

    def reasons(self) -> tuple[str, ...]:
        """Return for each column the names of the caps that bind the weight, joined by plus signs; "" where none."""
        return tuple(names_of(int(reason)) for reason in self._run.notes.reasons)

    def to_dict(self) -> dict[str, Any]:
        """Return parameters and state as strict JSON, in which nan is null; it keeps every bit."""
        return {
            "version": STATE_VERSION, "sizer": class_name(self._sizer), "parameters": parameters_of(self._sizer),
            "columns": list(self._names), "rows": self._rows, "weights": self._weights.tolist(),
            "state": {name: written(array) for name, array in self._state.items()}, "checksum": self._checksum(),
        }  # fmt: skip

    def _checksum(self) -> str:
        return digest((self._names, self._rows), {**self._state, "stream.weights": self._weights})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], sizer: Definition) -> OnlineSizer:
        """Return the stream that `to_dict` described, to be fed further.

        Parameters
        ----------
        data : mapping
            What `to_dict` returned; a state that is damaged, older, or of another sizer is refused.
        sizer : PositionSizer
            The sizer of the stream, with the same parameters.
        """
        _check_parts(data)
        _check_sizer(data, sizer)
        names, rows = data["columns"], data["rows"]
        if not isinstance(names, list | tuple) or not names or not all(isinstance(name, str) for name in names):
            raise InvalidInputError(f"columns must be a list of names, got {names!r}. The state is damaged.")
        stream = cls(sizer, names)
        given = data["state"]
        if not isinstance(given, Mapping) or set(stream._state) != set(given):
            found = sorted(given) if isinstance(given, Mapping) else type(given).__name__
            raise InvalidInputError(f"state must hold {', '.join(sorted(stream._state))}, got {found}.")
        periods = read_array(given["stream.periods"], np.zeros(1), name="stream.periods")
        if not 0.0 < periods[0] < np.inf:
            raise InvalidInputError(f"stream.periods must be positive, got {periods[0]}. The state is damaged.")
        stream._start(sizer, stream._names, float(periods[0]))
        arrays = {name: read_array(given[name], array, name=name) for name, array in stream._state.items()}
        weights = read_array(data["weights"], stream._weights, name="weights")
        stream._fill(arrays, weights, check_count(rows, name="rows", minimum=0))
        if data["checksum"] != stream._checksum():
            raise InvalidInputError(
                f"checksum must be {stream._checksum()[:12]}..., got {str(data['checksum'])[:12]!r}: the state was "
                "changed after it was written."
            )
        return stream

    def _fill(self, arrays: Mapping[str, npt.NDArray[Any]], weights: FloatVector, rows: int) -> None:
        for name, array in self._state.items():
            array[...] = arrays[name]
        self._weights[...], self._rows = weights, rows

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy or a pickle is made of: the sizer and copies of its state."""
        arrays = {name: array.copy() for name, array in self._state.items()}
        return _restored, (type(self), self._sizer, self._names, arrays, self._weights.copy(), self._rows)

    def __repr__(self) -> str:
        """Return one line."""
        return f"OnlineSizer({type(self._sizer).__name__}, columns={len(self._names)}, rows={self._rows})"


def _restored(
    kind: type[OnlineSizer],
    sizer: Definition,
    names: tuple[str, ...],
    arrays: Mapping[str, npt.NDArray[Any]],
    weights: FloatVector,
    rows: int,
) -> OnlineSizer:
    """Return a stream as it was copied."""
    stream = kind.__new__(kind)
    stream._start(sizer, names, float(arrays["stream.periods"][0]))
    stream._fill(arrays, weights, rows)
    return stream


def _check_parts(data: object) -> None:
    """Require a mapping of this version with the parts of a state."""
    if not isinstance(data, Mapping):
        raise InvalidInputError(f"data must be what to_dict returned, got {type(data).__name__}.")
    if data.get("version") != STATE_VERSION or isinstance(data.get("version"), bool):
        raise InvalidInputError(f"version must be {STATE_VERSION}, got {data.get('version')!r}.")
    missing = [part for part in PARTS if part not in data]
    if missing or len(data) > len(PARTS):
        raise InvalidInputError(f"data must hold {', '.join(PARTS)}, got {', '.join(map(str, data))}.")


def _check_sizer(data: Mapping[str, Any], sizer: Definition) -> None:
    """Require the class and, by value, the parameters of the sizer that wrote the state."""
    if not isinstance(data["parameters"], Mapping):
        raise InvalidInputError(f"parameters must be a mapping, got {type(data['parameters']).__name__}.")
    ours = {"sizer": class_name(sizer), **parameters_of(sizer)}
    theirs = {"sizer": data["sizer"], **data["parameters"]}
    absent = object()
    different = [name for name in {**ours, **theirs} if ours.get(name, absent) != theirs.get(name, absent)]
    if different:
        name = different[0]
        raise InvalidInputError(
            f"sizer must have the parameters of the stream, got {name}={ours.get(name)!r} where the stream has "
            f"{theirs.get(name)!r}."
        )
