"""Small ledgers whose limits are judged by hand."""

import numpy as np
import pandas as pd

from riskresearch import posttrade

DAYS = pd.date_range("2024-01-01", periods=6)


def ledger_of(trades, prices, *, cash=1000.0, flows=(), days=DAYS, **options):
    """Return a ledger of rows of bar, asset, units and price, with money on the first bar; flows are bar and amount."""
    frame = pd.DataFrame(prices, dtype=float)
    frame.index = days[: len(frame)]
    extra = options.pop("columns", {})
    fills = pd.DataFrame([row[:4] for row in trades], columns=["bar", "asset", "units", "price"])
    fills["time"] = [days[int(bar)] if not hasattr(bar, "year") else bar for bar in fills.pop("bar")]
    fills = fills.assign(**extra).astype({"units": float, "price": float})
    money = pd.DataFrame([(0, cash), *flows], columns=["bar", "amount"])
    money["kind"] = np.where(money["amount"] > 0.0, "deposit", "withdrawal")
    money["time"] = days[money.pop("bar")]
    if "account" in extra:
        money["account"] = extra["account"][0]
    return posttrade.Ledger.from_fills(fills, prices=frame, cash_flows=money, **options)


def breaches(found, *columns):
    """Return the rows of some columns, days as numbers of bars."""
    frame = found.breaches[list(columns)].copy()
    for name in ("first", "last", "worst_on"):
        if name in frame:
            frame[name] = [DAYS.get_loc(each) for each in frame[name]]
    return [tuple(row) for row in frame.itertuples(index=False)]
