"""A checker that has seen many books judges each by its own numbers: the same as a checker that has seen none."""

import pytest

from riskresearch import UnifiedLimitChecker
from riskresearch.pretrade import (
    Book,
    BuyingPower,
    GrossExposure,
    Leverage,
    PositionWeight,
    Turnover,
    UcitsConcentration,
)

LIMITS = (PositionWeight(0.3), Leverage(1.0), GrossExposure(900.0), Turnover(0.5, denominator="nav"), BuyingPower(0.5),
          UcitsConcentration(0.35, single=0.2, total=0.6, by="asset"))  # fmt: skip


@pytest.mark.parametrize("mode", ["cumulative", "independent"])
def test_each_of_many_books_has_its_own_net_asset_value(mode):
    used = UnifiedLimitChecker(LIMITS)
    orders = [{"asset": "A", "units": 12}, {"asset": "B", "units": -20}, {"asset": "A", "units": 25}]
    books = [Book({"A": place, "B": 20}, {"A": 10.0, "B": 5.0}, nav=200.0 + 30.0 * place, cash=50.0 * place,
                  traded=5.0 * place) for place in range(40)]  # fmt: skip
    for book in books:
        fresh = UnifiedLimitChecker(LIMITS).check_batch(orders, book, mode=mode)
        again = used.check_batch(orders, book, mode=mode)
        assert again.denied.tolist() == fresh.denied.tolist()
        assert again.values().equals(fresh.values())
        assert used.check(orders[0], book).reasons == fresh[0].reasons
