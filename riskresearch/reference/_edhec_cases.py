"""Cases of the EDHEC hedge fund indices."""

from __future__ import annotations

from collections.abc import Iterator

from riskresearch import metrics
from riskresearch.reference import _published_edhec as edhec
from riskresearch.reference._case import PA_EDHEC, R_EDHEC, TABLE_TOLERANCE, Case, case


def edhec_cases() -> Iterator[Case]:
    """Yield the cases of the EDHEC indices."""
    for column, returns in edhec.EDHEC.items():
        yield case("volatility", returns, edhec.EDHEC_SD_SAMPLE[column], PA_EDHEC, periods_per_year=1)
        yield case("skewness", returns, edhec.EDHEC_SKEWNESS_POPULATION[column], R_EDHEC)
        yield case("excess_kurtosis", returns, edhec.EDHEC_EXCESS_KURTOSIS_POPULATION[column], R_EDHEC)
        for row, table in enumerate(edhec.EDHEC_DRAWDOWNS_PA.get(column, ())):
            yield _table_row(returns, row, table[3])
    for (column, level), (linear, _, _, _, modified, shortfall) in edhec.EDHEC_PA.items():
        returns = edhec.EDHEC[column]
        if linear is not None:
            yield case("value_at_risk", returns, linear, PA_EDHEC, level=level, quantile="linear")
        yield case("value_at_risk", returns, modified, PA_EDHEC, level=level, method="cornish_fisher")
        yield case("conditional_value_at_risk", returns, shortfall, PA_EDHEC, level=level, method="cornish_fisher")


def _table_row(returns: list[float], row: int, depth: float) -> Case:
    def compute() -> float:
        return float(metrics.drawdown_table(returns, top=row + 1).depth[row])

    return Case("drawdown_table", f"depth, rank {row + 1}", depth, compute, PA_EDHEC, TABLE_TOLERANCE)
