"""The running protocol: a frozen definition is started, updated one observation at a time, saved and resumed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import array_like, read_saved, saved

if TYPE_CHECKING:
    from riskresearch.core._types import State

Observed = TypeVar("Observed", contravariant=True)
Answered = TypeVar("Answered", covariant=True)


class Running(Protocol[Observed, Answered]):
    """Something that goes on from one observation to the next; `pickle` and `copy.deepcopy` work on it at any time."""

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
        return fold(data)
    if not callable(getattr(definition, "start", None)) or isinstance(definition, type):
        raise InvalidInputError(f"definition must have start(), got {definition!r}.")
    if not isinstance(data, Iterable) or isinstance(data, str | Mapping):
        raise InvalidInputError(f"data must be a sequence of observations, got {type(data).__name__}.")
    running = definition.start()
    return [running.update(observation) for observation in data]


class ArrayRunning:
    """Base of running objects that carry arrays: what follows from the definition, its start and the arrays.

    A subclass has `_definition`, the definition; `_started()`, the arguments of `definition._running`, which makes it
    before the first observation; and `_arrays()`, all that it carries, in arrays that are changed in place. `_filled`
    is called after the arrays were filled with a saved state.
    """

    __slots__ = ()
    if TYPE_CHECKING:
        _definition: Any

        def _started(self) -> dict[str, Any]: ...

        def _arrays(self) -> State: ...

    def _filled(self) -> None:
        """Go on from the arrays as they are."""

    def to_dict(self) -> dict[str, Any]:
        """Return the definition by value, the state, a version and a checksum as strict JSON, with every bit."""
        return saved(self._definition, self._started(), self._arrays())

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy or a pickle is made of: the definition and copies of the arrays."""
        arrays = {name: array.copy() for name, array in self._arrays().items()}
        return _running_with, (self._definition, self._started(), arrays)


def resume_arrays(definition: Any, state: Mapping[str, Any], *, names: tuple[str, ...]) -> Any:
    """Return the `ArrayRunning` of a definition that `to_dict` saved; `names` are the arguments of its start."""
    started, given = read_saved(definition, state)
    if set(started) != set(names):
        raise InvalidInputError(f"start must hold {', '.join(names)}, got {', '.join(started)}.")
    running = definition._running(**started)
    own = running._arrays()
    if set(own) != set(given):
        raise InvalidInputError(f"state must hold {', '.join(sorted(own))}, got {', '.join(sorted(given))}.")
    found = {name: array_like(given[name], array, name=name) for name, array in own.items()}
    for name, array in own.items():
        array[...] = found[name]
    running._filled()
    return running


def _running_with(definition: Any, started: dict[str, Any], arrays: State) -> Any:
    """Return a running object as it was copied."""
    running = definition._running(**started)
    for name, array in running._arrays().items():
        array[...] = arrays[name]
    running._filled()
    return running
