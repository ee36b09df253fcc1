"""What holds for every history: allowed orders make no active breach, and the future changes no past."""

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

from riskresearch import posttrade, pretrade
from riskresearch.posttrade import Ledger
from tests.examples import examples
from tests.posttrade.ledger.cases import ASSETS, BARS, DAYS, FLOWS, PRICES, ROWS, fills_of, flows_of, ledger_of

GROUPS = {"sector": {"A": "x", "B": "x", "C": "y"}, "issuer": {"A": "one", "B": "two", "C": "three"}}
HELD = [
    pretrade.PositionUnits(30), pretrade.PositionNotional(200.0), pretrade.PositionWeight(0.15),
    pretrade.PositionWeight(0.6, denominator="gross"), pretrade.GrossExposure(400.0), pretrade.NetExposure(150.0),
    pretrade.Leverage(0.3), pretrade.GroupWeight(0.2), pretrade.UcitsConcentration(), pretrade.InstrumentCount(2),
    pretrade.StressLoss(0.05, shocks={"A": -0.4, "*": 0.2}),
]  # fmt: skip
OF_ORDERS = [
    pretrade.OrderUnits(15), pretrade.OrderNotional(120.0), pretrade.Turnover(0.2, denominator="nav"),
    pretrade.RestrictedList(["B"]), pretrade.BuyingPower(reserve=500.0),
]  # fmt: skip
CAPITAL = 1000.0
WANTED = st.lists(
    st.tuples(st.integers(1, BARS - 1), st.sampled_from(ASSETS), st.integers(-25, 25).filter(bool)), max_size=14
)


def traded(wanted, limits):
    """Return the ledger of the orders that a checker accepts, each filled at the last price before its bar.

    Orders for one asset on one bar are netted before they are sent: the last one alone is.
    """
    checker, rows, cash, units = pretrade.UnifiedLimitChecker(limits), [], CAPITAL, dict.fromkeys(ASSETS, 0.0)
    by_bar = {}
    for bar, asset, size in wanted:
        by_bar.setdefault(bar, {})[asset] = float(size)
    for bar in sorted(by_bar):
        prices = PRICES.iloc[bar - 1]
        book = pretrade.Book(units, prices, cash=cash, groups=GROUPS)
        orders = [{"asset": asset, "units": size} for asset, size in by_bar[bar].items()]
        for each, verdict in zip(orders, checker.check_batch(orders, book), strict=True):
            if verdict.passes:
                rows.append((bar, each["asset"], each["units"], prices[each["asset"]], 0.0))
                units[each["asset"]] += each["units"]
                cash -= each["units"] * prices[each["asset"]]
    return ledger_of(fills_of(rows), cash_flows=flows_of([(0, CAPITAL, "deposit")])), rows


@given(WANTED, st.sampled_from([[limit] for limit in HELD] + [HELD[:5], HELD[5:]]))
@examples(25)
def test_what_was_allowed_and_filled_at_the_deciding_prices_is_no_active_breach(wanted, limits):
    ledger, _ = traded(wanted, limits)
    found = posttrade.compliance(ledger, limits, groups=GROUPS)
    assert not (found.breaches["cause"] == "active").any(), found.summary()


@given(WANTED)
@examples(12)
def test_what_was_allowed_breaks_no_limit_of_orders(wanted):
    ledger, _ = traded(wanted, OF_ORDERS)
    assert posttrade.compliance(ledger, OF_ORDERS).compliant


@given(ROWS, FLOWS, st.integers(1, BARS - 1))
@examples(15)
def test_the_future_changes_no_past(rows, flows, cut):
    """Breaches that begin before a cut are those of a history that ends there, up to where it ends."""
    money = pd.concat([flows_of([(0, CAPITAL, "deposit")]), flows_of(flows)], ignore_index=True)
    whole = posttrade.compliance(ledger_of(fills_of(rows), cash_flows=money), HELD + OF_ORDERS, groups=GROUPS)
    fills = fills_of([row for row in rows if row[0] < cut])
    earlier = Ledger.from_fills(fills, prices=PRICES.iloc[:cut], cash_flows=money[money["time"] < DAYS[cut]])
    short = posttrade.compliance(earlier, HELD + OF_ORDERS, groups=GROUPS)
    begun = whole.breaches[whole.breaches["first"] < DAYS[cut]].reset_index(drop=True)
    same = ["code", "limit", "subject", "first", "threshold", "cause"]
    pd.testing.assert_frame_equal(begun[same], short.breaches[same])
    assert (begun["last"].clip(upper=DAYS[cut - 1]) >= short.breaches["last"]).all()


@given(ROWS)
@examples(12)
def test_scaling_units_and_money_changes_no_weight(rows):
    limits = [limit for limit in HELD if limit.counted_in in ("fraction", "ratio", "count")]
    each = []
    for scale in (1.0, 4.0):
        fills = fills_of(
            [(bar, asset, units * scale, price, costs * scale) for bar, asset, units, price, costs in rows]
        )
        ledger = ledger_of(fills, cash_flows=flows_of([(0, CAPITAL * scale, "deposit")]))
        each.append(posttrade.compliance(ledger, limits, groups=GROUPS))
    pd.testing.assert_frame_equal(each[0].breaches, each[1].breaches)
    pd.testing.assert_frame_equal(each[0].checks, each[1].checks)


@given(ROWS)
@examples(10)
def test_the_mirror_image_breaks_the_same_limits_of_size(rows):
    limits = [HELD[0], HELD[1], HELD[4], HELD[5], HELD[9]]
    mirrored = [(bar, asset, -units, *rest) for bar, asset, units, *rest in rows]
    here, there = (posttrade.compliance(ledger_of(fills_of(each)), limits) for each in (rows, mirrored))
    pd.testing.assert_frame_equal(here.breaches, there.breaches)


@given(ROWS)
@examples(10)
def test_a_ledger_and_its_inputs_stay_as_they_are(rows):
    ledger = ledger_of(fills_of(rows), cash_flows=flows_of([(0, CAPITAL, "deposit")]))
    before = [ledger.books.history.held.copy(), ledger.books.profit.cash.copy(), ledger.fills]
    posttrade.compliance(ledger, HELD + OF_ORDERS, groups=GROUPS)
    np.testing.assert_array_equal(ledger.books.history.held, before[0])
    np.testing.assert_array_equal(ledger.books.profit.cash, before[1])
    pd.testing.assert_frame_equal(ledger.fills, before[2])


def test_a_tighter_limit_is_never_broken_on_fewer_bars():
    rows = [(bar, asset, float(3 + bar), 10.0, 0.0) for bar in range(BARS) for asset in ASSETS]
    ledger = ledger_of(fills_of(rows), cash_flows=flows_of([(0, CAPITAL, "deposit")]))
    bars = [
        int(posttrade.compliance(ledger, [pretrade.PositionUnits(deny)]).checks["in_breach"].iloc[0])
        for deny in (0, 5, 10, 20, 40, 80)
    ]
    assert bars == sorted(bars, reverse=True)
    assert bars[0] == BARS
