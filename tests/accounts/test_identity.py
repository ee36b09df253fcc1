"""The accounting identity: a record that does not balance on one bar is found."""

import numpy as np
import pytest

from riskresearch.accounts._identity import check_identity
from riskresearch.backtest import simulate
from riskresearch.core import AccountingError
from tests.backtest.samples import EVERY_COST, impact_panels, market

WEIGHTS, PRICES = market(rows=8, columns=3)


@pytest.mark.parametrize("field", ["units", "cash", "equity"])
def test_books_that_do_not_balance_on_one_bar_are_found(field):
    done = simulate(WEIGHTS, PRICES, costs=EVERY_COST, **impact_panels(PRICES))
    getattr(done.record, field)[4] *= 1.0 + 1e-6
    with pytest.raises(AccountingError, match=r"on row 4 \(2023-01-06 00:00:00\) in account 'portfolio'"):
        check_identity(done.record, done.market, done.layout, done.settings)


@pytest.mark.parametrize("kind", ["commission", "spread", "impact", "borrow", "interest"])
def test_a_cost_that_is_left_out_is_found(kind):
    done = simulate(WEIGHTS, PRICES, costs=EVERY_COST, **impact_panels(PRICES))
    flow = done.record.flows[kind]
    row = int(np.abs(flow[:, 0]).argmax())
    flow[row] = 0.0
    with pytest.raises(AccountingError, match=f"equity did not change by profit less costs on row {row}"):
        check_identity(done.record, done.market, done.layout, done.settings)


@pytest.mark.filterwarnings("ignore:weights has sizes:riskresearch.core.ConventionWarning")
def test_sums_that_overflow_do_not_pass():
    with np.errstate(all="ignore"), pytest.raises(AccountingError, match="overflow"):
        simulate([1e300] * 4, [1.0, 1e-300, 1e300, 1e300], capital=1e200)
