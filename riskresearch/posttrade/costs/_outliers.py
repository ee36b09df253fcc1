"""Orders that cost much more or less than others of their group."""

from __future__ import annotations

import numpy as np
import pandas as pd

NORMAL = 0.6744897501960817
"""Median absolute deviation of a standard normal number."""
VERDICTS = ("ordinary", "outlier", "too few to say", "no spread", "not known")


def robust_outliers(costs: pd.Series, group: pd.Series | None, *, threshold: float, fewest: int) -> pd.DataFrame:
    """Return group, cost, robust z and verdict of each order."""
    key = pd.Series("all", index=costs.index, name="group") if group is None else group.rename("group")
    grouped = costs.groupby(key, dropna=False)
    median, size = grouped.transform("median"), grouped.transform("count")
    away = costs - median
    spread = away.abs().groupby(key, dropna=False).transform("median")
    enough, varied = size >= fewest, spread > 0.0
    z = (NORMAL * away / spread.where(varied)).where(enough)
    verdict = np.select(
        [costs.isna(), ~enough, ~varied, z.abs() > threshold],
        ["not known", "too few to say", "no spread", "outlier"],
        "ordinary",
    )
    return pd.DataFrame({"group": key, "bps": costs, "median": median, "z": z, "verdict": verdict}, index=costs.index)
