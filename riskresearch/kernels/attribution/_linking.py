"""The linked effects of all rows, which sum to the difference of the compounded returns."""

import numpy as np
import numpy.typing as npt

from riskresearch.core._types import FloatVector
from riskresearch.kernels.attribution._carino import carino_factors
from riskresearch.kernels.attribution._davies_laker import davies_laker_effects
from riskresearch.kernels.attribution._geometric import compounded_shares
from riskresearch.kernels.attribution._grap import frongello_effects, grap_factors
from riskresearch.kernels.attribution._menchero import menchero_factors

FACTORS = {"carino": carino_factors, "menchero": menchero_factors, "grap": grap_factors}


def linked_effects(
    effects: npt.NDArray[np.float64], returns: FloatVector, benchmark: FloatVector, linking: str, interaction: str
) -> npt.NDArray[np.float64]:
    """Return the contribution of each row and node to the whole, shape (effects, rows, nodes).

    With "geometric" they sum to the compounded ratio of each effect, and the last effect is what is beyond their sum;
    "none" is for logarithms, which add.
    """
    if linking in FACTORS:
        return effects * FACTORS[linking](returns, benchmark)[:, None]
    if linking == "frongello":
        return frongello_effects(effects, returns, benchmark)
    if linking == "davies_laker":
        return davies_laker_effects(effects, returns, benchmark, interaction)
    return compounded_shares(effects, returns, benchmark) if linking == "geometric" else effects
