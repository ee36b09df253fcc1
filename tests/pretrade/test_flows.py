"""Flows of orders in time: a batch is its orders one by one, whatever windows, twins, releases and hours there are."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from tests.examples import examples

T = datetime(2026, 1, 5, 12, tzinfo=UTC)
moments = st.none() | st.integers(-4, 8).map(lambda seconds: T + timedelta(seconds=seconds))
orders = st.builds(
    lambda asset, units, strategy, time, kind: {
        "asset": asset, "units": units, "strategy": strategy, "time": time, "kind": kind
    },
    st.sampled_from("AB"), st.sampled_from([-2, -1, 1, 2]), st.sampled_from("st"), moments,
    st.sampled_from(["order", "order", "order", "cancel"]),
)  # fmt: skip
windows = st.sampled_from([1, 2, 4])
scopes = st.sampled_from(["account", "strategy", "asset"])
missing = st.sampled_from(["deny", "warn", "pass"])
validity = st.fixed_dictionaries({}, optional={
    "valid_from": st.integers(-2, 4).map(lambda seconds: T + timedelta(seconds=seconds)),
    "valid_until": st.integers(4, 6).map(lambda seconds: T + timedelta(seconds=seconds)),
})  # fmt: skip


def kept(**more):
    return st.fixed_dictionaries({"on_missing": missing, "more": validity, **more}).map(
        lambda drawn: {**drawn.pop("more"), **drawn}
    )


limits = st.one_of(
    st.builds(lambda k, m: pretrade.OrderRate(k, **m), st.integers(0, 3), kept(window=windows, scope=scopes)),
    st.builds(lambda k, m: pretrade.MessageRate(k, **m), st.integers(0, 3), kept(window=windows, scope=scopes)),
    st.builds(lambda k, m: pretrade.RepeatedExecution(k, **m), st.integers(0, 3), kept(scope=scopes)),
    st.builds(lambda w, m: pretrade.DuplicateOrder(w, **m), windows, kept()),
    st.builds(lambda m: pretrade.Session("12:00:01", "12:00:04", **m), kept()),
    st.builds(lambda k, m: pretrade.PositionUnits(k, **m), st.integers(0, 4), kept()),
    st.builds(lambda k, m: pretrade.Turnover(k, **m), st.integers(0, 8), kept(scope=scopes)),
    st.builds(lambda m: pretrade.LotSize(2, **m), kept()),
    st.builds(
        lambda k, m: pretrade.CustomLimit(lambda order, book: abs(book.units).sum(), k, **m), st.integers(0, 4), kept()
    ),
)
books = st.builds(
    lambda recent, released, time, held: pretrade.Book(
        {"A": held}, {"A": 1.0, "B": 1.0}, recent=recent, released=released, time=time, nav=100.0
    ),
    st.lists(orders, max_size=4), st.dictionaries(st.sampled_from(["", "s", "t"]), moments.filter(bool), max_size=2),
    moments, st.integers(-3, 3),
)  # fmt: skip


@given(book=books, some=st.lists(limits, min_size=1, max_size=3), flow=st.lists(orders, min_size=1, max_size=7),
       on_breach=st.sampled_from(["deny", "clip", "record"]))  # fmt: skip
@examples(40)
def test_a_batch_in_time_is_its_orders_one_by_one(book, some, flow, on_breach):
    checker, own = UnifiedLimitChecker(some, on_breach=on_breach), book
    verdicts = checker.check_batch(flow, book)
    for place, order in enumerate(flow):
        one, other = checker.check(order, own), verdicts[place]
        assert (one.outcome, one.units, one.denied, one.warned) == (
            other.outcome, other.units, other.denied, other.warned
        )  # fmt: skip
        values = [np.array([each.value for each in side.measured]) for side in (one, other)]
        assert values[0].tobytes() == values[1].tobytes()
        if one.units or (order["kind"] == "cancel" and not one.denied):
            own = own.after({**order, "units": one.units})


@given(book=books, some=st.lists(limits, min_size=1, max_size=3), flow=st.lists(orders, min_size=1, max_size=7))
@examples(20)
def test_every_verdict_of_a_batch_is_the_same_when_it_is_measured_again(book, some, flow):
    verdicts = UnifiedLimitChecker(some).check_batch(flow, book)
    for place, verdict in enumerate(verdicts):
        assert verdicts[place].reasons == verdict.reasons
        graded = {each.code for each in verdict.measured if each.outcome == pretrade.Outcome.DENY}
        assert graded == set(verdict.codes)
