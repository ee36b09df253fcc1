"""What fills may look like: other names, zones, gaps and doubles; nothing is guessed, nothing is dropped."""

from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest

import riskresearch as rr
from riskresearch.core import InvalidInputError
from riskresearch.posttrade import Ledger
from tests.posttrade.ledger.cases import DAYS, PRICES, RULES, actions_of, fills_of, flows_of, ledger_of

FILLS = fills_of([(0, "A", 10.0, 10.0, 1.0), (2, "A", -4.0, 12.0, 1.0), (3, "B", -5.0, 7.0, 0.0)])
NEW_YORK = "America/New_York"


def told(ledger):
    """Return what a ledger says of equity and realised profit on each bar."""
    return ledger.equity.to_numpy().tolist(), ledger.realised.to_numpy().tolist()


WANTED = told(ledger_of(FILLS))


@pytest.mark.parametrize(
    "fills",
    [
        FILLS.assign(time=FILLS["time"].astype(str)),
        FILLS.assign(time=FILLS["time"].dt.date),
        FILLS.assign(time=["2024-01-01", "2024-01-03 10:00", "2024-01-04T12:00:01"]),
        FILLS.assign(time=FILLS["time"] + pd.Timedelta(hours=23, minutes=59)),
        FILLS.astype({"asset": "category"}),
        FILLS.astype({"units": str, "price": str}),
        FILLS.assign(units=[Decimal(10), Decimal(-4), Decimal(-5)]),
        FILLS.set_index("time"),
        FILLS.assign(units=[10, 4, 5], side=["buy", "SELL", " Sell"]),
        FILLS.assign(note="x", lot=None),
        FILLS.iloc[::-1],
        pl.DataFrame(FILLS),
        FILLS.drop(columns="id"),
    ],
)  # fmt: skip
def test_fills_as_they_come(fills):
    assert told(ledger_of(fills)) == WANTED


def test_names_of_others_are_mapped_and_nothing_is_guessed():
    theirs = FILLS.rename(columns={"asset": "symbol", "units": "quantity", "time": "date"})
    assert told(ledger_of(theirs, rename={"symbol": "asset", "quantity": "units", "date": "time"})) == WANTED
    assert (
        told(ledger_of(theirs.set_index("date"), rename={"symbol": "asset", "quantity": "units", "date": "time"}))
        == WANTED
    )
    with pytest.raises(
        InvalidInputError,
        match=r"must have a column 'asset'; it has 'symbol', 'quantity'.*rename=\{'symbol': 'asset'\}",
    ):
        ledger_of(theirs)
    for rename, why in (({"asset": "symbol"}, "Your name comes first"), (["asset"], "rename must be a mapping")):
        with pytest.raises(InvalidInputError, match=why):
            ledger_of(theirs, rename=rename)
    with pytest.raises(InvalidInputError, match="must have one column 'asset', got two"):
        ledger_of(FILLS.assign(symbol="A"), rename={"symbol": "asset"})


@pytest.mark.parametrize(
    ("column", "values", "why"),
    [
        ("units", [0.0, 1.0, 1.0], "must not be zero, got 0 on row 0"),
        ("units", [1.0, np.nan, 1.0], "must be a number on each row, got nan on row 1"),
        ("units", [1.0, np.inf, 1.0], "must be finite, got inf on row 1"),
        ("units", ["1,000", "2", "3"], "must hold numbers, got '1,000' on row 0"),
        ("units", [True, True, False], "must hold numbers, got True on row 0"),
        ("fees", [1.0, np.nan, 0.0], r"fillna\(0.0\)"),
        ("asset", ["A", None, "B"], "a value on each row, got none on row 1"),
        ("asset", ["A", "a", "B"], "got none for 'a'.*write 'A'"),
        ("asset", ["A", "Z", "B"], "Fills of assets without prices can't be valued"),
        ("time", ["2024-01-01", "x", "2024-01-03"], "got 'x' on row 1"),
        ("time", ["01/02/2024", "02/02/2024", "03/02/2024"], "order of day and month"),
        ("time", [DAYS[0], None, DAYS[1]], "a date on each row, got none on row 1"),
        ("time", [1.0, 2.0, 3.0], "got the number 1.0"),
        ("time", ["2024-01-01", "2024-01-02", "2024-02-02"], "2024-01-08, got 2024-02-02.* on row 2.*Give prices"),
        ("side", ["B", "S", "S"], "must be 'buy' or 'sell' on each row, got 'B' on row 0.*replace"),
        ("side", ["buy", "sell", "sell"], "must be positive beside a column 'side', got -4 on row 1"),
        ("id", [1, 1, 2], "must be different on each row, got 1 twice"),
        ("currency", ["USD", "USD", "USD"], "rates must be given"),
    ],
)  # fmt: skip
def test_bad_fills_are_named(column, values, why):
    with pytest.raises(InvalidInputError, match=why):
        ledger_of(FILLS.assign(**{column: values}))


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"matching": "FIFO"}, "Did you mean 'fifo'"),
        ({"method": "fifo"}, "Write matching='fifo'"),
        ({"duplicates": "drop"}, "duplicates must be one of"),
        ({"base_currency": None}, "base_currency must be a name"),
        ({"multipliers": {"AA": 2.0}}, "Did you mean 'A'"),
        ({"multipliers": {"A": 0.0}}, "must be positive"),
        ({"cash_flows": flows_of([(0, -5.0, "deposit")])}, "positive amount for a deposit, got -5 on row 0"),
        ({"cash_flows": flows_of([(0, 5.0, "gift")])}, r"cash_flows\['kind'\] on row 0 must be one of"),
        ({"cash_flows": pd.DataFrame({"amount": [1.0]})}, r"must have a column 'time'.*cash_flows.rename\(columns="),
        ({"cash_flows": flows_of([(0, 5.0, "fee")]).assign(account=None)}, "a value on each row, got none on row 0"),
        ({"cash_flows": flows_of([(0, 5.0, "dividend")]).assign(asset="AA")}, "Did you mean 'A'.*belongs to no asset"),
        ({"rates": pd.DataFrame({"base": 2.0}, index=DAYS)}, "must be 1 for the base currency 'base', got 2"),
        ({"prices": PRICES.tz_localize(NEW_YORK).iloc[:3]}, "after the last bar"),
    ],
)
def test_bad_options_are_named(options, why):
    with pytest.raises(InvalidInputError, match=why):
        ledger_of(FILLS, **options)


def test_fills_that_were_read_twice_are_refused_unless_they_are_to_be_kept():
    twice = pd.concat([FILLS, FILLS]).drop(columns="id")
    with pytest.raises(InvalidInputError, match=r'3 that are equal to an earlier one.*duplicates="keep"'):
        ledger_of(twice)
    kept = ledger_of(twice, duplicates="keep")
    assert kept.positions.iloc[-1].tolist() == [12.0, -10.0, 0.0]
    with pytest.raises(InvalidInputError, match="id'] must be different"):
        ledger_of(pd.concat([FILLS, FILLS]), duplicates="keep")
    with pytest.raises(InvalidInputError, match="2 that are equal to an earlier one"):
        ledger_of(twice.assign(id=["x", None, None, "y", None, None]))
    partial = twice.assign(id=range(6))
    assert ledger_of(partial).positions.iloc[-1].tolist() == [12.0, -10.0, 0.0]


def test_equal_times_keep_the_order_of_rows_and_a_sale_may_come_first():
    rows = [(0, "A", -5.0, 12.0, 0.0), (0, "A", 5.0, 10.0, 0.0), (0, "A", 5.0, 11.0, 0.0)]
    ledger = ledger_of(fills_of(rows))
    assert ledger.closings[["open_fill", "close_fill", "units", "realised"]].iloc[0].tolist() == [0, 1, -5.0, 10.0]
    assert ledger.lots["fill"].tolist() == [2]
    assert "equal times in the order given" in ledger.conventions()
    assert "were sorted" not in ledger.conventions()
    assert "were sorted" in ledger_of(FILLS.iloc[::-1]).conventions()


def test_zones_and_days():
    zoned = PRICES.tz_localize(NEW_YORK)
    assert told(ledger_of(FILLS.assign(time=FILLS["time"].dt.tz_localize(NEW_YORK)), prices=zoned)) == WANTED
    assert told(ledger_of(FILLS, prices=zoned)) == WANTED
    evening = (FILLS["time"] + pd.Timedelta(hours=22)).dt.tz_localize(NEW_YORK).dt.tz_convert("UTC")
    assert told(ledger_of(FILLS.assign(time=evening), prices=zoned)) == WANTED  # the day after in UTC
    with pytest.raises(InvalidInputError, match="dates without a zone beside prices without one"):
        ledger_of(FILLS.assign(time=evening))
    hours = PRICES.set_axis(pd.date_range("2024-11-03 00:30", periods=8, freq="h", tz=NEW_YORK))
    with pytest.raises(InvalidInputError, match="shows once, got 2024-11-03 01:30:00 on row 1"):
        ledger_of(
            FILLS.assign(time=pd.to_datetime(["2024-11-03 00:30", "2024-11-03 01:30", "2024-11-03 02:30"])),
            prices=hours,
        )


def test_fills_outside_of_market_hours_are_on_the_next_bar():
    weekdays = PRICES.set_axis(pd.bdate_range("2024-01-04", periods=8))
    ledger = ledger_of(FILLS.iloc[:1].assign(time=pd.Timestamp("2024-01-06 12:00")), prices=weekdays)
    assert ledger.positions["A"].tolist() == [0.0, 0.0, *[10.0] * 6]
    assert "Fills of days without a bar, which are on the next one: 1." in ledger.conventions()
    bars = PRICES.set_axis(pd.date_range("2024-01-01 09:30", periods=8, freq="30min"))
    moments = pd.DatetimeIndex(["2024-01-01 10:00:00", "2024-01-01 10:00:01", "2024-01-01 13:00:00"])
    inside = ledger_of(FILLS.assign(time=moments, asset="A", units=1.0), prices=bars)
    assert inside.positions["A"].tolist() == [0.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 3.0]


def test_prices_without_dates_have_fills_by_row():
    array = PRICES.to_numpy()
    numbered = FILLS.assign(time=[0, 2, 3], asset=["0", "0", "1"])
    assert told(ledger_of(numbered, prices=array)) == WANTED
    assert told(ledger_of(numbered.assign(asset=[0, 0, 1]), prices=array)) == WANTED
    for times, why in (
        ([0, 2, 8], "after the last bar"),
        ([-1, 2, 3], "from 0, got -1"),
        (["a", "b", "c"], "row numbers"),
    ):
        with pytest.raises(InvalidInputError, match=why):
            ledger_of(numbered.assign(time=times), prices=array)


@pytest.mark.parametrize("matching", RULES)
def test_no_fills_and_one(matching):
    for none in (FILLS[:0], pd.DataFrame(columns=["asset", "time", "units", "price"])):
        ledger = ledger_of(none, matching=matching, cash_flows=flows_of([(1, 100.0, "deposit")]))
        assert ledger.equity.tolist() == [0.0, *[100.0] * 7]
        assert len(ledger.lots) == len(ledger.closings) == 0
        assert ledger.by("account")["profit"].tolist() == [0.0]
        assert "Equity" in ledger.summary()
    one = ledger_of(FILLS[:1], matching=matching)
    assert one.positions["A"].tolist() == [10.0] * 8
    assert one.equity.tolist() == pytest.approx((10.0 * (PRICES["A"] - 10.0) - 1.0).tolist())


def test_a_missing_price_is_the_last_one_or_the_cost_and_is_counted():
    late = ledger_of(FILLS[:1], prices=PRICES.assign(A=[np.nan, np.nan, *[5.0] * 6]))
    assert late.equity.tolist() == [-1.0, -1.0, *[-51.0] * 6]
    assert "which are at cost: 2." in late.conventions()
    gap = ledger_of(FILLS[:1], prices=PRICES.assign(A=[5.0, np.nan, *[6.0] * 6]))
    assert gap.equity.tolist() == [-51.0, -51.0, *[-41.0] * 6]
    assert "at the last one: 1." in gap.conventions()


def test_equity_below_zero_has_no_return_and_no_weights():
    ledger = ledger_of(
        fills_of([(0, "A", -10.0, 10.0, 0.0)]), prices=PRICES.assign(A=[10.0, 30.0, *[40.0] * 6]),
        cash_flows=flows_of([(0, 100.0, "deposit")]),
    )  # fmt: skip
    assert ledger.equity.tolist() == [100.0, -100.0, *[-200.0] * 6]
    assert ledger.returns.iloc[:2].tolist() == [0.0, -2.0]
    assert np.isnan(ledger.returns.iloc[2])
    assert (ledger.weights_held.iloc[1:] == 0.0).all(axis=None)


def test_tables_of_polars_are_read():
    actions = pl.DataFrame({"symbol": ["A"], "date": [DAYS[1]], "kind": ["split"], "value": [0.5]})
    flows = pl.DataFrame(flows_of([(0, 50.0, "deposit")]))
    prices = pl.DataFrame(PRICES.reset_index(names="date"))
    ledger = ledger_of(pl.DataFrame(FILLS), prices=prices, cash_flows=flows, corporate_actions=actions)
    assert ledger.positions["A"].tolist()[-1] == 16.0
    assert ledger.flows.sum() == 50.0


def test_a_file_of_fills(tmp_path):
    path = tmp_path / "fills.csv"
    path.write_text(
        "date,symbol,side,quantity,price,commission\n2024-01-01,A,buy,10,10.0,1\n2024-01-03,A,sell,4,12.0,1\n"
        "2024-01-04,B,sell,5,7.0,0\n"
    )
    names = {"date": "time", "symbol": "asset", "quantity": "units"}
    assert told(Ledger.from_fills(pd.read_csv(path), prices=PRICES, rename=names)) == WANTED
    assert told(Ledger.from_fills(rr.read(path), prices=PRICES, rename=names)) == WANTED
    path.write_text(path.read_text().replace("date,", "time,", 1))  # which `read` calls "date"
    assert (
        told(Ledger.from_fills(rr.read(path), prices=PRICES, rename={"symbol": "asset", "quantity": "units"})) == WANTED
    )


def test_a_spin_off_onto_the_other_side_is_refused():
    rows = [(0, "A", 5.0, 10.0, 0.0), (0, "C", -5.0, 10.0, 0.0)]
    with pytest.raises(InvalidInputError, match="must not meet a position of the other side"):
        ledger_of(fills_of(rows), corporate_actions=actions_of((2, "A", "spin_off", 1.0, "C", 0.5)))
