"""Cases of VaR and CVaR: by hand, by quantile definition, Student-t, and the expansions of Cornish and Fisher."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from riskresearch.reference import _published_edhec as edhec, _published_tails as tails
from riskresearch.reference._case import INTEGRAL_TOLERANCE, STUDENT_T_TOLERANCE, Case, case


def tail_cases() -> Iterator[Case]:
    """Yield the cases of historical and Student-t VaR and CVaR."""
    for (column, level), (var, cvar) in edhec.EDHEC_HISTORICAL.items():
        source = "R 4.2.2, tail.R minimises Rockafellar & Uryasev's function, EDHEC indices"
        yield from _both(edhec.EDHEC[column], var, cvar, source, level=level)
    for name, losses, level, var, cvar in tails.TAIL_BY_HAND:
        yield from _both(-np.asarray(losses, np.float64), var, cvar, f"by hand: {name}", level=level)
    for level, rows, rank, _ in tails.RANK_TRAPS:
        yield case("value_at_risk", -np.arange(1.0, rows + 1), rank, f"by hand: rank among 1..{rows}", level=level)
    for (sample, level), published in tails.QUANTILES.items():
        sampled = np.array(tails.QUANTILE_LOSSES[sample])
        for definition, value in zip(tails.NUMPY_METHODS_BY_R_TYPE, published, strict=True):
            source = "R 4.2.2, quantile(), Hyndman & Fan 1996"
            yield case("value_at_risk", -sampled, value, source, level=level, quantile=definition)
    for (column, level), (var, cvar) in tails.STUDENT_T_FIT_TAIL.items():
        source = "R 4.2.2, student_t.R (maximum likelihood by optim), EDHEC indices"
        tolerance = STUDENT_T_TOLERANCE * cvar
        yield from _both(edhec.EDHEC[column], var, cvar, source, level=level, method="student_t", tolerance=tolerance)


def _both(data: Any, var: float, cvar: float, source: str, **options: Any) -> Iterator[Case]:
    yield case("value_at_risk", data, var, source, **options)
    yield case("conditional_value_at_risk", data, cvar, source, **options)


def cornish_fisher_cases() -> Iterator[Case]:
    """Yield the cases of modified VaR and CVaR, without the floor."""
    source = "R 4.2.2, cornish_fisher.R (integral of Boudt, Peterson & Croux 2008)"
    for skewness, kurtosis, level, var, shortfall, _, _ in tails.CORNISH_FISHER:
        shape = f"level={level}, skewness={skewness}, excess kurtosis={kurtosis}"
        for name, value, part in (("modified VaR", var, 0), ("modified CVaR, no floor", shortfall, 1)):
            compute = _modified(skewness, kurtosis, level, part)
            yield Case(name, shape, value, compute, source, INTEGRAL_TOLERANCE * value)


def _modified(skewness: float, kurtosis: float, level: float, part: int) -> Callable[[], float]:
    def compute() -> float:
        from riskresearch.kernels.distributions import _parametric_tail  # noqa: PLC0415 (SciPy)

        shape = np.array([float(skewness)]), np.array([float(kurtosis)])
        quantile = _parametric_tail.cornish_fisher_quantile(1.0 - level, *shape)
        if part == 0:
            return float(-quantile[0])
        return float(-_parametric_tail.edgeworth_lower_mean(quantile, *shape)[0] / (1.0 - level))

    return compute
