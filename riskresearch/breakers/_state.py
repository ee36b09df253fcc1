"""The state of running breakers as plain data and back, and where each stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any, Protocol

from riskresearch.breakers._kept_time import time_of, time_state
from riskresearch.breakers._types import BreakerMetrics, BreakerStatus, Observer
from riskresearch.core._errors import InvalidInputError
from riskresearch.core._saved_state import check_seal, check_version, plain, revived, sealed
from riskresearch.kernels.compiled import _breaker as kernel


class Running(Protocol):
    """What this file reads and writes of `Running`."""

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


STATE_VERSION = 3
OTHERS = "state must be that of the same breakers with the same parameters; start other breakers from the beginning."
NUMBERS = ("status", "since", "value", "begun", "peak", "last", "shadow", "shadow_peak")


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
    """Return the state of `running` as strict JSON holds it."""
    held = snapshot(running)
    return sealed(
        {
            "version": STATE_VERSION, "breakers": _definitions(running.breakers), **held,
            "time": time_state(running.time),
            "machines": plain(held["machines"], name="machines"),
            "observers": plain(held["observers"], name="the state of a step"),
            "units": {name: state_of(unit) for name, unit in running.units.items()},
        }
    )  # fmt: skip


def restore(running: Running, data: Mapping[str, Any]) -> None:
    """Set the state that `state_of` returned for the same breakers."""
    for part, held in list(_read(running, data)):
        put(part, held)


def snapshot(running: Running) -> dict[str, Any]:
    """Return all that `running` carries from bar to bar but its units, as Python holds it."""
    return {
        "bar": running.bar, "time": running.time, "calendar": running.calendar and running.calendar.state(),
        "trips": list(running.trips), "decider": running.engine.decider, "exposure": running.engine.exposure,
        "machines": [_machine_state(machine) for machine in running.machines],
        "observers": [observer.state() for observer in running.observers],
    }  # fmt: skip


def put(running: Running, held: Mapping[str, Any]) -> None:
    """Set what `snapshot` returned."""
    running.bar, running.time, running.trips = float(held["bar"]), held["time"], list(held["trips"])
    if running.calendar is not None:
        running.calendar.restore(held["calendar"])
    for machine, state in zip(running.machines, held["machines"], strict=True):
        _restore_machine(machine, state)
    for observer, state in zip(running.observers, held["observers"], strict=True):
        observer.restore(state)
    running.engine.decider, running.engine.exposure = held["decider"], held["exposure"]
    running.settle()


def _definitions(breakers: tuple[Any, ...]) -> list[Any]:
    return [plain(breaker.to_dict(), name=f"breaker {breaker.label()!r}") for breaker in breakers]


def _read(running: Running, data: Any) -> Iterator[tuple[Running, dict[str, Any]]]:
    """Return the states of `running` and its units, once they are known to be whole."""
    check_seal(data)
    try:
        held = {name: data[name] for name in ("bar", "calendar", "trips", "decider", "exposure")}
        held |= {name: revived(data[name]) for name in ("machines", "observers")}
        held["time"] = time_of(data["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInputError(f"data must be a state as to_dict returned it, got one without {error}.") from error
    yield running, held
    for name, unit in running.units.items():
        yield from _read(unit, data["units"][name])


def find_breakers(
    groups: Iterable[tuple[Any, ...]], of_units: Iterable[tuple[Any, ...]], data: Any
) -> tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]]:
    """Return which of `groups` the state `data` is of, and which of `of_units` each of its units."""
    check_version(data, version=STATE_VERSION)
    chosen, units = _find(groups, data), data.get("units")
    if not isinstance(units, Mapping):
        raise InvalidInputError(OTHERS)
    for own in units.values():
        check_version(own, version=STATE_VERSION)
    return chosen, {str(name): _find(of_units, own) for name, own in units.items()}


def _find(groups: Iterable[tuple[Any, ...]], data: Mapping[str, Any]) -> tuple[Any, ...]:
    wanted = _canonical(data.get("breakers"))
    for group in groups:
        if _canonical(_definitions(group)) == wanted:
            return group
    raise InvalidInputError(OTHERS)


def _canonical(definitions: Any) -> Any:
    """Return definitions such that 1 and True, and text and numbers, differ."""
    return json.dumps(definitions, sort_keys=True, default=repr)


def _machine_state(machine: kernel.Machine) -> list[Any]:
    return [[getattr(machine, name) for name in NUMBERS], [_machine_state(part) for part in machine.parts]]


def _restore_machine(machine: kernel.Machine, state: list[Any]) -> None:
    for name, number in zip(NUMBERS, state[0], strict=True):
        setattr(machine, name, number)
    for part, own in zip(machine.parts, state[1], strict=True):
        _restore_machine(part, own)


def revived_from(kind: Any, breakers: tuple[Any, ...], unit: str, units: Mapping[str, Any], held: Any) -> Any:
    """Return running breakers that go on from a `snapshot` by themselves: shared units would be disturbed."""
    running = kind(breakers, unit=unit, units=deepcopy(dict(units)))
    put(running, held)
    return running
