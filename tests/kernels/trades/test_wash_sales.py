"""Deferred losses: cases by hand, and what must add up."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.trades._wash_sales import LotClosings, Lots, wash_sales
from tests.examples import examples


def run(lots, closings, window_days=30):
    """Run lots (pool, order, day, units) and closings (lot, order, day, units, pnl)."""
    columns = [np.array(column) for column in zip(*lots, strict=True)]
    pool, order, day = (column.astype(np.int64) for column in columns[:3])
    closed = [np.array(column) for column in zip(*closings, strict=True)] or [np.array([])] * 5
    which, place, when = (column.astype(np.int64) for column in closed[:3])
    return wash_sales(
        Lots(pool, order, day, columns[3].astype(float)),
        LotClosings(which, place, when, closed[3].astype(float), closed[4].astype(float)),
        window_days,
    )


def test_the_example_of_the_rule_100_bought_sold_at_a_loss_and_bought_again():
    """As in IRS Publication 550: a loss of 250 with a purchase of as many within 30 days is added to their cost."""
    found = run([(0, 0, 0, 100), (0, 2, 50, 100)], [(0, 1, 40, 100, -250.0)])
    assert found.deferred.tolist() == [250.0]
    assert found.left.tolist() == [0.0, 250.0]
    assert (found.closing.tolist(), found.lot.tolist()) == ([0], [1])
    assert (found.units.tolist(), found.amount.tolist()) == ([100.0], [250.0])


@pytest.mark.parametrize(("day", "deferred"), [(9, 0.0), (10, 50.0), (39, 50.0), (70, 50.0), (71, 0.0)])
def test_the_window_is_61_days_with_its_ends(day, deferred):
    """Sold on day 40, with another purchase on `day`, which is held when the first lot is sold."""
    lots = sorted([(0, 0, -100, 10), (0, 1 if day <= 40 else 3, day, 10)], key=lambda lot: lot[1])
    assert run(lots, [(0, 2, 40, 10, -50.0)]).deferred.tolist() == [deferred]


def test_a_partial_replacement_defers_its_share_in_the_order_of_purchases():
    """75 sold at a loss of 300, replaced by 25 and then 30: 4 a unit, 100 and 120 deferred, 80 allowed."""
    found = run([(0, 0, 0, 75), (0, 2, 45, 25), (0, 3, 50, 30)], [(0, 1, 40, 75, -300.0)])
    assert found.lot.tolist() == [1, 2]
    assert found.amount.tolist() == [100.0, 120.0]
    assert found.deferred.tolist() == [pytest.approx(220.0)]


def test_a_unit_replaces_once():
    """Two losses of 10 units each and one purchase of 15: 10 for the first, 5 for the second."""
    found = run([(0, 0, 0, 10), (0, 1, 0, 10), (0, 4, 50, 15)], [(0, 2, 40, 10, -100.0), (1, 3, 41, 10, -60.0)])
    assert found.units.tolist() == [10.0, 5.0]
    assert found.deferred.tolist() == [100.0, 30.0]
    assert found.left.tolist() == [0.0, 0.0, 130.0]


def test_neither_the_lot_itself_nor_what_the_same_fill_sells_is_a_replacement():
    assert run([(0, 0, 0, 100)], [(0, 1, 10, 50, -50.0)]).deferred.tolist() == [0.0]
    both = run([(0, 0, 0, 10), (0, 1, 30, 10)], [(0, 2, 40, 10, -50.0), (1, 2, 40, 10, -20.0)])
    assert both.deferred.tolist() == [0.0, 0.0]
    part = run([(0, 0, 0, 10), (0, 1, 30, 10)], [(0, 2, 40, 10, -50.0), (1, 2, 40, 6, -6.0)])
    assert part.units.tolist() == [4.0]
    assert part.deferred.tolist() == [20.0, 0.0]


def test_a_chain_carries_the_loss_on_until_nothing_replaces_it():
    """Lose 100, buy again, lose 40 and 100 brought along, buy again, gain 10: 130 lost in all, at the end."""
    lots = [(0, 0, 0, 10), (0, 2, 20, 10), (0, 4, 45, 10)]
    closings = [(0, 1, 10, 10, -100.0), (1, 3, 40, 10, -40.0), (2, 5, 200, 10, 10.0)]
    found = run(lots, closings)
    assert found.taken_over.tolist() == [0.0, 100.0, 140.0]
    assert found.deferred.tolist() == [100.0, 140.0, 0.0]
    assert found.left.tolist() == [0.0, 0.0, 0.0]
    reported = np.array([-100.0, -40.0, 10.0]) - found.taken_over + found.deferred
    assert reported.tolist() == [0.0, 0.0, -130.0]


def test_a_gain_that_a_deferred_loss_turns_into_a_loss_is_washed_as_well():
    found = run([(0, 0, 0, 10), (0, 2, 20, 10), (0, 4, 45, 10)], [(0, 1, 10, 10, -100.0), (1, 3, 40, 10, 30.0)])
    assert found.deferred.tolist() == [100.0, 70.0]


def test_a_part_of_a_replacement_brings_its_share_along():
    """A lot of 40 that carries 100 brings 25 along when 10 of it are sold, and keeps 75."""
    found = run([(0, 0, 0, 40), (0, 2, 20, 40)], [(0, 1, 10, 40, -100.0), (1, 3, 300, 10, 50.0)])
    assert found.taken_over.tolist() == [0.0, 25.0]
    assert found.left.tolist() == [0.0, 75.0]


def test_pools_are_apart_and_gains_are_never_deferred():
    assert run([(0, 0, 0, 10), (1, 2, 12, 10)], [(0, 1, 10, 10, -100.0)]).deferred.tolist() == [0.0]
    assert run([(0, 0, 0, 10), (0, 2, 12, 10)], [(0, 1, 10, 10, 100.0)]).deferred.tolist() == [0.0]
    assert run([(0, 0, 0, 10), (0, 2, 12, 10)], []).left.tolist() == [0.0, 0.0]


@given(seed=st.integers(0, 2**20), fills=st.integers(1, 30), window=st.sampled_from([0, 5, 30, 1000]))
@examples(60)
def test_what_is_deferred_is_reported_later_or_carried_at_the_end(seed, fills, window):
    rng = np.random.default_rng(seed)
    lots, closings, left, day = [], [], [], 0
    for order in range(fills):
        day += int(rng.integers(0, 20))
        if left and rng.random() < 0.5:
            for lot in [each for each in range(len(lots)) if left[each] > 0.0][: int(rng.integers(1, 3))]:
                units = left[lot] if rng.random() < 0.5 else left[lot] * rng.random()
                left[lot] -= units
                closings.append((lot, order, day, units, rng.normal(0.0, 100.0)))
        else:
            lots.append((int(rng.integers(0, 2)), order, day, float(rng.integers(1, 50))))
            left.append(lots[-1][3])
    if not lots:
        return
    found = run(lots, closings, window)
    pnl = np.array([closing[4] for closing in closings])
    reported = pnl - found.taken_over + found.deferred
    assert reported.sum() == pytest.approx(pnl.sum() + found.left.sum(), abs=1e-7)
    assert (found.left >= -1e-9).all()
    assert (found.deferred <= np.maximum(found.taken_over - pnl, 0.0) + 1e-9).all()
    assert found.amount.sum() == pytest.approx(found.deferred.sum(), abs=1e-7)
    used = np.bincount(found.lot, weights=found.units, minlength=len(lots)) if len(found.lot) else np.zeros(len(lots))
    assert (used <= np.array([lot[3] for lot in lots]) * (1.0 + 1e-6)).all()
