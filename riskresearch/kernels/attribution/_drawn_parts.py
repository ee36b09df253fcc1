"""Sums by group of risk components in each draw of a bootstrap of rows."""

from collections.abc import Sequence

import numpy as np

from riskresearch.core._types import FloatMatrix, FloatVector
from riskresearch.kernels._contributions import Coefficients, marginal_contributions
from riskresearch.kernels.compiled._resample import draw_rows
from riskresearch.kernels.inference._bootstrap import DRAWS_PER_KEY, Plan


def drawn_components(
    values: FloatMatrix, weights: FloatVector, risks: Sequence[Coefficients], members: FloatMatrix, plan: Plan
) -> FloatMatrix:
    """Return the Euler components of each risk by group, (draws, risks, groups); `members` is (assets, groups)."""
    result = np.empty((plan.draws, len(risks), members.shape[1]))
    series = values @ weights
    for number, key in enumerate(plan.keys):
        first = number * DRAWS_PER_KEY
        places = draw_rows(values.shape[0], min(DRAWS_PER_KEY, plan.draws - first), key, plan.pieces)
        for draw, rows in enumerate(places, first):
            own, drawn = values[rows], series[rows]
            for place, risk in enumerate(risks):
                result[draw, place] = (weights * marginal_contributions(own, risk(drawn))) @ members
    return result
