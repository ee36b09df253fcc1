"""What each first use cost: wall time, memory and modules, charged to the component whose use triggered the import."""

import os
import sys
import time
from _thread import _local, allocate_lock

ROOT = "riskresearch"
COLUMNS = ("component", "name", "ms", "mb", "modules", "third_party")

_MB = 1_000_000
_recorded: list[tuple[str, str, float, float, int, str]] = []
_claimed: set[str] = set()
_lock = allocate_lock()
_innermost = _local()


def resident_mb() -> float:
    """Return the memory this process holds in MB; its peak where there is no /proc, nan where neither is known."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MB
    except OSError:
        pass
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return float("nan")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MB if sys.platform == "darwin" else peak * 1024 / _MB


class Recording:
    """Record what is imported inside the block, less what recordings nested in it on the same thread record."""

    __slots__ = ("_before", "_mb", "_name", "_nested_mb", "_nested_seconds", "_outer", "_package", "_started")

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name

    def __enter__(self) -> None:
        self._outer: Recording | None = getattr(_innermost, "recording", None)
        _innermost.recording = self
        self._nested_seconds = 0.0
        self._nested_mb = 0.0
        self._before = frozenset(sys.modules) if self._name != ROOT else _foreign_modules()
        self._mb = resident_mb()
        self._started = time.perf_counter()

    def __exit__(self, *error: object) -> None:
        seconds = time.perf_counter() - self._started
        mb = resident_mb() - self._mb
        _innermost.recording = self._outer
        with _lock:
            new = [name for name in list(sys.modules) if name not in self._before and name not in _claimed]
            _claimed.update(new)
        if not new:
            return
        if self._outer is not None:
            self._outer._nested_seconds += seconds
            self._outer._nested_mb += mb
        own_ms = 1e3 * (seconds - self._nested_seconds)
        own_mb = mb - self._nested_mb
        component = _component(self._package, self._name, new)
        _recorded.append((component, self._name, own_ms, own_mb, len(new), ", ".join(_third_party(new))))


def _foreign_modules() -> frozenset[str]:
    return frozenset(name for name in sys.modules if name.partition(".")[0] != ROOT)


def _component(package: str, name: str, new: list[str]) -> str:
    root, _, inside = package.partition(".")
    if not inside and name != root:
        inside = next((module.partition(".")[2] for module in new if module.startswith(f"{root}.")), "")
    return inside.partition(".")[0] or root


def _third_party(new: list[str]) -> list[str]:
    return [
        name
        for name in new
        if not name.startswith("_")
        and "." not in name
        and name not in sys.stdlib_module_names
        and name != ROOT
        and getattr(sys.modules.get(name), "__spec__", None) is not None
    ]


def records() -> list[tuple[str, str, float, float, int, str]]:
    """Return a copy of the records so far, oldest first, with the fields of `COLUMNS`."""
    return _recorded.copy()


def forget(modules: set[str]) -> None:
    """Let the next import of `modules` be recorded again."""
    with _lock:
        _claimed.difference_update(modules)


# `import riskresearch` runs this line first and ends with `attach`; our modules that are loaded by then belong to it.
import_of_the_package = Recording(ROOT, ROOT)
import_of_the_package.__enter__()
