"""Cases of returns with deposits."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch.posttrade import internal_rate_of_return, modified_dietz
from riskresearch.reference._case import Case
from riskresearch.reference.posttrade import _published_flows as published


def flow_cases() -> Iterator[Case]:
    """Yield the published returns of one portfolio with one deposit."""
    yield Case("modified_dietz", "flow_at=end", published.DIETZ_RETURN, _dietz, published.DIETZ_SOURCE, 1e-9)
    yield Case("internal_rate_of_return", "per year", published.DIETZ_RATE, _rate, published.DIETZ_SOURCE, 1e-9)


def _dietz() -> float:
    import pandas as pd  # noqa: PLC0415 (the other cases need none)

    values, flows = (pd.Series(each) for each in (published.DIETZ_VALUES, published.DIETZ_FLOWS))
    values.index, flows.index = pd.to_datetime(values.index), pd.to_datetime(flows.index)
    return float(modified_dietz(values, flows, flow_at="end").total)


def _rate() -> float:
    rate = internal_rate_of_return(published.DIETZ_YEARLY).rate
    return float("nan") if rate is None else rate
