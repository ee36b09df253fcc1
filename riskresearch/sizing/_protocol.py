"""What every sizer offers, and the machinery that makes a whole history and a live stream out of one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from riskresearch.core._checks import check_choice, check_count
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._panel import NAN_POLICIES, Panel, as_panel
from riskresearch.core._periods import resolve_periods_per_year
from riskresearch.metrics._arguments import same_rows

if TYPE_CHECKING:
    import numpy.typing as npt

    from riskresearch.core._types import Data, FloatMatrix, FloatVector, Holds, NanPolicy, OverTime

STATE_VERSION = 1
PLAIN = (bool, int, float, str, tuple, type(None))

State: TypeAlias = "dict[str, npt.NDArray[Any]]"
"""All that a sizer knows between two rows: arrays that are changed in place and never replaced."""

Extras: TypeAlias = "Mapping[str, npt.NDArray[np.float64]]"
"""What comes beside the returns, by name ("signals", "high", ...): one number a column, or one row for each row."""


class PositionSizer(Protocol):
    """How much to hold: for a whole history, or one row at a time with the same bits."""

    def weights(self, returns: Data) -> OverTime:
        """Return the weights decided after each row, in force from the next one on; 0 before the first decision.

        Parameters
        ----------
        returns : Series, DataFrame or array
            Simple returns per period, one column per asset.
        """

    def online(self, columns: int | Sequence[str]) -> SizerStream:
        """Return a stream of the same decisions, to be fed row by row.

        Parameters
        ----------
        columns : int or sequence of str
            How many assets, or their names.
        """


class SizerStream(Protocol):
    """A sizer that is fed one row at a time."""

    def update(self, row: Any) -> None:
        """Take in one row.

        Parameters
        ----------
        row : array of shape (columns,)
            Simple returns of the period.
        """

    def get(self) -> FloatVector:
        """Return the weights decided after the last row, in force from the next one on."""

    def to_dict(self) -> dict[str, Any]:
        """Return parameters and state as plain numbers, lists and text."""


class SizerRun(Protocol):
    """A sizer between two rows."""

    @property
    def state(self) -> State:
        """All that it knows."""

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Take in one row, where NaN is missing, and return the weights decided after it."""


class RunSizer:
    """Base of sizers: a subclass says how a run starts, and gets `online` and the means for `weights` from it.

    A subclass is a frozen dataclass with a field `nan_policy`, and `periods_per_year` if it needs them. `_history` may
    be overridden by a compiled form of the same step.
    """

    __slots__ = ()

    def _start(self, columns: int, periods: float) -> SizerRun:
        raise TypeError(f"{type(self).__name__} must say how a run starts.")

    def _start_named(self, names: tuple[str, ...], periods: float) -> SizerRun:
        """Start a run on columns of these names, for sizers whose parameters name columns."""
        return self._start(len(names), periods)

    def _history(self, values: FloatMatrix, extras: Extras, periods: float) -> FloatMatrix:
        """Return the weights after each row of `values`, by the very step of the stream."""
        run = self._start(values.shape[1], periods)
        decided = np.empty(values.shape)
        for row in range(values.shape[0]):
            decided[row] = run.step(values[row], {name: extra[row] for name, extra in extras.items()})
        return decided

    def online(self, columns: int | Sequence[str]) -> OnlineSizer:
        """Return a stream of the same decisions, to be fed row by row, with the bits of `weights`.

        Parameters
        ----------
        columns : int or sequence of str
            How many assets, or their names.
        """
        return OnlineSizer(self, columns)

    def _weights_of(
        self, data: Data, extras: Mapping[str, Data | None], *, name: str = "returns", holds: Holds = "returns"
    ) -> OverTime:
        """Check and unlabel what is given, decide, and put the labels of `data` on."""
        policy = nan_policy_of(self)
        panel = as_panel(data, name=name, holds=holds, nan_policy=policy)
        given = {
            key: extra_rows(extra, panel, name=key, nan_policy=_extra_policy(key, policy))
            for key, extra in extras.items()
            if extra is not None
        }
        periods = _periods(self, panel.dates)
        return panel.labels.over_time(self._history(np.ascontiguousarray(panel.values), given, periods))


class StepSizer(RunSizer):
    """Base of sizers that need returns alone."""

    __slots__ = ()

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


class OnlineSizer:
    """A sizer fed one row at a time, with the bits of its `weights`.

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

    def __init__(self, sizer: RunSizer, columns: int | Sequence[str]) -> None:
        if isinstance(columns, str):
            raise InvalidInputError(f"columns must be a count or a sequence of names, got {columns!r}.")
        if isinstance(columns, Sequence):
            self._names = tuple(map(str, columns))
            if not self._names or len(set(self._names)) < len(self._names):
                raise InvalidInputError(f"columns must be different names, at least one, got {columns!r}.")
        else:
            self._names = tuple(map(str, range(check_count(columns, name="columns", minimum=1))))
        self._sizer = sizer
        self._omits = nan_policy_of(sizer) == "omit"
        self._run = sizer._start_named(self._names, _periods(sizer, None))
        self._weights, self._rows = np.zeros(len(self._names)), 0

    def update(
        self,
        row: Any,
        *,
        signals: Any = None,
        high: Any = None,
        low: Any = None,
        stops: Any = None,
        forecasts: Any = None,
    ) -> None:
        """Take in one row.

        Parameters
        ----------
        row : array of shape (columns,)
            What `weights` takes first: simple returns of the period, or prices.
        signals, high, low, stops, forecasts : array of shape (columns,), optional
            What `weights` takes beside them, each under its name.
        """
        given = {"signals": signals, "high": high, "low": low, "stops": stops, "forecasts": forecasts}
        extras = {name: self._numbers(extra, name=name) for name, extra in given.items() if extra is not None}
        numbers = self._numbers(row, name="row")
        self._weights[...] = self._run.step(numbers, extras)
        self._rows += 1

    def get(self) -> FloatVector:
        """Return the weights decided after the last row, in force from the next one on; 0 before the first."""
        return self._weights.copy()

    def to_dict(self) -> dict[str, Any]:
        """Return parameters and state as plain numbers, lists and text; JSON keeps every bit."""
        state = {name: array.tolist() for name, array in self._run.state.items()}
        return {
            "version": STATE_VERSION, "sizer": type(self._sizer).__name__, "parameters": _parameters(self._sizer),
            "columns": list(self._names), "rows": self._rows, "weights": self._weights.tolist(), "state": state,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, data: dict[str, Any], sizer: RunSizer) -> OnlineSizer:
        """Return the stream that `to_dict` described, to be fed further.

        Parameters
        ----------
        data : dict
            What `to_dict` returned.
        sizer : PositionSizer
            The sizer of the stream, with the same parameters.
        """
        if data.get("version") != STATE_VERSION:
            raise InvalidInputError(f"version must be {STATE_VERSION}, got {data.get('version')!r}.")
        ours = {"sizer": type(sizer).__name__, **_parameters(sizer)}
        theirs = {"sizer": data["sizer"], **data["parameters"]}
        different = [name for name in {**ours, **theirs} if ours.get(name) != theirs.get(name)]
        if different:
            name = different[0]
            raise InvalidInputError(
                f"sizer must have the parameters of the stream, got {name}={ours.get(name)!r} where the stream has "
                f"{theirs.get(name)!r}."
            )
        stream = cls(sizer, tuple(data["columns"]))
        arrays = stream._run.state
        if set(arrays) != set(data["state"]):
            raise InvalidInputError(f"state must hold {', '.join(sorted(arrays))}, got {sorted(data['state'])}.")
        for name, array in arrays.items():
            array[...] = np.asarray(data["state"][name], dtype=array.dtype).reshape(array.shape)
        stream._weights[...] = data["weights"]
        stream._rows = int(data["rows"])
        return stream

    def __repr__(self) -> str:
        """Return one line."""
        return f"OnlineSizer({type(self._sizer).__name__}, columns={len(self._names)}, rows={self._rows})"

    def _numbers(self, given: Any, *, name: str) -> FloatVector:
        """Return one number for each column; a mapping or Series must have the columns' names, in any order."""
        found = given
        if hasattr(given, "keys") and not isinstance(given, np.ndarray):
            named = {str(key): value for key, value in dict(given).items()}
            different = sorted(set(named) ^ set(self._names))
            if different or len(named) != len(self._names):
                raise InvalidInputError(f"{name} must name the columns of the stream, but {different[:1]} differ.")
            found = [named[each] for each in self._names]
        try:
            numbers = np.array(found, dtype=np.float64)
        except (TypeError, ValueError):
            numbers = np.empty(0)
        if numbers.shape != (len(self._names),):
            raise InvalidInputError(f"{name} must hold {len(self._names)} numbers, got {given!r}.")
        if np.isinf(numbers).any():
            raise InvalidInputError(f"{name} must not be infinite: an infinity is not a missing value.")
        policy = _extra_policy(name, "omit" if self._omits else "raise")
        if policy == "raise" and np.isnan(numbers).any():
            first = self._names[int(np.isnan(numbers).argmax())]
            raise InvalidInputError(
                f'{name} must be finite, got nan in column {first!r}. Sizers with nan_policy="omit" take missing '
                "returns and prices, no missing signals."
            )
        if name == "signals":
            _check_signals(numbers[None, :])
        return numbers


class WindowRun:
    """A run that solves for weights on the last `window` rows every `rebalance_every` rows and holds them between.

    `solve` gets rows in the order of time, shape (window, columns), C-contiguous. The first solution comes after row
    number `window`; weights are 0 until then. Missing values are handed on as they are.
    """

    def __init__(
        self, columns: int, *, window: int, rebalance_every: int, solve: Callable[[FloatMatrix], FloatVector]
    ) -> None:
        self._window, self._every, self._solve = window, rebalance_every, solve
        self._ring, self._tick, self._held = np.full((window, columns), np.nan), np.zeros(1), np.zeros(columns)

    @property
    def state(self) -> State:
        """The ring of the last rows, the number of rows so far, and the weights held."""
        return {"ring": self._ring, "tick": self._tick, "held": self._held}

    def step(self, row: FloatVector, extras: Extras) -> FloatVector:
        """Take in one row and return the weights decided after it."""
        tick = int(self._tick[0])
        place = tick % self._window
        self._ring[place] = row
        self._tick[0] = tick + 1
        filled = tick + 1 - self._window
        if filled >= 0 and filled % self._every == 0:
            self._held[...] = self._solve(np.concatenate([self._ring[place + 1 :], self._ring[: place + 1]]))
        return self._held


def nan_policy_of(sizer: RunSizer) -> NanPolicy:
    """Return the checked policy of a sizer, "raise" if it has none."""
    policy: str = getattr(sizer, "nan_policy", "raise")
    return "omit" if check_choice(policy, NAN_POLICIES, name="nan_policy") == "omit" else "raise"


def _parameters(sizer: RunSizer) -> dict[str, Any]:
    """Return the plain parameters of a sizer, and the names of the classes of the others."""
    fields = getattr(sizer, "__dataclass_fields__", {})
    return {name: _plain(getattr(sizer, name)) for name in fields}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        return {"class": type(value).__name__, **_parameters(value)}
    return value if isinstance(value, PLAIN) else type(value).__name__


def _periods(sizer: RunSizer, dates: npt.NDArray[np.datetime64] | None) -> float:
    """Return the periods per year of a sizer that has them, else 1."""
    fields = getattr(sizer, "__dataclass_fields__", {})
    if "periods_per_year" not in fields:
        return 1.0
    return resolve_periods_per_year(getattr(sizer, "periods_per_year", None), dates)


def _extra_policy(name: str, policy: NanPolicy) -> NanPolicy:
    """Return whether something beside the returns may be missing: signals never, forecasts always, else as returns."""
    if name == "signals":
        return "raise"
    return "omit" if name == "forecasts" else policy


def extra_rows(given: Data, panel: Panel, *, name: str, nan_policy: NanPolicy) -> FloatMatrix:
    """Return what comes beside the returns, over their very rows and columns."""
    other = same_rows(given, panel, name=name, holds="numbers", nan_policy=nan_policy)
    if other.values.shape != panel.values.shape:
        raise InvalidInputError(
            f"{name} must have the shape of {panel.name}, got {other.values.shape} and {panel.values.shape}."
        )
    ours, theirs = panel.labels.columns, other.labels.columns
    if len(ours) > 1 and theirs and ours != theirs:
        first = next(pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1])
        raise InvalidInputError(
            f"{name} must have the columns of {panel.name} in the same order, got {first[1]!r} where {panel.name} has "
            f"{first[0]!r}."
        )
    if name == "signals":
        _check_signals(other.values)
    return np.ascontiguousarray(other.values)


def _check_signals(values: FloatMatrix) -> None:
    beyond = np.abs(values) > 1.0
    if beyond.any():
        raise InvalidInputError(
            f"signals must be in [-1, 1], got {values[beyond][0]:g}: short is -1, flat 0, long 1. Divide forecasts by "
            "the largest that they can reach."
        )
