"""Tests of serial dependence, by which the method of an interval is chosen, and the warnings about it."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

from riskresearch.core._errors import DependentRowsWarning
from riskresearch.core._plausibility import warn_user
from riskresearch.core.output._formats import counted
from riskresearch.kernels.inference import _dependence

if TYPE_CHECKING:
    from riskresearch.core._types import FloatVector

Kind = Literal["value", "loss", "deviation", "moment", "path"]
"""A loss moves with the mean and a deviation does not; both depend on volatility clustering, as does a function of
third and fourth moments, which a GARCH model need not have. A path has no true value. Any other number is a value."""


class Way(IntEnum):
    """The method of the interval of one column."""

    ANALYTIC = 0
    FILTERED = 1
    BLOCKS = 2
    LONGER_BLOCKS = 3
    SINGLE_ROWS = 4


class Finding(NamedTuple):
    """Serial dependence of one column, and the method of its interval."""

    way: Way
    autocorrelation: float
    """At lag one."""
    z: float
    """z-statistic of that autocorrelation, robust to volatility clustering."""
    clusters: float
    """z-statistic of the autocorrelations of absolute deviations."""

    def autocorrelated(self, columns: int) -> bool:
        """Whether one of `columns` is significantly autocorrelated, and by enough to matter to an interval."""
        return self.z > _dependence.critical(columns) and self.autocorrelation >= _dependence.SMALL

    def clustered(self, columns: int) -> bool:
        """Whether the volatility of one of `columns` clusters without autocorrelation."""
        return self.clusters > _dependence.critical(columns) and not self.autocorrelated(columns)


NOTHING_FOUND = Finding(Way.BLOCKS, 0.0, 0.0, 0.0)


def find(values: FloatVector) -> Finding:
    """Return the serial dependence of one column; its method is not chosen yet."""
    return Finding(Way.BLOCKS, *_dependence.autocorrelation(values), _dependence.clustering(values))


def warn_of_autocorrelation(found: list[tuple[str, Finding]], *, measure: str, remedy: str) -> None:
    """Warn that the rows of some columns are autocorrelated."""
    name, worst = max(found, key=lambda pair: pair[1].z)
    warn_user(
        f"rows of {_which(found, name)} are autocorrelated, as overlapping ones are ({worst.autocorrelation:.2g} at "
        f"lag one, z = {worst.z:.3g}): the interval of {measure} {remedy}",
        DependentRowsWarning,
    )


def warn_of_clusters(found: list[tuple[str, Finding]], *, measure: str, remedy: str) -> None:
    """Warn that the volatility of some columns clusters."""
    name, worst = max(found, key=lambda pair: pair[1].clusters)
    warn_user(
        f"volatility of {_which(found, name)} clusters (z = {worst.clusters:.3g} of the autocorrelations of absolute "
        f"deviations): the interval of {measure} {remedy}",
        DependentRowsWarning,
    )


def warn_of_few_rows(rows: int, *, measure: str, fallback: str) -> None:
    """Warn that there are too few rows to see whether they depend on one another."""
    warn_user(
        f"{counted(rows, 'row')} {'is' if rows == 1 else 'are'} too few to see whether they depend on one another, "
        f"which needs {_dependence.FEWEST_ROWS}: "
        f"the interval of {measure} ({fallback}) assumes that they do not. Pass more rows.",
        DependentRowsWarning,
    )


def _which(found: list[tuple[str, Finding]], name: str) -> str:
    if len(found) == 1:
        return f"column {name!r}" if name else "returns"
    return f"{len(found)} columns, most of all {name!r},"
