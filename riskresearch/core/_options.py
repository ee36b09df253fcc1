"""Options of a session, from the environment, from assignments, or from a `with` block."""

from __future__ import annotations

import math
import numbers
import operator
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from difflib import get_close_matches
from typing import Any, Literal, cast

from riskresearch.core._errors import InvalidInputError
from riskresearch.core.importing._lazy import check_import_mode, import_mode_of_environment

Progress = Literal["auto", True, False]

_PREFIX = "RISKRESEARCH_"
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


class _Unchanged:
    def __repr__(self) -> str:
        return "<unchanged>"


_UNCHANGED: Any = _Unchanged()


def _check_threads(value: object, name: str) -> int | None:
    if value is None:
        return None
    try:
        count = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        count = 0
    if isinstance(value, bool) or count < 1:
        raise InvalidInputError(
            f"{name} must be an integer >= 1 or None (every CPU this process may use), got {value!r}."
        )
    return count


def _check_progress(value: object, name: str) -> Progress:
    if isinstance(value, bool) or (isinstance(value, str) and value == "auto"):
        return cast(Progress, value)
    raise InvalidInputError(f'{name} must be True, False or "auto" (on a terminal or in Jupyter), got {value!r}.')


def _check_periods_per_year(value: object, name: str) -> float | None:
    if value is None:
        return None
    number = float(value) if not isinstance(value, bool) and isinstance(value, numbers.Real) else math.nan
    if not 0 < number < math.inf:
        raise InvalidInputError(f"{name} must be a positive number or None (252 for undated data), got {value!r}.")
    return number


def _number(text: str) -> object:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _word(text: str) -> object:
    return _WORDS.get(text.lower(), text)


_CHECKS: dict[str, Callable[[object, str], object]] = {
    "import_mode": check_import_mode,
    "threads": _check_threads,
    "progress": _check_progress,
    "periods_per_year": _check_periods_per_year,
}
_PARSERS: dict[str, Callable[[str], object]] = {"threads": _number, "progress": _word, "periods_per_year": _number}
_DEFAULTS: dict[str, object] = {"threads": None, "progress": "auto", "periods_per_year": None}


class Options:
    """Hold the settings of riskresearch: `riskresearch.options` is the one instance.

    A value comes from the innermost `with options.context(...)` of this thread or asyncio task, else from an
    assignment, which holds for the process, else from the environment variable, read at first use, else from the
    default. An empty variable counts as unset.

    Attributes
    ----------
    import_mode : {"lazy", "eager"}
        RISKRESEARCH_IMPORT_MODE; "eager" loads every component with the package. Assigning "eager" loads them now.
    threads : int
        RISKRESEARCH_THREADS; threads of compiled loops. None, the default, reads as the CPUs this process may use.
    progress : {"auto", True, False}
        RISKRESEARCH_PROGRESS (auto, 1, 0); "auto" shows progress bars on a terminal and in Jupyter.
    periods_per_year : float or None
        RISKRESEARCH_PERIODS_PER_YEAR; the default of `periods_per_year` for undated data; None is 252.

    Raises
    ------
    InvalidInputError
        If a value breaks its rule, or the option is unknown.

    Examples
    --------
    >>> import riskresearch
    >>> with riskresearch.options.context(threads=1, periods_per_year=365):
    ...     riskresearch.options.threads, riskresearch.options.periods_per_year
    (1, 365.0)
    """

    __slots__ = ("_assigned", "_overrides")
    _assigned: dict[str, object]
    _overrides: ContextVar[Mapping[str, object] | None]

    def __init__(self) -> None:
        object.__setattr__(self, "_assigned", {})
        object.__setattr__(self, "_overrides", ContextVar("riskresearch_options", default=None))

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _CHECKS:
            close = get_close_matches(name, _CHECKS, n=1)
            hint = f" Did you mean {close[0]}?" if close else ""
            raise InvalidInputError(f"options has no option {name!r}; the options are {', '.join(_CHECKS)}.{hint}")
        object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"Options({', '.join(f'{name}={getattr(self, name)!r}' for name in _CHECKS)})"

    @property
    def import_mode(self) -> Literal["lazy", "eager"]:
        """When components are loaded: "lazy" (at first use) or "eager" (all at once)."""
        if "import_mode" not in self._assigned:
            self._assigned["import_mode"] = import_mode_of_environment()
        return cast(Literal["lazy", "eager"], self._assigned["import_mode"])

    @import_mode.setter
    def import_mode(self, value: Literal["lazy", "eager"]) -> None:
        self._assigned["import_mode"] = check_import_mode(value)
        if value == "eager":
            from riskresearch.core.importing._preload import preload  # noqa: PLC0415 - most sessions never need it

            preload()

    @property
    def threads(self) -> int:
        """Threads that compiled loops may use, at least 1; assign None for every CPU this process may use."""
        return cast(int | None, self._value("threads")) or usable_cpus()

    @threads.setter
    def threads(self, value: int | None) -> None:
        self._assigned["threads"] = _check_threads(value, "threads")

    @property
    def progress(self) -> Progress:
        """Whether progress bars are shown: "auto" (on a terminal and in Jupyter), True or False."""
        return cast(Progress, self._value("progress"))

    @progress.setter
    def progress(self, value: Progress) -> None:
        self._assigned["progress"] = _check_progress(value, "progress")

    @property
    def periods_per_year(self) -> float | None:
        """The default of `periods_per_year` for undated data; None is 252."""
        return cast(float | None, self._value("periods_per_year"))

    @periods_per_year.setter
    def periods_per_year(self, value: float | None) -> None:
        self._assigned["periods_per_year"] = _check_periods_per_year(value, "periods_per_year")

    @contextmanager
    def context(
        self,
        *,
        threads: int | None = _UNCHANGED,
        progress: Progress = _UNCHANGED,
        periods_per_year: float | None = _UNCHANGED,
    ) -> Iterator[Options]:
        """Override options inside a `with` block, for this thread or asyncio task only.

        Parameters
        ----------
        threads, progress, periods_per_year : optional
            As the attributes of the same names; what is not given stays as it is.

        Yields
        ------
        Options
            The options, with the overrides in force.

        Raises
        ------
        InvalidInputError
            If a value breaks its rule.

        Examples
        --------
        >>> import riskresearch
        >>> with riskresearch.options.context(progress=False) as options:
        ...     options.progress
        False
        """
        given = {"threads": threads, "progress": progress, "periods_per_year": periods_per_year}
        checked = {
            name: _CHECKS[name](value, name) for name, value in given.items() if not isinstance(value, _Unchanged)
        }
        token = self._overrides.set({**(self._overrides.get() or {}), **checked})
        try:
            yield self
        finally:
            self._overrides.reset(token)

    def _value(self, name: str) -> object:
        overrides = self._overrides.get() or {}
        if name in overrides:
            return overrides[name]
        if name not in self._assigned:
            self._assigned[name] = _environment_value(name)
        return self._assigned[name]


def _environment_value(name: str) -> object:
    variable = f"{_PREFIX}{name.upper()}"
    text = os.environ.get(variable, "").strip()
    return _CHECKS[name](_PARSERS[name](text), variable) if text else _DEFAULTS[name]


def usable_cpus() -> int:
    """Return how many CPUs this process may run on."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


options = Options()
