"""A ledger that is told one event after another: the numbers of the history, bit for bit, at any cut."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st

from riskresearch.core import Fill, InvalidInputError
from riskresearch.posttrade import CashFlow, CorporateAction, ExchangeRates, LedgerRules, Prices
from riskresearch.posttrade.ledger._profit import by_group
from tests.examples import examples
from tests.posttrade.ledger.cases import (
    ASSETS,
    BARS,
    DAYS,
    FLOWS,
    PRICES,
    ROWS,
    RULES,
    actions_of,
    fills_of,
    flows_of,
    ledger_of,
)

RATES = pd.DataFrame({"USD": np.linspace(0.8, 1.3, BARS)}, index=DAYS)
ACTIONS = (
    (2, "A", "split", 0.3, None, np.nan),
    (3, "B", "cash_dividend", 0.7, None, np.nan),
    (4, "B", "spin_off", 0.4, "C", 0.25),
    (6, "A", "delisting", 2.5, None, np.nan),
)


def order_of(rows):
    return sorted(rows, key=lambda row: row[0])


def events_of(rows, flows, actions, *, rates=False):
    """Return all events in the order of a history: of each bar actions, fills, cash flows, prices."""
    found = []
    for bar in range(BARS):
        if rates:
            found.append(ExchangeRates({"USD": float(RATES["USD"].iloc[bar])}))
        found += [
            CorporateAction(s, kind, value, new or "", basis)
            for row, s, kind, value, new, basis in actions
            if row == bar
        ]
        found += [
            Fill(asset, "portfolio", None, "order", float(units), price, fees=fees)
            for row, asset, units, price, fees in rows if row == bar
        ]  # fmt: skip
        found += [CashFlow(amount, kind) for row, amount, kind in flows if row == bar]
        found.append(Prices(PRICES.iloc[bar].tolist()))
    return found


def assert_same(bars, ledger):
    profit, places = ledger.books.profit, ledger.books.history.positions
    accounts = len(ledger.books.accounts)
    assert [bar.equity[0] for bar in bars] == ledger.equity.tolist()
    assert [bar.cash[0] for bar in bars] == ledger.cash.tolist()
    assert [bar.flows[0] for bar in bars] == ledger.flows.tolist()
    for name in ("realised", "unrealised"):
        summed = by_group(getattr(profit, name), places.account, accounts)[:, 0]
        assert [getattr(bar, name)[0] for bar in bars] == summed.tolist()


@given(
    ROWS, FLOWS, st.sampled_from(RULES), st.lists(st.sampled_from(ACTIONS), max_size=4, unique=True), st.integers(0, 60)
)
@example(
    rows=[], flows=[(0, 4095.0, "deposit"), (0, -1.0, "withdrawal"), (0, 1.4841601728435307, "deposit")],
    matching="fifo", actions=[], cut=0,
)  # fmt: skip
@examples(80)
def test_the_stream_is_the_history_bit_for_bit_and_goes_on_from_json(rows, flows, matching, actions, cut):
    rows = [
        row if row[1] != "C" else (*row[:2], abs(row[2]), *row[3:]) for row in rows if row[1] != "B" or row[2] > 0.0
    ]
    fills, moved = fills_of(order_of(rows)), flows_of(flows)
    ledger = ledger_of(fills, cash_flows=moved, corporate_actions=actions_of(*actions), matching=matching)
    events = events_of(order_of(rows), order_of(flows), actions)
    running = LedgerRules(matching).start(assets=list(ASSETS))
    answers = []
    for number, event in enumerate(events):
        if number == cut:
            running = LedgerRules(matching).resume(json.loads(json.dumps(running.to_dict(), allow_nan=False)))
        answers.append(running.update(event))
    bars = [answer for answer, event in zip(answers, events, strict=True) if type(event) is Prices]
    assert_same(bars, ledger)
    held = ledger.positions.iloc[-1]
    assert running.positions == {("portfolio", asset): held[asset] for asset in ASSETS if held[asset]}


@given(ROWS, st.sampled_from(RULES))
@examples(40)
def test_currencies_of_the_stream_are_those_of_the_history(rows, matching):
    if not rows:
        return
    fills = fills_of(order_of(rows)).assign(currency="USD")
    ledger = ledger_of(fills, matching=matching, rates=RATES, base_currency="EUR")
    running = LedgerRules(matching, base_currency="EUR").start(assets=ASSETS, currencies=dict.fromkeys(ASSETS, "USD"))
    answers = [running.update(event) for event in events_of(order_of(rows), [], [], rates=True)]
    assert_same([answer for answer in answers if not isinstance(answer, float)], ledger)


def test_many_lots_and_closings_leave_room_and_the_same_bits():
    rng = np.random.default_rng(3)
    units = rng.integers(-9, 10, 3000).astype(float)
    units[units == 0.0] = 1.0
    rows = [(int(n * BARS / 3000), "AB"[n % 2], units[n], float(rng.uniform(5, 15)), 0.1) for n in range(3000)]
    for matching in RULES:
        running = LedgerRules(matching).start(assets=ASSETS)
        answers = [running.update(event) for event in events_of(rows, [], [])]
        assert_same(
            [each for each in answers if not isinstance(each, float)], ledger_of(fills_of(rows), matching=matching)
        )
        assert len(running._state["lot_units"]) < 3000 or len(running.to_dict()["state"]["lots"]["units"]) > 300


def test_a_fill_names_its_lot_also_after_a_restart_and_after_a_spin_off():
    rules = LedgerRules("specific")
    running = rules.start(assets=ASSETS)
    for own, price in (("x", 10.0), ("y", 12.0), ("z", 14.0)):
        running.update(Fill("A", "portfolio", None, "order", 5.0, price, id=own))
    running.update(CorporateAction("A", "spin_off", 1.0, "B", 0.5))
    running = rules.resume(running.to_dict())
    assert running.update(Fill("A", "portfolio", None, "order", -5.0, 10.0, id="c", lot="y")) == 5.0 * (10.0 - 6.0)
    assert running.update(Fill("B", "portfolio", None, "order", -2.0, 10.0, id="d", lot="z")) == 2.0 * (10.0 - 7.0)
    for lot, why in (("y", "name an open lot"), ("nobody", "name an open lot"), (None, "name an open lot")):
        before = running.to_dict()
        with pytest.raises(InvalidInputError, match=why):
            running.update(Fill("A", "portfolio", None, "order", -5.0, 10.0, id="e", lot=lot))
        assert running.to_dict() == before
    with pytest.raises(InvalidInputError, match="not close more than the lot"):
        running.update(Fill("A", "portfolio", None, "order", -6.0, 10.0, id="e", lot="x"))
    with pytest.raises(InvalidInputError, match="'x' twice"):
        running.update(Fill("A", "portfolio", None, "order", 5.0, 10.0, id="x"))


def test_futures_and_accounts():
    running = LedgerRules().start(assets=["F", "G"], accounts=["one", "two"], multipliers={"F": 50.0})
    assert running.update(Fill("F", "two", None, "order", 2.0, 100.0, commission=1.0)) == 0.0
    assert running.update(Fill("F", "two", None, "order", -1.0, 101.0, commission=1.0)) == 50.0
    bar = running.update(Prices({"F": 102.0}))
    assert bar.equity == (0.0, 50.0 + 100.0 - 2.0)
    assert bar.unrealised == (0.0, 100.0)
    assert running.positions == {("two", "F"): 1.0}


@pytest.mark.parametrize(
    ("event", "why"),
    [
        (Fill("X", "portfolio", None, "order", 1.0, 1.0), "asset must be one that the ledger was started with"),
        (Fill("A", "nobody", None, "order", 1.0, 1.0), "account must be one that"),
        (Fill("A", "portfolio", None, "order", np.nan, 1.0), "units must be a finite number"),
        (Fill("A", "portfolio", None, "order", 1.0, "2"), "price must be a finite number"),
        (Fill("A", "portfolio", None, "order", True, 1.0), "units must be a finite number"),
        (Fill("A", "portfolio", None, "order", 0.0, 1.0), "units must not be zero"),
        (Fill("A", "portfolio", None, "order", 1.0, 1.0, fees=np.inf), "fees must be a finite number"),
        (Prices([1.0]), "one for each of 3 assets"),
        (Prices({"X": 1.0}), "asset must be one that"),
        (Prices([1.0, -1.0, 1.0]), "price of 'B' must be positive"),
        (CashFlow(-1.0, "deposit"), "positive amount for a deposit"),
        (CashFlow(1.0, "gift"), "kind must be one of"),
        (CashFlow(1.0, "deposit", currency="USD"), "currency must be one that"),
        (CorporateAction("A", "split", 0.0), "value must be positive"),
        (CorporateAction("A", "spin_off", 1.0, "B"), "basis must be a finite number"),
        (CorporateAction("A", "symbol_change", new_symbol="A"), "another asset"),
        (ExchangeRates({"USD": 1.0}), "currency must be one that"),
        ({"asset": "A"}, "event must be a Fill"),
        (None, "event must be a Fill"),
    ],
)  # fmt: skip
def test_what_is_refused_changes_nothing(event, why):
    running = LedgerRules().start(assets=ASSETS)
    running.update(Fill("A", "portfolio", None, "order", 5.0, 10.0))
    before = running.to_dict()
    with pytest.raises(InvalidInputError, match=why):
        running.update(event)
    assert running.to_dict() == before


def test_a_start_is_checked():
    for wrong in ({"assets": "A"}, {"assets": []}, {"assets": ["A", "A"]}, {"assets": [1]}):
        with pytest.raises(InvalidInputError, match="assets must be"):
            LedgerRules().start(**wrong)
    with pytest.raises(InvalidInputError, match="currencies must name assets"):
        LedgerRules().start(assets=["A"], currencies={"B": "USD"})
    with pytest.raises(InvalidInputError, match="multipliers must name assets"):
        LedgerRules().start(assets=["A"], multipliers={"B": 2.0})
    running = LedgerRules().start(assets=["A"], currencies={"A": "USD"})
    with pytest.raises(InvalidInputError, match="ExchangeRates must come before a fill"):
        running.update(Fill("A", "portfolio", None, "order", 1.0, 1.0))
