"""The sections of the page, in their order."""

from riskresearch.report._section import Section
from riskresearch.report.sections import (
    _assets,
    _breaker,
    _contributions,
    _correlation,
    _distribution,
    _drawdowns,
    _growth,
    _headline,
    _monthly,
    _now,
    _rolling,
    _sizing,
    _stress,
    _underwater,
)

PAGE: tuple[Section, ...] = (
    _headline.SECTION,
    _now.SECTION,
    _growth.SECTION,
    _underwater.SECTION,
    _distribution.SECTION,
    _rolling.SECTION,
    _drawdowns.SECTION,
    _stress.SECTION,
    _monthly.SECTION,
    _assets.SECTION,
    _contributions.SECTION,
    _correlation.SECTION,
    _sizing.SECTION,
    _breaker.SECTION,
)
