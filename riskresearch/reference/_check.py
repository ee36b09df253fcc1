"""The reference check, which recomputes published numbers from their published inputs, and its result."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from riskresearch.core._errors import ConventionWarning
from riskresearch.core.output._tables import Block, as_html, as_text, table
from riskresearch.reference._case import Case
from riskresearch.reference._cases import all_cases

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

PASS, FAIL, DIFFERS = "pass", "FAIL", "differs on purpose"
ROUNDING = 1e-11  # relative: rounding errors of arithmetic in another order


@dataclass(frozen=True, slots=True)
class ReferenceCheck:
    """Published and recomputed numbers, the result of `reference_check`. Each field has one entry per number."""

    measure: tuple[str, ...]
    options: tuple[str, ...]
    published: tuple[float, ...]
    computed: tuple[float, ...]
    """nan where the measure raised an error, which `note` then holds."""
    tolerance: tuple[float, ...]
    """Half a unit of the last printed digit, or 1e-11 of the number if that is more, or the accuracy of the source."""
    status: tuple[str, ...]
    """"pass", "FAIL", or "differs on purpose" for a known disagreement, which counts as neither."""
    source: tuple[str, ...]
    note: tuple[str, ...]

    @property
    def difference(self) -> tuple[float, ...]:
        """Computed less published."""
        return tuple(ours - theirs for ours, theirs in zip(self.computed, self.published, strict=True))

    @property
    def passed(self) -> bool:
        """Whether no number fails."""
        return FAIL not in self.status

    def count(self, status: str) -> int:
        """Return how many numbers have a status."""
        return self.status.count(status)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per published number."""
        import pandas as pd  # noqa: PLC0415 (NumPy users may never need it)

        names = ("measure", "options", "published", "computed", "difference", "tolerance", "status", "source", "note")
        return pd.DataFrame({name: list(getattr(self, name)) for name in names})

    def summary(self) -> str:
        """Return the table and the counts as text."""
        return as_text(*self._blocks())

    def _blocks(self) -> list[Block]:
        rows = []
        for row in zip(
            self.measure, self.published, self.computed, self.difference, self.tolerance, self.status, self.options,
            self.source, self.note, strict=True,
        ):  # fmt: skip
            name, published, computed, difference, tolerance, status, options, source, note = row
            numbers = (f"{published:.12g}", f"{computed:.12g}", f"{difference:.1e}", f"{tolerance:.0e}")
            rows.append((name, *numbers, f"{status}: {'; '.join(filter(None, (options, source, note)))}"))
        return [table(["measure", "published", "computed", "difference", "tolerance", "status"], rows), self._counts()]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw how many numbers pass, fail and differ on purpose."""
        import pandas as pd  # noqa: PLC0415

        from riskresearch.plots import plot_bars  # noqa: PLC0415 (matplotlib, only when a figure is wanted)

        counts = pd.Series({status: float(self.count(status)) for status in (PASS, FAIL, DIFFERS)})
        return plot_bars(counts, label="Number of values", title="Published numbers recomputed", ax=ax)

    def __repr__(self) -> str:
        return f"ReferenceCheck({self._counts()})"

    def _repr_html_(self) -> str:
        return as_html(*self._blocks())

    def _counts(self) -> str:
        return f"{self.count(PASS)} pass, {self.count(FAIL)} fail, {self.count(DIFFERS)} differ on purpose"


def reference_check() -> ReferenceCheck:
    """Recompute published numbers from their published inputs, which travel with the package.

    Returns
    -------
    ReferenceCheck
        For each number the published and the computed value, the tolerance of the printed digits, and its
        source: PerformanceAnalytics' printed examples of Bacon's 24 months and the EDHEC indices, base R's quantiles,
        regressions and minimisations, and hand calculations. A row that differs on purpose gives the
        reason and does not count as a pass. A measure that raises an error fails its rows.

    References
    ----------
    Bacon, Practical Portfolio Performance Measurement and Attribution, 2nd ed. 2008; Peterson & Carl,
    PerformanceAnalytics for R; Hyndman & Fan, American Statistician 50, 1996.

    Examples
    --------
    >>> import riskresearch
    >>> result = riskresearch.reference_check()
    >>> result.passed, result.count("FAIL")
    (True, 0)
    """
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConventionWarning
        )  # for some cases the Cornish-Fisher expansion is not a distribution
        rows = [_row(case) for case in all_cases()]
    return ReferenceCheck(*(tuple(column) for column in zip(*rows, strict=True)))


def _row(case: Case) -> tuple[str, str, float, float, float, str, str, str]:
    note = case.differs
    try:
        computed = case.compute()
    except Exception as error:
        computed, note = math.nan, f"{type(error).__name__}: {error}"
    published = float(case.published)
    tolerance = printed_tolerance(published) if case.tolerance is None else case.tolerance
    if case.differs:
        status = DIFFERS if math.isfinite(computed) else FAIL
    else:
        status = PASS if abs(computed - published) <= tolerance else FAIL
    return case.measure, case.options, published, computed, tolerance, status, case.source, note


def printed_tolerance(published: float) -> float:
    """Return half a unit of the last digit of `published`, or the rounding error if that is more."""
    exponent = Decimal(repr(published)).normalize().as_tuple().exponent
    half_unit = 0.5 * 10.0 ** int(exponent) if published and published != round(published) else 0.0
    return max(half_unit, ROUNDING * abs(published))
