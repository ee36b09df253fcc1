"""The kernel of lots: cases worked by hand, and the same bits compiled and as ordinary Python."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch.kernels.compiled.trades import _lots
from riskresearch.posttrade.ledger._book import MATCHING, OF_CLOSINGS, new_state, run
from tests.examples import examples
from tests.kernels.uncompiled import UNCOMPILED

# Six cases worked by hand in whole numbers, all of them by exact fractions: see tests/reference/README.md.
CASES = json.loads((Path(__file__).parents[1] / "reference" / "posttrade" / "lots.json").read_text())["cases"]
POSITIONS = 3
NONE = np.empty(0, dtype=np.intp)


def booked(module, matching, units, price, costs, position=None, others=None, bars=0):
    """Return the state of a book after fills, and its marks."""
    count = len(units)
    position = np.zeros(count, dtype=np.intp) if position is None else position
    state = new_state(np.ones(POSITIONS), np.zeros(POSITIONS, dtype=np.intp), 1, lots=4, fills=count)
    book = module.LotBook(MATCHING.index(matching), state)
    fills = {
        "position": position, "units": np.array(units), "price": np.array(price), "costs": np.array(costs),
        "rate": np.ones(count), "lot": NONE,
    }  # fmt: skip
    if others is None:
        others = {name: NONE for name in ("before", "code", "first", "second")}
        others |= {name: np.empty(0) for name in ("value", "share", "paid")}
    marks = {name: np.zeros((bars, POSITIONS)) for name in ("held", "basis", "worth")} | {"cash": np.zeros((bars, 1))}
    assert run(book, state, fills, others, marks) == 0
    closings = {name: state[name][: state["counts"][1]].copy() for name in OF_CLOSINGS}
    lots = {name: state[name][: state["counts"][0]].copy() for name in ("lot_units", "lot_price", "lot_costs")}
    return closings, lots, marks, {name: state[name].copy() for name in ("held", "basis", "cash")}


@pytest.mark.parametrize("matching", ["fifo", "lifo", "hifo", "average"])
@pytest.mark.parametrize("case", CASES)
def test_cases_worked_by_hand(case, matching):
    units, price, costs = (list(map(float, each)) for each in zip(*CASES[case]["fills_units_price_fee"], strict=True))
    closings, lots, _, _ = booked(_lots, matching, units, price, costs)
    wanted = CASES[case]["rules"][matching]
    found = [
        {
            "close_fill": int(closings["close_fill"][n]),
            "open_fill": int(closings["open_fill"][n]),
            "units": closings["close_units"][n],
            "open_price": closings["open_price"][n],
            "close_price": closings["close_price"][n],
            "pnl": closings["close_units"][n] * (closings["close_price"][n] - closings["open_price"][n]),
        }
        for n in range(len(closings["close_units"]))
    ]
    assert found == [
        pytest.approx({**each, "open_fill": -1 if each["open_fill"] is None else each["open_fill"]}, rel=1e-12)
        for each in wanted["closings"]
    ]
    kept = sorted([u, p] for u, p in zip(lots["lot_units"], lots["lot_price"], strict=True) if u)
    assert kept == [pytest.approx(each, rel=1e-12) for each in sorted(wanted["open"])]
    paid = closings["open_costs"].sum() + closings["close_costs"].sum() + lots["lot_costs"].sum()
    assert paid == pytest.approx(wanted["fees"], rel=1e-12)


@given(st.data(), st.sampled_from(["fifo", "lifo", "hifo", "average"]))
@examples(40)
def test_compiled_and_uncompiled_reach_the_same_bits(data, matching):
    count = data.draw(st.integers(0, 25))
    units = data.draw(st.lists(st.integers(-5, 5).filter(bool), min_size=count, max_size=count))
    price = data.draw(st.lists(st.floats(1.0, 9.0), min_size=count, max_size=count))
    position = np.array(data.draw(st.lists(st.integers(0, 1), min_size=count, max_size=count)), dtype=np.intp)
    events = sorted(
        data.draw(st.lists(st.tuples(st.integers(0, count), st.sampled_from([0, 1, 2, 3, 4])), max_size=6)),
        key=lambda each: each[0],
    )
    others = {
        "before": np.array([each[0] for each in events], dtype=np.intp),
        "code": np.array([each[1] for each in events], dtype=np.intp),
        "first": np.zeros(len(events), dtype=np.intp),
        "second": np.full(len(events), 2, dtype=np.intp),
        "value": np.full(len(events), 0.7),
        "share": np.full(len(events), 0.2),
        "paid": np.zeros(len(events)),
    }
    sides = [
        abs(each) if place == 0 and data.draw(st.booleans()) else each
        for each, place in zip(units, position, strict=True)
    ]
    given_to = (matching, np.array(sides, dtype=float) * 0.1, price, np.full(count, 0.3), position)
    try:
        one = booked(_lots, *given_to, {name: each.copy() for name, each in others.items()}, bars=1)
    except AssertionError:  # a spin-off met a position of the other side
        with pytest.raises(AssertionError):
            booked(UNCOMPILED["trades._lots"], *given_to, {name: each.copy() for name, each in others.items()}, bars=1)
        return
    other = booked(UNCOMPILED["trades._lots"], *given_to, {name: each.copy() for name, each in others.items()}, bars=1)
    for compiled, plain in zip(one, other, strict=True):
        for name in compiled:
            assert compiled[name].tobytes() == plain[name].tobytes(), name
