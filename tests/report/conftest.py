"""Small portfolios whose numbers are cheap, and one report on them."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.report import Report, build_report

HOSTILE = '<script>alert("x")</script> & $\\frac$'


@pytest.fixture(scope="session")
def stocks() -> pd.DataFrame:
    rng = np.random.default_rng(11)
    dates = pd.bdate_range("2019-01-01", periods=600, name="date")
    market = rng.standard_t(4, 600) * 0.007
    own = rng.normal(0.0004, 0.008, (600, 3))
    return pd.DataFrame(market[:, None] + own, index=dates, columns=["AAA", "BBB", HOSTILE])


@pytest.fixture(scope="session")
def index(stocks) -> pd.Series:
    noise = np.random.default_rng(12).normal(0.0, 0.002, len(stocks))
    return (0.9 * stocks.mean(axis=1) + noise).rename("Index")


@pytest.fixture(scope="session")
def report(stocks, index) -> Report:
    return build_report(stocks, benchmark=index, level=0.975, title=f"Fund {HOSTILE}", notes=[f"Mind {HOSTILE}"])
