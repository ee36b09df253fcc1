"""Accounts of vectorbt on bundled prices: `python vectorbt_orders.py > vectorbt_orders.out`, with vectorbt 1.2.0.

Target weights of day t are filled at the close of day t + 1 with 5 basis points of commission.
"""

import numpy as np
import pandas as pd

from riskresearch.datasets import load

ROWS = (1, 60, 120, 249)


def main():
    """Print the value, fees and orders of four accounts of one fund each, and of one account of all four."""
    import vectorbt  # noqa: PLC0415 (not installed where the tests run)

    prices = load("factor_etfs").iloc[-250:, :4]
    weights = np.array([[0.2 + 0.15 * ((row * (column + 2)) % 5) for column in range(4)] for row in range(250)])
    weights[:, 3] *= -1.0
    orders = pd.DataFrame(weights, prices.index, prices.columns).shift(1).fillna(0.0)
    options = {"size_type": "targetpercent", "fees": 0.0005, "init_cash": 1e6, "freq": "D"}
    alone = vectorbt.Portfolio.from_orders(prices, orders, **options)
    shared = vectorbt.Portfolio.from_orders(
        prices, 0.3 * orders, **options, group_by=True, cash_sharing=True, call_seq="auto"
    )
    print("row,account,value,fees,orders")
    fees = alone.orders.records_readable.groupby("Column")["Fees"].sum()
    paid = float(shared.orders.records_readable["Fees"].sum())
    for row in ROWS:
        for name in prices.columns:
            value = float(alone.value()[name].iloc[row])
            print(f"{row},{name},{value!r},{float(fees[name])!r},{int(alone.orders.count()[name])}")
        print(f"{row},portfolio,{float(shared.value().iloc[row])!r},{paid!r},{int(shared.orders.count())}")


if __name__ == "__main__":
    main()
