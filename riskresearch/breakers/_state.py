"""The state of running breakers as plain data and back, and the status of each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from riskresearch.breakers._kept_time import time_of, time_state
from riskresearch.breakers._types import BreakerMetrics, BreakerStatus, Observer
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import read_saved, saved
from riskresearch.kernels.compiled import _breaker as kernel

NUMBERS = ("status", "since", "value", "begun", "peak", "last", "shadow", "shadow_peak")


class Running(Protocol):
    """What this file reads and writes of `RunningBreakers`."""

    definition: Any
    started: dict[str, Any]
    unit: str
    breakers: tuple[Any, ...]
    units: Any
    machines: list[kernel.Machine]
    observers: list[Observer]
    engine: kernel.Engine
    calendar: Any
    trips: list[int]
    bar: float
    time: Any

    def settle(self) -> None:
        """Read statuses and decision off the machines."""


def status_of(running: Running) -> tuple[BreakerMetrics, ...]:
    """Return where each breaker stands, those of units last."""
    own = tuple(
        BreakerMetrics(
            breaker.label(), breaker.code, BreakerStatus(machine.status), machine.value, breaker.limit,
            breaker.limit - machine.value, trips, machine.since,
        )
        for breaker, machine, trips in zip(running.breakers, running.machines, running.trips, strict=True)
    )  # fmt: skip
    return own + tuple(metric for unit in running.units.values() for metric in status_of(unit))


def state_of(running: Running) -> dict[str, Any]:
    """Return the definition, how it was started, and the state of `running` as strict JSON holds them."""
    start = {**running.started, "unit": running.unit} if running.unit else running.started
    return saved(running.definition.to_dict(), start, _plain(snapshot(running)), {})


def resumed(definition: Any, data: Any) -> Any:
    """Return the running breakers that `state_of` saved of the same definition."""
    start, state, _ = read_saved(definition.to_dict(), data)
    try:
        return revived_from(definition, start, start.pop("unit", ""), _as_python(state))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        if isinstance(error, InvalidInputError):
            raise
        raise InvalidInputError(
            f"state must be what to_dict returned, got one that cannot be read: {error}."
        ) from error


def revived_from(definition: Any, started: dict[str, Any], unit: str, state: Mapping[str, Any]) -> Any:
    """Return running breakers that continue from a `snapshot` independently."""
    whole = definition.restart(**started)
    running = whole.units[unit] if unit else whole
    put(running, state)
    return running


def snapshot(running: Running) -> dict[str, Any]:
    """Return all that `running` and its units carry from bar to bar, as Python holds it."""
    return {
        "bar": running.bar, "time": running.time, "calendar": running.calendar and running.calendar.state(),
        "trips": list(running.trips), "decider": running.engine.decider, "exposure": running.engine.exposure,
        "machines": [_machine_state(machine) for machine in running.machines],
        "observers": [observer.state() for observer in running.observers],
        "units": {name: snapshot(unit) for name, unit in running.units.items()},
    }  # fmt: skip


def put(running: Running, state: Mapping[str, Any]) -> None:
    """Set what `snapshot` returned."""
    running.bar, running.time, running.trips = float(state["bar"]), state["time"], list(state["trips"])
    if running.calendar is not None:
        running.calendar.restore(state["calendar"])
    for machine, own in zip(running.machines, state["machines"], strict=True):
        _restore_machine(machine, own)
    for observer, own in zip(running.observers, state["observers"], strict=True):
        observer.restore(own)
    running.engine.decider, running.engine.exposure = state["decider"], state["exposure"]
    running.settle()
    for name, unit in running.units.items():
        put(unit, state["units"][name])


def _plain(state: dict[str, Any]) -> dict[str, Any]:
    units = {name: _plain(own) for name, own in state["units"].items()}
    return {**state, "time": time_state(state["time"]), "units": units}


def _as_python(state: Mapping[str, Any]) -> dict[str, Any]:
    units = {name: _as_python(own) for name, own in state["units"].items()}
    return {**state, "time": time_of(state["time"]), "units": units}


def _machine_state(machine: kernel.Machine) -> list[Any]:
    return [[getattr(machine, name) for name in NUMBERS], [_machine_state(part) for part in machine.parts]]


def _restore_machine(machine: kernel.Machine, state: list[Any]) -> None:
    for name, number in zip(NUMBERS, state[0], strict=True):
        setattr(machine, name, number)
    for part, own in zip(machine.parts, state[1], strict=True):
        _restore_machine(part, own)
