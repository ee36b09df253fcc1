"""Davies and Laker's (2001) exact effects: differences of compounded notional funds."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels.attribution._grap import grap_factors


def davies_laker_effects(
    effects: npt.NDArray[np.float64], returns: FloatVector, benchmark: FloatVector, interaction: str
) -> npt.NDArray[np.float64]:
    """Return the linked effects, shape (effects, rows, nodes).

    The allocation fund earns the benchmark's return plus the allocation of a row, the selection fund that plus the
    selection. Their compounded excess is that of `grap_factors` for the fund, so that rows and nodes sum to it.
    Interaction is the rest, or stands with the effect whose fund comes second, as `interaction` says.
    """
    sums = effects.sum(axis=2)
    allocated, selected = benchmark + sums[0], benchmark + sums[1]
    whole = grap_factors(returns, benchmark)[:, None]
    linked = np.empty(effects.shape)
    if interaction == "own":
        linked[0] = effects[0] * grap_factors(allocated, benchmark)[:, None]
        linked[1] = effects[1] * grap_factors(selected, benchmark)[:, None]
        linked[2] = effects[:3].sum(axis=0) * whole - linked[0] - linked[1]
    else:
        first = 0 if interaction == "selection" else 1
        fund = allocated if first == 0 else selected
        linked[first] = effects[first] * grap_factors(fund, benchmark)[:, None]
        linked[1 - first] = effects[:2].sum(axis=0) * whole - linked[first]
    others = slice(3 if interaction == "own" else 2, None)
    linked[others] = effects[others] * whole
    return linked
