"""Brinson-Fachler with Cariño against perfattr: its prepare and attribute against `brinson`."""

from functools import partial

import numpy as np
import pandas as pd

from benchmarks.compare import Case
from benchmarks.peers import peer
from riskresearch.posttrade import brinson

DAYS, NAMES = 2_500, 50
TARGET = 0.1


def attribution_cases() -> list[Case]:
    """Return 2,500 days of 50 names, each a group of its own on both sides, if perfattr is installed."""
    perfattr = peer("perfattr")
    if perfattr is None:
        return []
    weights, others, returns, rivals = tables()
    own, other = long_table(weights, returns), long_table(others, rivals)
    ours = partial(brinson, weights, others, returns, benchmark_returns=rivals)

    def theirs() -> object:
        prepared = perfattr.prepare_attribution(own, other)
        return perfattr.calculate_attribution(
            prepared.portfolio, prepared.benchmark, method=perfattr.AttributionMethod.BRINSON_FACHLER_THREE_EFFECT
        )

    def check() -> None:
        detail = theirs().overall_detail.set_index("identifier").loc[returns.columns]  # type: ignore[attr-defined]
        for name in ("allocation", "selection", "interaction"):
            np.testing.assert_allclose(ours().to_frame()[name], detail[f"linked_{name}_effect"], rtol=1e-8, atol=1e-12)

    return [
        Case(
            f"Brinson-Fachler, {DAYS:,} days x {NAMES}, Cariño",
            "perfattr prepare + attribute",
            ours,
            theirs,
            check,
            "equal to 1e-8",
            TARGET,
        )
    ]


def tables() -> list[pd.DataFrame]:
    """Return random weights and returns of both sides, with the dates of business days."""
    rng = np.random.default_rng(20261128)
    dates = pd.bdate_range("2014-01-01", periods=DAYS, name="date")
    names = [f"N{number:02}" for number in range(NAMES)]
    weights = [rng.dirichlet(np.ones(NAMES), DAYS) for _ in range(2)]
    returns = rng.normal(0.0004, 0.012, (DAYS, NAMES))
    values = (*weights, returns + rng.normal(0.0, 0.002, returns.shape), returns)
    return [pd.DataFrame(each, dates, names) for each in values]


def long_table(weights: pd.DataFrame, returns: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that perfattr reads: a period, an identifier, its weight, return and contribution."""
    last = weights.index.repeat(NAMES)
    first = weights.index[:1].append(weights.index[:-1] + pd.Timedelta(days=1)).repeat(NAMES)
    return pd.DataFrame(
        {
            "from_date": first,
            "thru_date": last,
            "identifier": np.tile(weights.columns, DAYS),
            "weight": weights.to_numpy().ravel(),
            "return": returns.to_numpy().ravel(),
            "contribution": (weights * returns).to_numpy().ravel(),
        }
    )
