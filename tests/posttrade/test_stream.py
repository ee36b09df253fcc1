"""Events of a queue, one at a time, and the tables of the whole with the bits of one call."""

import asyncio

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import posttrade
from riskresearch.core import Fill, InvalidInputError
from riskresearch.posttrade import CashFlow, CorporateAction, ExchangeRates, PostTradeStream, Prices
from tests.examples import examples

DAYS = pd.bdate_range("2024-01-01", periods=12)
NAMES = ["A", "B"]
PRICES = pd.DataFrame(np.random.default_rng(5).uniform(9.0, 11.0, (12, 2)).round(2), DAYS, NAMES)
RATES = pd.DataFrame({"EUR": np.linspace(1.0, 1.2, 12)}, DAYS)


def events_of(trades, *, rates=False, intraday=True):
    """Return pairs of a time and an event: a deposit, fills, a split and a dividend, and prices of each bar."""
    found = [(DAYS[0], CashFlow(1e4, "deposit"))] if not rates else []
    for bar, day in enumerate(DAYS):
        if bar == 4:
            found.append((day, CorporateAction("A", "split", 0.5)))
        if bar == 7:
            found.append((day, CorporateAction("B", "cash_dividend", 0.25)))
        if rates:
            found.append((day, ExchangeRates({"EUR": float(RATES["EUR"].iloc[bar])})))
            if bar == 0:
                found.append((day, CashFlow(1e4, "deposit")))
        own = [each for each in trades if each[0] == bar]
        for place, (_, asset, units) in enumerate(own):
            when = day + pd.Timedelta(hours=9 + place) if intraday else day
            found.append((when, Fill(NAMES[asset], "portfolio", None, "order", units, 10.0 + 0.1 * place, 1.0)))
        found.append((day, Prices(PRICES.iloc[bar].tolist())))
    return found


def tables_of(events, money):
    """Return the arguments of `analyze` that hold the same events, made here by hand."""
    fills = pd.DataFrame([fill for _, fill in events if isinstance(fill, Fill)], columns=list(Fill._fields))
    fills = fills[["asset", "account", "kind", "units", "price", "commission", "spread", "impact", "fees"]]
    fills.insert(0, "time", [when for when, event in events if isinstance(event, Fill)])
    if money:
        fills["currency"] = [money.get(name, "base") for name in fills["asset"]]
    actions = [(a.symbol, when, a.kind, a.value) for when, a in events if isinstance(a, CorporateAction)]
    flows = [(when, a.amount, a.kind) for when, a in events if isinstance(a, CashFlow)]
    return {
        "fills": fills, "prices": PRICES, "duplicates": "keep",
        "corporate_actions": pd.DataFrame(actions, columns=["symbol", "date", "kind", "value"]),
        "cash_flows": pd.DataFrame(flows, columns=["time", "amount", "kind"]),
        "rates": RATES if money else None,
    }  # fmt: skip


TRADES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 1), st.sampled_from([-5.0, -2.0, 3.0, 0.7])), max_size=25
)


@given(TRADES, st.sampled_from(["fifo", "lifo", "hifo", "average"]), st.booleans(), st.booleans())
@examples(30)
def test_tables_at_the_end_have_the_bits_of_one_call(trades, matching, rates, intraday):
    money = {"B": "EUR"} if rates else {}
    events = events_of(trades, rates=rates, intraday=intraday)
    stream = PostTradeStream(assets=NAMES, matching=matching, rule="per_close", currencies=money)
    answers = [stream.update(*each) for each in events]
    streamed = stream.report()
    batch = posttrade.analyze(**tables_of(events, money), matching=matching, rule="per_close")
    for name in ("pnl", "equity", "cash", "realised", "unrealised", "weights", "positions"):
        one, other = getattr(streamed.ledger, name), getattr(batch.ledger, name)
        assert one.to_numpy().tobytes() == other.to_numpy().tobytes(), name
    pd.testing.assert_frame_equal(streamed.round_trips.trips, batch.round_trips.trips, check_exact=True)
    bars = [answer for (_, event), answer in zip(events, answers, strict=True) if isinstance(event, Prices)]
    np.testing.assert_allclose([bar.equity[0] for bar in bars], streamed.ledger.equity, rtol=1e-12)


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 30.0))


def test_a_bounded_queue_holds_back_who_fills_it():
    events = events_of([(1, 0, 3.0), (5, 0, -6.0)])

    async def ask():
        queue, stream, put, seen = asyncio.Queue(maxsize=2), PostTradeStream(assets=NAMES), [], []

        async def produce():
            for each in events:
                await queue.put(each)
                put.append(each)
            await queue.put(None)

        producer = asyncio.create_task(produce())
        async for streamed in stream.run(queue):
            await asyncio.sleep(0)
            seen.append(streamed)
            assert len(put) <= len(seen) + 3
        await producer
        await queue.join()
        return stream, seen

    stream, seen = run(ask())
    assert [(each.time, each.event) for each in seen] == events
    assert len(stream.report().round_trips.trips) == 1


@pytest.mark.parametrize("cut", [0, 3, 9])
def test_a_cancelled_run_leaves_no_event_half_processed(cut):
    events = events_of([(1, 0, 3.0), (2, 1, -2.0), (5, 0, -3.0)])

    async def ask():
        queue, stream = asyncio.Queue(), PostTradeStream(assets=NAMES)

        async def consume(count):
            number = 0
            async for _ in stream.run(queue):
                number += 1
                if number == count:
                    break

        for each in events[:cut]:
            queue.put_nowait(each)
        task = asyncio.create_task(consume(-1))
        while not queue.empty():
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        for each in events[cut:]:
            queue.put_nowait(each)
        await consume(len(events) - cut)
        return stream

    stream = run(ask())
    whole = PostTradeStream(assets=NAMES)
    for each in events:
        whole.update(*each)
    assert stream.report().ledger.equity.to_numpy().tobytes() == whole.report().ledger.equity.to_numpy().tobytes()


def test_a_refused_event_raises_changes_nothing_and_the_run_goes_on():
    events = events_of([(1, 0, 3.0)])

    async def ask():
        queue, stream = asyncio.Queue(), PostTradeStream(assets=NAMES)
        for each in (
            *events[:3],
            (DAYS[1] + pd.Timedelta(hours=9), Fill("X", "portfolio", None, "order", 1.0, 1.0)),
            "no pair",
            *events[3:],
            None,
        ):
            queue.put_nowait(each)
        raised, seen = [], 0
        while True:
            try:
                async for _ in stream.run(queue):
                    seen += 1
                return stream, raised, seen
            except InvalidInputError as error:
                raised.append(str(error))

    stream, raised, seen = run(ask())
    assert seen == len(events)
    assert "asset must be one that the ledger was started with" in raised[0]
    assert "pairs of a time and an event" in raised[1]
    assert stream.report().ledger.positions["A"].iloc[-1] == 6.0


def test_order_within_a_bar_and_between_bars():
    stream = PostTradeStream(assets=NAMES)
    buy = Fill("A", "portfolio", None, "order", 1.0, 10.0)
    with pytest.raises(InvalidInputError, match="needs the prices of a bar"):
        stream.report()
    stream.update(DAYS[0], buy)
    with pytest.raises(InvalidInputError, match="needs the prices of a bar"):
        stream.report()
    with pytest.raises(InvalidInputError, match="a CorporateAction must come before the fills"):
        stream.update(DAYS[0], CorporateAction("A", "split", 0.5))
    stream.update(DAYS[0], Prices([10.0, 10.0]))
    with pytest.raises(InvalidInputError, match="time must be after that of the last prices, 2024-01-01"):
        stream.update(DAYS[0], buy)
    stream.update(DAYS[1] + pd.Timedelta(hours=12), buy)
    with pytest.raises(InvalidInputError, match="time must not be before that of the last fill"):
        stream.update(DAYS[1] + pd.Timedelta(hours=11), buy)
    with pytest.raises(InvalidInputError, match="time must be a date"):
        stream.update("soon", buy)
    stream.update(DAYS[1], Prices([10.0, 10.0]))
    assert stream.ledger().positions["A"].tolist() == [1.0, 2.0]


def test_numbers_of_bars_as_times():
    stream = PostTradeStream(assets=["A"])
    for bar, price in enumerate([10.0, 11.0, 12.0]):
        stream.update(bar, Fill("A", "portfolio", None, "order", 1.0, price))
        stream.update(bar, Prices([price]))
    assert stream.ledger().equity.tolist() == [0.0, 1.0, 3.0]


def test_a_fill_that_its_bar_does_not_hold_is_named():
    stream = PostTradeStream(assets=["A"])
    stream.update("2024-01-01 10:00", Prices([10.0]))
    stream.update("2024-01-01 12:30", Fill("A", "portfolio", None, "order", 1.0, 10.0))
    stream.update("2024-01-01 12:00", Prices([10.0]))
    stream.update("2024-01-01 13:00", Prices([10.0]))
    with pytest.raises(InvalidInputError, match="each fill must come before the prices of its bar"):
        stream.report()
