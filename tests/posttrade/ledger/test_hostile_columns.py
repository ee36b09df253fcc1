"""Columns of fills that say nothing, or what no moment or name can be, are refused with their row."""

from decimal import Decimal

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


@pytest.mark.parametrize("text", ["1,000", "$5", "(5)", "5,5"])
def test_text_that_is_no_number_has_a_remedy_that_works(text):
    fills = FILLS.assign(units=[text, *["1"] * (len(FILLS) - 1)])
    told = r"must hold numbers, got .* on row 0\. Take signs .* riskresearch\.read"
    with pytest.raises(InvalidInputError, match=told):
        Ledger.from_fills(fills, prices=PRICES)


def test_amounts_of_cash_flows_may_be_decimals_and_a_lazy_frame_is_read():
    flows = pd.DataFrame({"time": [PRICES.index[0]], "amount": [Decimal("12.5")], "kind": ["deposit"]})
    assert Ledger.from_fills(FILLS, prices=PRICES, cash_flows=flows).flows.sum() == 12.5
    polars = pytest.importorskip("polars")
    renamed = FILLS.rename(columns={"asset": "symbol"})
    lazy = polars.from_pandas(renamed).lazy()
    found = Ledger.from_fills(lazy, prices=PRICES, rename={"symbol": "asset"})
    assert found.equity.equals(Ledger.from_fills(FILLS, prices=PRICES).equity)


def test_a_column_that_stands_twice_has_a_remedy_that_the_table_has():
    flows = pd.DataFrame([[PRICES.index[0], 1.0, 2.0, "deposit"]], columns=["time", "amount", "amount", "kind"])
    with pytest.raises(
        InvalidInputError, match=r"cash_flows must have one column 'amount', got two\. Leave one out\.$"
    ):
        Ledger.from_fills(FILLS, prices=PRICES, cash_flows=flows)
