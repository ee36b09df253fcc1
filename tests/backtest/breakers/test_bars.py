"""Bars of a breaker backtest come in any kind of frame, with their dates."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from riskresearch.backtest import backtest_breakers
from riskresearch.breakers import DrawdownBreaker, GapBreaker
from riskresearch.core import InvalidInputError

DAYS = pd.bdate_range("2024-01-01", periods=40, name="date")
CLOSE = 100.0 * np.cumprod(1.0 + np.resize([0.01, -0.03, 0.005, -0.02, 0.015], 40))
BARS = pd.DataFrame({"Open": CLOSE, "High": 1.01 * CLOSE, "Low": 0.98 * CLOSE, "Close": CLOSE}, index=DAYS)
STOP = [DrawdownBreaker(0.04, cooldown=5, reentry="timer", period="week")]


def as_polars(frame):
    return pl.DataFrame({"date": frame.index.to_numpy(), **{name: frame[name].to_numpy() for name in frame.columns}})


@pytest.mark.parametrize("made", [as_polars, pa.Table.from_pandas], ids=["polars", "arrow"])
def test_bars_of_any_frame_keep_their_dates_within_the_bar(made):
    """The drawdown starts again each week, so bars without dates would be refused."""
    right = backtest_breakers(None, STOP, prices=BARS, intrabar="low_first", draws=9, rng=1)
    found = backtest_breakers(None, STOP, prices=made(BARS), intrabar="low_first", draws=9, rng=1)
    assert [str(event.time)[:10] for event in found.events] == [str(event.time)[:10] for event in right.events] != []


def test_fields_of_bars_come_from_any_frame_or_mapping():
    opens = pd.DataFrame({"open": CLOSE * np.resize([1.0, 0.9], 40)}, index=DAYS)
    closes = pd.Series(CLOSE, index=DAYS)
    halts = [
        len(backtest_breakers(None, [GapBreaker(0.05)], prices=closes, bar_fields=given, draws=9, rng=1).events)
        for given in (opens, as_polars(opens), pa.Table.from_pandas(opens), {"open": opens["open"]})
    ]
    assert halts == [halts[0]] * 4
    assert halts[0] > 0


@pytest.mark.parametrize("fields", [5, [1.0], "open", pd.Series(CLOSE, index=DAYS)])
def test_fields_that_have_no_names_are_refused(fields):
    with pytest.raises(InvalidInputError, match=r"bar_fields must be a (DataFrame or a mapping|Series, a DataFrame)"):
        backtest_breakers(pd.Series(np.resize([0.01, -0.02], 40), index=DAYS), STOP, bar_fields=fields, draws=9)
