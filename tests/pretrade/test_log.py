"""Verdicts in a log: judged again with the same bits, changed lines found, and what no file holds named."""

import datetime
import json

import numpy as np
import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import Decision, InvalidInputError

BOOK = pretrade.Book(
    {"A": 60, "B": -3.3}, {"A": 10.0, "B": float("nan")}, cash=400.0, average_volume={"A": 1e4}, locates={"B": 10},
    working=[{"asset": "A", "units": 5, "limit_price": 9.9}], groups={"sector": {"A": "x", "B": "y"}},
    scenarios=pd.DataFrame({"A": [0.01, -0.02], "B": [0.0, 0.1]}), betas={"A": 1.1}, factors={"value": {"A": 0.3}},
    decision=Decision(reduce_only=np.array([True, False]), units={"long": Decision(0.5)}), account="main",
    time=datetime.datetime(2024, 1, 2, 15, 0), recent=[{"asset": "A", "units": 1, "time": "2024-01-01"}],
    strategy_units={"trend": {"A": 60}}, traded={"": 12.5, "trend": 3.0}, released={"trend": "2024-01-01"},
    ages={"prices": 2.0, "average_volume": {"A": 1.0}},
)  # fmt: skip
LIMITS = [
    pretrade.PositionUnits({"A": 100, "*": 5}, name="small"), pretrade.PriceCollar(0.05, warn=0.01),
    pretrade.Session("09:30", "16:00", time_zone="America/New_York", holidays=["2024-12-25"]),
    pretrade.ValueAtRisk(0.1), pretrade.TradingStateLimit(), pretrade.GroupWeight({"x": 0.2, "*": 0.1}),
    pretrade.AllowedList({"trend": ["A"]}), pretrade.RestrictedList(["B"]), pretrade.DuplicateOrder(5),
    pretrade.Leverage(1.5, valid_from=datetime.datetime(2020, 1, 1), valid_until=datetime.date(2030, 1, 1)),
    pretrade.StressLoss(0.1, shocks={"*": -0.2}), pretrade.UcitsConcentration(by="asset"),
    pretrade.OrderRate(3, window=9),
]  # fmt: skip
ORDERS = [
    {"asset": "A", "units": 50, "strategy": "trend", "limit_price": 10.3},
    {"asset": "A", "units": -0.1, "time": "2024-01-02 15:00:01"},
    {"asset": "B", "units": 1.1, "order_id": "7", "account": "main"},
    {"asset": "Z", "units": float("nan")},
    {"asset": "A", "units": 50, "strategy": "trend", "kind": "cancel"},
]


def judged(**options):
    mode = options.pop("mode", "cumulative")
    return UnifiedLimitChecker(LIMITS, max_age={"prices": 5.0}, **options).check_batch(ORDERS, BOOK, mode=mode)


@pytest.mark.parametrize("on_breach", ["deny", "clip", "record"])
@pytest.mark.parametrize("mode", ["cumulative", "all_or_none", "independent"])
def test_a_log_gives_the_same_verdicts(tmp_path, on_breach, mode):
    verdicts = judged(on_breach=on_breach, mode=mode)
    path = tmp_path / "verdicts.jsonl"
    verdicts.write_log(path)
    again = pretrade.replay(path)
    assert again.same, again.difference
    for name in ("outcome", "units", "denied", "warned"):
        np.testing.assert_array_equal(getattr(again.verdicts, name), getattr(verdicts, name))
    assert again.verdicts.checker == verdicts.checker
    np.testing.assert_array_equal(again.verdicts.values(), verdicts.values())
    assert again.verdicts.explain(0) == verdicts.explain(0)


def test_each_line_is_strict_json_with_order_reasons_and_digest(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    verdicts = judged()
    verdicts.write_log(path)
    lines = [json.loads(line, parse_constant=pytest.fail) for line in path.read_text().splitlines()]
    assert len(lines) == 1 + len(ORDERS)
    assert {"limits_digest", "inputs_digest", "limits", "book", "digest"} <= set(lines[0])
    assert [line["outcome"] for line in lines[1:]] == [verdict.outcome.name for verdict in verdicts]
    assert lines[1]["reasons"] == list(verdicts[0].reasons)


@pytest.mark.parametrize("line", range(6))
def test_a_changed_line_is_found(tmp_path, line):
    path = tmp_path / "verdicts.jsonl"
    judged().write_log(path)
    lines = path.read_text().splitlines()
    lines[line] = lines[line].replace("0", "1", 1)
    path.write_text("\n".join(lines))
    with pytest.raises(InvalidInputError, match=rf"line {line + 1} was changed|log that Verdicts.write_log wrote"):
        pretrade.replay(path)


def test_a_line_that_is_left_out_is_found(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    judged().write_log(path)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:2] + lines[3:]))
    with pytest.raises(InvalidInputError, match="line 3 was changed, or one before it was left out"):
        pretrade.replay(path)


def test_other_limits_name_the_first_order_that_differs(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    checker = UnifiedLimitChecker([pretrade.OrderUnits(100)])
    checker.check_batch([{"asset": "A", "units": 50}, {"asset": "A", "units": 60}], BOOK).write_log(path)
    again = pretrade.replay(path, limits=[pretrade.OrderUnits(55)])
    assert not again.same
    assert again.difference == "order 1 was PASS of 60.0 units and is DENY of 0.0 units by ORDER_UNITS."
    assert again.difference in again.summary()


def test_a_limit_with_a_function_is_given_again(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    limits = [pretrade.CustomLimit(lambda order, book: abs(order.units) + book.units[0], deny=100, name="mine")]
    verdicts = UnifiedLimitChecker(limits).check_batch(ORDERS[:2], BOOK)
    verdicts.write_log(path)
    with pytest.raises(InvalidInputError, match="limits must be given for a log with a CustomLimit"):
        pretrade.replay(path)
    assert pretrade.replay(path, limits=limits).same


@pytest.mark.parametrize("text", ["", "{}", "not json", '{"version": 99}', "[1]"])
def test_what_is_no_log_is_refused(tmp_path, text):
    path = tmp_path / "other.txt"
    path.write_text(text)
    with pytest.raises(InvalidInputError, match="path must be a log"):
        pretrade.replay(path)
    with pytest.raises(InvalidInputError, match=r"path must be a log of verdicts, got .*No such file"):
        pretrade.replay(tmp_path / "none.jsonl")


def test_an_empty_batch_has_a_log(tmp_path):
    path = tmp_path / "verdicts.jsonl"
    UnifiedLimitChecker([]).check_batch([], BOOK).write_log(path)
    assert pretrade.replay(path).same
