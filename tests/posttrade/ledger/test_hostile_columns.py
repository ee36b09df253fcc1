"""Columns of fills that say nothing, or what no moment or name can be, are refused with their row."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.core._errors import InvalidInputError
from riskresearch.posttrade import Ledger

DAYS = pd.date_range("2024-01-01", periods=3)
PRICES = pd.DataFrame({"A": [5.0, 6.0, 7.0]}, index=DAYS)
FILLS = pd.DataFrame({"asset": "A", "time": DAYS[:2], "units": [10.0, 4.0], "price": [5.0, 6.0]})


@pytest.mark.parametrize("sides", [["buy", None], ["buy", np.nan], [None, None]])
@pytest.mark.parametrize("dtype", [object, "string", "category"])
def test_a_fill_without_a_side_has_none_guessed(sides, dtype):
    given = FILLS.assign(side=pd.Series(sides, dtype=object).astype(dtype))
    with pytest.raises(InvalidInputError, match=r"fills\['side'\] must be 'buy' or 'sell' on each row, got .* on row"):
        Ledger.from_fills(given, prices=PRICES)


@pytest.mark.parametrize("year", ["1500-01-01", "2500-01-01", "9999-12-31"])
@pytest.mark.parametrize("kind", ["text", "naive", "flows"])
def test_years_that_nanoseconds_cannot_count_do_not_become_other_dates(year, kind):
    times = ["2024-01-01", year] if kind == "text" else np.array(["2024-01-01", year], dtype="datetime64[us]")
    fills, flows = FILLS.assign(time=times), None
    if kind == "flows":
        fills, flows = FILLS, pd.DataFrame({"time": times, "amount": 1.0, "kind": "deposit"})
    with pytest.raises(InvalidInputError, match=r"\['time'\] must be in the years 1678 to 2261, got .* on row 1"):
        Ledger.from_fills(fills, prices=PRICES, cash_flows=flows)


@pytest.mark.parametrize("column", ["asset", "account", "currency", "lot", "id"])
def test_lists_are_no_names(column):
    given = FILLS.assign(id=[1, 2], lot=[None, 1]).assign(**{column: [["A"], ["B"]]})
    with pytest.raises(InvalidInputError, match=rf"fills\['{column}'\] must be one name on each row|fills\['id'\]"):
        Ledger.from_fills(given, prices=PRICES, matching="specific")
