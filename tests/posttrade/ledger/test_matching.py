"""Closings and open lots of each rule are those of an independent matcher that counts in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tests.examples import examples
from tests.posttrade.ledger.cases import BARS, RULES, fills_of, ledger_of

EIGHTHS = st.lists(
    st.tuples(
        st.integers(0, BARS - 1),
        st.sampled_from("ABC"),
        st.integers(-40, 40).filter(bool).map(lambda units: units / 8),
        st.integers(4, 60).map(lambda price: price / 4),
        st.just(0.0),
    ),
    max_size=60,
).map(lambda rows: sorted(rows, key=lambda row: row[0]))


def chosen(lots, matching):
    """Return the place of the lot that is closed first."""
    if matching == "lifo":
        return len(lots) - 1
    if matching == "hifo":
        side = 1 if lots[0][1] > 0 else -1
        return max(range(len(lots)), key=lambda place: (side * lots[place][2], -place))
    return 0


def matched(rows, matching):
    """Return closings as open fill, close fill, units and both prices, and the open lots of each asset."""
    every, closings = {}, []
    for number, (_, asset, given_units, given_price, _) in enumerate(rows):
        units, price = Fraction(given_units), Fraction(given_price)
        lots = every.setdefault(asset, [])
        while units and lots and (lots[0][1] > 0) != (units > 0):
            place = chosen(lots, matching)
            fill, held, cost = lots[place]
            size = min(abs(held), abs(units)) * (1 if held > 0 else -1)
            closings.append([fill, number, size, cost, price])
            units += size
            if size == held:
                lots.pop(place)
            else:
                lots[place] = (fill, held - size, cost)
        if units and lots and matching == "average":
            _, held, cost = lots[0]
            lots[0] = (-1, held + units, (held * cost + units * price) / (held + units))
        elif units:
            lots.append((-1 if matching == "average" else number, units, price))
    return closings, every


@pytest.mark.parametrize("matching", RULES)
@given(EIGHTHS)
@examples(40)
def test_closings_and_lots_are_those_of_exact_fractions(matching, rows):
    ledger = ledger_of(fills_of(rows), matching=matching)
    closings, lots = matched(rows, matching)
    found = ledger.closings[["open_fill", "close_fill", "units", "open_price", "close_price"]].to_numpy(dtype=float)
    wanted = np.array([[float(each) for each in row] for row in closings]).reshape(-1, 5)
    assert found == pytest.approx(wanted, rel=1e-10)
    kept = sorted((asset, *map(float, lot)) for asset, own in lots.items() for lot in own)
    table = ledger.lots[["asset", "fill", "units", "price"]].sort_values(["asset", "fill"]).to_numpy().tolist()
    assert [each[0] for each in table] == [each[0] for each in kept]
    assert np.array([row[1:] for row in table], dtype=float) == pytest.approx(
        np.array([row[1:] for row in kept]), rel=1e-10
    )
