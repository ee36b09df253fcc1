"""The declaration of a measure, written once at the end of the file that defines it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from riskresearch.core._panel import Panel

SHARED_OPTIONS = ("level", "risk_free", "required_return", "periods_per_year")
"""Options that mean the same in every measure that has them; `nan_policy`, which each has, is another."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A public measure: `function(returns, *, ...)`, or `function(returns, benchmark, *, ...)`."""

    function: Callable[..., Any]
    label: str = ""
    """Its row in the table of `summary`; without one it is not there. The level is added where the measure has one."""
    percent: bool = False
    """Whether tables show it in percent."""
    takes: tuple[str, ...] = ()
    """The `SHARED_OPTIONS` of the function."""
    benchmark: bool = False
    min_rows: int = 1
    compounds: bool = False
    """Whether returns below -1 are refused."""
    needs: tuple[str, ...] = ()
    """Options without a default."""
    answer: Literal["number", "record", "path"] = "number"
    """One number per column, another result type, or numbers over time."""
    has_interval: bool = True
    """Whether a measure of one number per column has an `interval`."""

    @property
    def name(self) -> str:
        """The public name."""
        return str(self.function.__name__)

    def options(self, held: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the keyword arguments: the shared options in `held` that the measure takes, then those in `given`."""
        own = {name: held[name] for name in (*self.takes, "nan_policy") if name in held}
        return {**own, **given}

    def ask(self, returns: Panel, benchmark: Panel | None, options: Mapping[str, Any]) -> Any:
        """Return the measure of checked returns, and of the benchmark if it needs one."""
        data = (returns, benchmark) if self.benchmark else (returns,)
        return self.function(*data, **options)
