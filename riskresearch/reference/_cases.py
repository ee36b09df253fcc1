"""Every case that `reference_check` recomputes, in the order of its rows."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.reference._bacon_cases import bacon_cases
from riskresearch.reference._case import Case
from riskresearch.reference._differing_cases import differing_cases
from riskresearch.reference._drawdown_cases import drawdown_cases
from riskresearch.reference._edhec_cases import edhec_cases
from riskresearch.reference._empyrical_cases import empyrical_cases
from riskresearch.reference._field_cases import field_cases
from riskresearch.reference._relative_cases import relative_cases
from riskresearch.reference._sharpe_cases import sharpe_cases
from riskresearch.reference._tail_cases import cornish_fisher_cases, tail_cases
from riskresearch.reference.posttrade._attribution_cases import attribution_cases
from riskresearch.reference.posttrade._flow_cases import flow_cases
from riskresearch.reference.posttrade._impact_cases import impact_cases
from riskresearch.reference.posttrade._shortfall_cases import shortfall_cases


def all_cases() -> Iterator[Case]:
    """Yield every case, those that differ on purpose last."""
    yield from bacon_cases()
    yield from relative_cases()
    yield from edhec_cases()
    yield from tail_cases()
    yield from cornish_fisher_cases()
    yield from sharpe_cases()
    yield from drawdown_cases()
    yield from field_cases()
    yield from empyrical_cases()
    yield from shortfall_cases()
    yield from flow_cases()
    yield from impact_cases()
    yield from attribution_cases()
    yield from differing_cases()
