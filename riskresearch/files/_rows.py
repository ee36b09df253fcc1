"""How the rows of a file follow one another: how many make a year, and which are missing."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from riskresearch.core import InvalidInputError, find_gaps
from riskresearch.core.dates._spacing import read_spacing
from riskresearch.files._grid import Step

FEWEST_ROWS = 3


def row_steps(values: pd.DataFrame, *, are_prices: bool) -> tuple[Step, ...]:
    """Return what the dates of values show; rows without any value count as missing."""
    if len(values) < FEWEST_ROWS:
        return ()
    index = pd.DatetimeIndex(values.index)
    try:
        spacing = read_spacing(index.tz_localize(None).to_numpy())
        if spacing is None:
            return ()
        present = _rows_with_a_value(values.to_numpy(dtype=np.float64))
        gaps = find_gaps(pd.Series(0.0, index=index[present]))
        if gaps.missing:
            gaps = find_gaps(values, kind="prices" if are_prices else "returns")
    except InvalidInputError as error:
        return (Step("rows", "of no regular calendar", str(error).partition(":")[0]),)
    return (Step("rows", f"{spacing.periods:,g} a year", spacing.seen), Step("gaps", gaps.words()))


def _rows_with_a_value(numbers: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Return the rows that are not missing in every column; usually the first column has them all."""
    missing = np.asarray(np.isnan(numbers[:, 0]))
    if missing.any():
        missing = np.asarray(np.isnan(numbers).all(axis=1))
    return np.flatnonzero(~missing)
