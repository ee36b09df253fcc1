"""What a stream refuses at once, since no table could be made of it at the end; each leaves the stream usable."""

import asyncio

import pytest

from riskresearch.core import Fill, InvalidInputError
from riskresearch.posttrade import CashFlow, PostTradeStream, Prices


def fill(units=1.0, **options):
    return Fill("A", "portfolio", None, "order", units, 10.0, **options)


@pytest.mark.parametrize(
    ("time", "event", "match"),
    [
        ("2024-01-05 10:00", fill(id="x"), "id of its own, got 'x' twice"),
        ("2024-01-05 08:00", fill(), "not be before that of the last fill"),
        ("2024-01-05 10:00Z", fill(), "as that of the other events"),
        ("2024-01-04", Prices([11.0]), "not be before that of the last Fill of the bar"),
        ("2024-01-05 08:59", Prices([11.0]), "not be before that of the last Fill of the bar"),
        ("2024-01-05Z", Prices([11.0]), "as that of the other events"),
        ("soon", Prices([11.0]), "time must be a date"),
    ],
)
def test_a_refusal_leaves_a_stream_that_gives_its_tables(time, event, match):
    stream = PostTradeStream(assets=["A"])
    stream.update("2024-01-05 09:00", fill(id="x"))
    with pytest.raises(InvalidInputError, match=match):
        stream.update(time, event)
    stream.update("2024-01-05", Prices([12.0]))
    assert stream.report().ledger.unrealised["A"].tolist() == [2.0]


def test_prices_before_the_time_of_a_fill_are_refused_and_later_ones_close_the_bar():
    stream = PostTradeStream(assets=["A"])
    stream.update("2024-01-01 10:00", Prices([10.0]))
    stream.update("2024-01-01 12:30", fill())
    with pytest.raises(InvalidInputError, match="last Fill of the bar, 2024-01-01 12:30"):
        stream.update("2024-01-01 12:00", Prices([10.0]))
    stream.update("2024-01-01 13:00", Prices([10.5]))
    assert stream.ledger().unrealised["A"].tolist() == [0.0, 0.5]


def test_prices_are_not_before_a_deposit_of_their_bar():
    stream = PostTradeStream(assets=["A"])
    stream.update("2024-01-05", CashFlow(100.0, "deposit"))
    with pytest.raises(InvalidInputError, match="last CashFlow of the bar"):
        stream.update("2024-01-04", Prices([12.0]))


def test_a_refused_event_ends_a_run_and_another_one_goes_on():
    async def session():
        stream, queue = PostTradeStream(assets=["A"]), asyncio.Queue(4)
        for event in (fill(id="x"), fill(id="x"), fill(id="y")):
            queue.put_nowait(("2024-01-05", event))
        queue.put_nowait(None)
        with pytest.raises(InvalidInputError, match="twice"):
            [each async for each in stream.run(queue)]
        return [each.event.id async for each in stream.run(queue)]

    assert asyncio.run(session()) == ["y"]
