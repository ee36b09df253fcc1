"""Properties of all limits over drawn books, limits and flows of orders."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import Decision
from riskresearch.pretrade import Outcome
from tests.examples import examples
from tests.pretrade.drawn import AT, BY_STRATEGY, books, limits, made, market_orders, orders, thresholds

# Thresholds are drawn of any size.
pytestmark = pytest.mark.filterwarnings("ignore:.* is a fraction:riskresearch.core.ConventionWarning")

some_limits = st.lists(limits, min_size=1, max_size=4)
some_orders = st.lists(orders, min_size=1, max_size=6)
bits = np.float64


def same_bits(one, other):
    return np.array(one, dtype=bits).tobytes() == np.array(other, dtype=bits).tobytes()


@given(
    book=books(strategies=True),
    given_limits=some_limits,
    flow=some_orders,
    on_breach=st.sampled_from(["deny", "clip", "record"]),
)
@examples(15)
def test_a_batch_is_its_orders_one_by_one(book, given_limits, flow, on_breach):
    checker, own = UnifiedLimitChecker(given_limits, on_breach=on_breach), made(book)
    verdicts = checker.check_batch(flow, own)
    for place, order in enumerate(flow):
        one = checker.check(order, own)
        other = verdicts[place]
        assert (one.outcome, one.units, one.denied, one.warned) == (
            other.outcome,
            other.units,
            other.denied,
            other.warned,
        )
        assert same_bits([each.value for each in one.measured], [each.value for each in other.measured])
        if one.units:
            own = own.after({**order, "units": one.units})


@given(book=books(strategies=True, missing=True), given_limits=some_limits, flow=some_orders, seed=st.randoms())
@examples(20)
def test_independent_orders_may_come_in_any_order(book, given_limits, flow, seed):
    checker, own, places = UnifiedLimitChecker(given_limits), made(book), list(range(len(flow)))
    seed.shuffle(places)
    straight = checker.check_batch(flow, own, mode="independent")
    turned = checker.check_batch([flow[place] for place in places], own, mode="independent")
    assert straight.denied[places].tolist() == turned.denied.tolist()
    assert straight.outcome[places].tolist() == turned.outcome.tolist()


@pytest.mark.parametrize("name", sorted(AT))
@given(book=books(strategies=True, missing=True), order=orders, k=thresholds, more=st.integers(0, 40))
@examples(15)
def test_a_tighter_limit_accepts_no_more(name, book, order, k, more):
    own = made(book)
    for on_breach in ("deny", "clip"):
        tight, loose = (
            UnifiedLimitChecker([AT[name](each)], on_breach=on_breach).check(order, own) for each in (k, k + more)
        )
        assert abs(tight.units) <= abs(loose.units)
        inclusive = UnifiedLimitChecker([AT[name](k, inclusive=True)], on_breach=on_breach).check(order, own)
        assert abs(inclusive.units) <= abs(tight.units)


@given(
    book=books(strategies=True, missing=True), given_limits=some_limits, order=orders, lot=st.sampled_from([None, 1, 4])
)
@examples(50)
def test_what_would_pass_passes_and_one_lot_more_does_not(book, given_limits, order, lot):
    rules = [*given_limits, *([] if lot is None else [pretrade.LotSize(lot)])]
    checker, own = UnifiedLimitChecker(rules), made(book)
    repair = checker.repair(order, own)
    sign, step = np.sign(order["units"]), lot or 1
    assert 0 <= repair.units * sign <= abs(order["units"])
    if repair.units:
        assert checker.check({**order, "units": repair.units}, own).passes
    if repair.units == order["units"]:
        assert repair.binding == ""
        return
    assert repair.binding
    more = repair.units + sign * step
    assert abs(more) > abs(order["units"]) or not checker.check({**order, "units": more}, own).passes
    clipped = UnifiedLimitChecker(rules, on_breach="clip").check(order, own)
    assert (clipped.units, clipped.outcome) == (repair.units, Outcome.CLIP if repair.units else Outcome.DENY)


@given(book=books(missing=True), given_limits=some_limits)
@examples(15)
def test_headroom_consumed_passes_and_one_unit_more_does_not(book, given_limits):
    checker, own = UnifiedLimitChecker([each for each in given_limits if each.scope != "strategy"]), made(book)
    units = checker.headroom(own).units
    for asset, row in units.iterrows():
        for side, sign in (("buy", 1), ("sell", -1)):
            most = row[side]
            if np.isinf(most):
                assert checker.check({"asset": asset, "units": sign * 2.0**40}, own).passes
                continue
            if most:
                assert checker.check({"asset": asset, "units": sign * most}, own).passes
            over = checker.check({"asset": asset, "units": sign * (most + 1)}, own)
            assert not over.passes
            assert set(row[f"{side}_limit"].split("+")) == set(over.codes)


@given(book=books(missing=True, strategies=True), k=thresholds, part=st.integers(1, 60), data=st.data())
@examples(20)
def test_an_exit_passes_every_limit(book, k, part, data):
    """Working orders of its side aside, what only reduces passes, whatever is missing and however tight limits are."""
    own = made({**book, "working": [], "decision": Decision(reduce_only=True)})
    asset = data.draw(st.sampled_from("ABC"))
    held = book["units"][asset]
    if not held:
        return
    rules = [make(k) for name, make in AT.items() if name not in BY_STRATEGY]
    rules += [pretrade.TradingStateLimit(), pretrade.RestrictedList(["A", "B", "C"]), pretrade.AllowedList([])]
    rules += [pretrade.ValueAtRisk(0.0), pretrade.MinimumTrade(1.0), pretrade.UcitsConcentration()]
    size = min(part, abs(held))
    order = {"asset": asset, "units": -np.sign(held) * size, "limit_price": data.draw(st.integers(1, 40))}
    checked = UnifiedLimitChecker(rules).check(order, own)
    assert checked.outcome == Outcome.PASS, checked.explain()


@given(book=books(missing=True), flow=some_orders, given_limits=some_limits)
@examples(20)
def test_neither_book_nor_orders_change(book, flow, given_limits):
    own, checker = made(book), UnifiedLimitChecker(given_limits)
    before = own.to_frame()
    first = checker.check_batch(flow, own)
    checker.headroom(own), checker.what_if(flow, own), checker.repair(flow[0], own)
    again = checker.check_batch(flow, own)
    assert own.to_frame().equals(before)
    assert first.denied.tolist() == again.denied.tolist()
    same = UnifiedLimitChecker(given_limits)
    assert same == checker
    assert hash(same) == hash(checker)


@given(book=books(), flow=st.lists(market_orders, min_size=1, max_size=5), k=thresholds)
@examples(20)
def test_what_if_measures_the_book_that_all_orders_leave(book, flow, k):
    given_book = {**book, "working": []}
    checker = UnifiedLimitChecker([AT["GrossExposure"](k), AT["NetExposure"](k), AT["PositionUnits"](k)])
    table = checker.what_if(flow, made(given_book)).to_frame()
    after = dict(given_book["units"])
    for order in flow:
        after[order["asset"]] += order["units"]
    prices = given_book["prices"]
    wanted = [
        sum(abs(after[each]) * prices[each] for each in after), abs(sum(after[each] * prices[each] for each in after)),
    ]  # fmt: skip
    assert table["after"].tolist()[:2] == wanted
    assert table["broken"].tolist()[:2] == [wanted[0] > 16 * k, wanted[1] > 8 * k]
