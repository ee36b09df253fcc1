"""Accounts of other programs: vectorbt's, stored in tests/reference/vectorbt_orders.out, and zipline's OLMAR run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from riskresearch.backtest import simulate
from riskresearch.datasets import load

STORED = pd.read_csv(Path(__file__).parents[1] / "reference" / "vectorbt_orders.out")
PRICES = load("factor_etfs").iloc[-250:, :4]
WEIGHTS = pd.DataFrame(
    [[0.2 + 0.15 * ((row * (column + 2)) % 5) for column in range(4)] for row in range(250)],
    index=PRICES.index,
    columns=PRICES.columns,
) * [1.0, 1.0, 1.0, -1.0]


@pytest.mark.parametrize(("account", "scale"), [("columns", 1.0), (None, 0.3)])
def test_accounts_equal_those_of_vectorbt(account, scale):
    done = simulate(scale * WEIGHTS, PRICES, costs=0.0005, capital=1e6, accounts=account)
    equity = done.equity.to_frame() if account is None else done.equity
    fills = done.fills.groupby("account", observed=True)
    paid, count = fills["commission"].sum(), fills.size()
    rows = STORED[STORED["account"].isin(list(done.accounts))]
    assert len(rows) == 4 * len(done.accounts)
    for row in rows.itertuples():
        assert equity[row.account].iloc[row.row] == pytest.approx(row.value, rel=1e-13)
        assert paid[row.account] == pytest.approx(row.fees, rel=1e-12)
        assert count[row.account] == row.orders


def test_the_frictionless_olmar_run_comes_out_of_its_own_positions():
    """zipline's positions as target weights, in whole shares filled at the close without cost, give zipline's account.

    The weights are its positions over its portfolio value of the same day; they go in one row early, as decisions.
    """
    daily, fills = load("run_olmar_frictionless_daily"), load("run_olmar_frictionless_fills")
    positions = load("run_olmar_frictionless_positions")
    held = positions.pivot(index="session", columns="symbol", values="amount").reindex(daily.index).fillna(0.0)
    marks = positions.pivot(index="session", columns="symbol", values="last_sale_price").reindex(daily.index)
    prices = marks.combine_first(fills.pivot_table(index="session", columns="symbol", values="price"))
    decided = (held * prices).fillna(0.0).div(daily["portfolio_value"], axis=0).shift(-1).fillna(0.0)
    run = simulate(decided.iloc[:-1].reindex(daily.index).fillna(0.0), prices, capital=1e7, lot_size=1.0)
    assert (run.units == held).all().all()
    np.testing.assert_allclose(run.equity, daily["portfolio_value"], rtol=1e-9)
    np.testing.assert_allclose(run.cash, daily["ending_cash"], atol=0.02)
    np.testing.assert_allclose(run.gross_exposure, daily["gross_leverage"], atol=1e-8)
    per_bar = run.fills.groupby("time")["notional"].sum().reindex(daily.index).fillna(0.0)
    np.testing.assert_allclose(-per_bar, daily["capital_used"], atol=0.01)
