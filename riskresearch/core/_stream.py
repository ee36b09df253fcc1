"""The running protocol: a frozen definition is started, updated one observation at a time, saved and resumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from riskresearch.core._checks import can_be_called
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import array_like, read_saved, saved
from riskresearch.core.frames._foreign import is_of_package
from riskresearch.core.frames._native import native

if TYPE_CHECKING:
    from riskresearch.core._types import State

Observed = TypeVar("Observed", contravariant=True)
Answered = TypeVar("Answered", covariant=True)


class Running(Protocol[Observed, Answered]):
    """An object that is updated by one observation after another, and can be pickled and copied at any time."""

    def update(self, observation: Observed, /) -> Answered:
        """Return the answer after one more observation; an update that raises changes no state.

        Parameters
        ----------
        observation : row, mapping or Bar
            What is known after the bar: a row of the first input, a mapping of inputs by name, or a `Bar`.
        """

    def to_dict(self) -> dict[str, Any]:
        """Return the definition by value, the state, a version and a checksum as strict JSON, with every bit."""


class Definition(Protocol):
    """A frozen set of parameters that can be started, and resumed from a saved state."""

    def start(self) -> Running[Any, Any]:
        """Return a running object that has seen no observation; some definitions need the columns or the equity."""

    def resume(self, state: Mapping[str, Any], /) -> Running[Any, Any]:
        """Return the running object that `to_dict` saved; the state of another definition is refused.

        Parameters
        ----------
        state : mapping
            What `to_dict` returned, also after JSON.
        """


def over_history(definition: Any, data: Any) -> Any:
    """Return the answers of a definition after each observation of a history.

    A definition with a compiled loop is run by it, any other one observation at a time; both give the same bits.

    Parameters
    ----------
    definition : sizer, measure, forecaster, breaker or any other definition
        What is started; a user's own needs `start` and a running object with `update`.
    data : Series, DataFrame or array, mapping of them, or sequence of observations
        Rows for a definition of rows, or all observations in the order of time.

    Returns
    -------
    same type as `data`, or list
        One answer an observation: labelled like `data` where the definition is one of rows, else a list.

    Raises
    ------
    InvalidInputError
        If `definition` cannot be started.

    Examples
    --------
    >>> from riskresearch.core import over_history
    >>> from riskresearch.sizing import FixedFractionSizer
    >>> over_history(FixedFractionSizer(fraction=0.25), [0.01, -0.02])
    array([0.25, 0.25])
    """
    fold = getattr(definition, "_over_history", None)
    if fold is not None:
        return fold(_inputs_of(definition, data))
    if not can_be_called(getattr(definition, "start", None)) or isinstance(definition, type):
        raise InvalidInputError(f"definition must have start(), got {definition!r}.")
    if not isinstance(data, Iterable) or isinstance(data, str | Mapping):
        raise InvalidInputError(f"data must be a sequence of observations, got {type(data).__name__}.")
    running = definition.start()
    return [running.update(observation) for observation in data]


def _inputs_of(definition: Any, data: Any) -> Any:
    """Return data, or a mapping of the inputs of a definition, the main one among them."""
    if is_of_package(data, "xarray"):
        return native(data, name="data")
    inputs: tuple[str, ...] = getattr(definition, "inputs", ("returns",))
    if isinstance(data, Mapping) and (inputs[0] not in data or not set(data) <= set(inputs)):
        wrong = next((name for name in data if name not in inputs), inputs[0])
        raise InvalidInputError(
            f"data must be a table, or a mapping of {', '.join(inputs)} with {inputs[0]!r} in it, got {wrong!r}. "
            "Columns side by side are pd.DataFrame(data)."
        )
    return data


class Part:
    """A running object that another one carries: it is saved by its own `to_dict`, and its definition resumes it."""

    __slots__ = ("definition", "running")

    def __init__(self, definition: Any, running: Any) -> None:
        self.definition, self.running = definition, running

    def copy(self) -> Part:
        """Return a part that goes on by itself."""
        return Part(self.definition, deepcopy(self.running))

    def saved(self, name: str) -> dict[str, Any]:
        """Return the state of the running object as strict JSON."""
        if not callable(getattr(self.running, "to_dict", None)) or not callable(
            getattr(self.definition, "resume", None)
        ):
            raise InvalidInputError(
                f"{name} must have resume(state), and what it starts to_dict(), to be saved, got {self.definition!r}. "
                "pickle and copy.deepcopy keep anything."
            )
        found: dict[str, Any] = self.running.to_dict()
        return found


class Snapshot:
    """What a running object carries, as it was before an update that may fail."""

    def __init__(self, state: State) -> None:
        self._arrays = [(each, each.copy()) for each in state.values() if not isinstance(each, Part)]
        self._parts = [each for each in state.values() if isinstance(each, Part)]
        self._running: list[Any] = []

    def take(self) -> None:
        """Keep the state as it is now."""
        for array, before in self._arrays:
            before[...] = array
        self._running = [deepcopy(part.running) for part in self._parts]

    def put_back(self) -> None:
        """Return to the state that was kept."""
        for array, before in self._arrays:
            array[...] = before
        for part, running in zip(self._parts, self._running, strict=True):
            part.running = running


class ArrayRunning:
    """Base of running objects: what follows from the definition, its start and the arrays that are carried.

    A subclass has `_definition`, the definition; `_started()`, the arguments of `definition._running`, which makes it
    before the first observation; and `_arrays()`, all that it carries: arrays that are changed in place, and a `Part`
    for each running object of someone else. `_filled` is called after they were filled with a saved state.
    """

    __slots__ = ()
    if TYPE_CHECKING:
        _definition: Any

        def _started(self) -> dict[str, Any]: ...

        def _arrays(self) -> State: ...

    def _filled(self) -> None:
        """Continue from the arrays as they are."""

    def to_dict(self) -> dict[str, Any]:
        """Return the definition by value, the state, a version and a checksum as strict JSON, with every bit."""
        arrays, parts = _apart(self._arrays())
        saved_parts = {name: part.saved(name) for name, part in parts.items()}
        return saved(self._definition, self._started(), arrays, saved_parts)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy or a pickle is made of: the definition and copies of the arrays."""
        state = {name: each.copy() for name, each in self._arrays().items()}
        return _running_with, (self._definition, self._started(), state)


def resume_arrays(definition: Any, state: Mapping[str, Any], *, names: tuple[str, ...]) -> Any:
    """Return the `ArrayRunning` of a definition that `to_dict` saved; `names` are the arguments of its start."""
    started, given, given_parts = read_saved(definition, state)
    if set(started) != set(names):
        raise InvalidInputError(f"start must hold {', '.join(names)}, got {', '.join(started)}.")
    running = definition._running(**started)
    arrays, parts = _apart(running._arrays())
    for own, theirs in ((arrays, given), (parts, given_parts)):
        if set(own) != set(theirs):
            raise InvalidInputError(f"state must hold {', '.join(sorted(own))}, got {', '.join(sorted(theirs))}.")
    found = {name: array_like(given[name], array, name=name) for name, array in arrays.items()}
    for name, part in parts.items():
        part.running = part.definition.resume(given_parts[name])
    for name, array in arrays.items():
        array[...] = found[name]
    running._filled()
    return running


def _running_with(definition: Any, started: dict[str, Any], state: State) -> Any:
    """Return a running object as it was copied."""
    running = definition._running(**started)
    arrays, parts = _apart(running._arrays())
    for name, array in arrays.items():
        array[...] = state[name]
    for name, part in parts.items():
        part.running = state[name].running
    running._filled()
    return running


def _apart(state: State) -> tuple[State, dict[str, Part]]:
    """Return the arrays of a state, and its parts."""
    parts = {name: each for name, each in state.items() if isinstance(each, Part)}
    return {name: each for name, each in state.items() if name not in parts}, parts
