"""What holds for any fills: books that balance, totals that no rule of matching changes, and symmetries."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from tests.examples import examples
from tests.posttrade.ledger.cases import FLOWS, PRICES, ROWS, RULES, actions_of, fills_of, flows_of, ledger_of

NEAR = {"rel": 1e-9, "abs": 1e-8}


def profit_of(ledger):
    """Return realised and unrealised profit of each bar, over all assets."""
    return (ledger.realised + ledger.unrealised).sum(axis=1).to_numpy()


def traded_cash(fills):
    """Return the cash that fills left after each bar, by the definition and from nothing."""
    paid = -(fills["units"] * fills["price"]) - fills["fees"]
    return paid.groupby(fills["time"]).sum().reindex(PRICES.index).fillna(0.0).cumsum().to_numpy()


@given(ROWS, FLOWS)
@examples(60)
def test_profit_is_cash_and_value_less_capital_for_every_rule(rows, flows):
    fills, moved = fills_of(rows), flows_of(flows)
    cash = traded_cash(fills) + moved.groupby("time")["amount"].sum().reindex(PRICES.index).fillna(0.0).cumsum()
    units = fills.pivot_table(index="time", columns="asset", values="units", aggfunc="sum")
    held = units.reindex(index=PRICES.index, columns=PRICES.columns).fillna(0.0).cumsum()
    equity = cash.to_numpy() + (held * PRICES).sum(axis=1).to_numpy()
    external = moved[moved["kind"].isin(["deposit", "withdrawal", "transfer"])]["amount"].sum()
    earned = moved["amount"].sum() - external
    for matching in RULES:
        ledger = ledger_of(fills, cash_flows=moved, matching=matching)
        assert ledger.cash.to_numpy() == pytest.approx(cash.to_numpy(), **NEAR)
        assert ledger.equity.to_numpy() == pytest.approx(equity, **NEAR)
        assert ledger.positions.to_numpy() == pytest.approx(held.to_numpy(), abs=1e-9)
        assert profit_of(ledger)[-1] + earned - fills["fees"].sum() == pytest.approx(equity[-1] - external, **NEAR)
        assert ledger.pnl.to_numpy().sum() == pytest.approx(equity[-1] - external, **NEAR)
        assert ledger.flows.sum() == pytest.approx(external, **NEAR)


@given(ROWS)
@examples(40)
def test_the_total_does_not_depend_on_the_rule(rows):
    fills = fills_of(rows)
    totals = [profit_of(ledger_of(fills, matching=matching)) for matching in RULES]
    for total in totals[1:]:
        assert total == pytest.approx(totals[0], **NEAR)


@given(ROWS, st.integers(0, 24), st.floats(0.1, 0.9), st.sampled_from(RULES))
@examples(40)
def test_a_fill_in_two_parts_changes_no_total(rows, place, part, matching):
    if not rows:
        return
    place %= len(rows)
    bar, asset, units, price, fees = rows[place]
    parts = [(bar, asset, units * share, price, fees * share) for share in (part, 1.0 - part)]
    one, two = (
        ledger_of(fills_of(each), matching=matching) for each in (rows, [*rows[:place], *parts, *rows[place + 1 :]])
    )
    for name in ("realised", "unrealised", "positions", "equity", "cash"):
        assert getattr(two, name).to_numpy() == pytest.approx(getattr(one, name).to_numpy(), rel=1e-9, abs=1e-7), name


@given(ROWS, st.sampled_from(RULES))
@examples(40)
def test_the_mirror_image_has_the_opposite_profit(rows, matching):
    own, mirrored = (
        ledger_of(
            fills_of([(bar, asset, sign * units, price, 0.0) for bar, asset, units, price, _ in rows]),
            matching=matching,
        )
        for sign in (1.0, -1.0)
    )
    if matching == "hifo":  # the worst price for tax of each side: other lots, whose units add up in another order
        np.testing.assert_allclose(own.positions, -mirrored.positions, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(own.equity, -mirrored.equity, rtol=1e-12, atol=1e-9)
        return
    for name in ("realised", "unrealised", "positions", "equity"):
        assert (getattr(own, name) == -getattr(mirrored, name)).to_numpy().all(), name


@given(ROWS, st.integers(0, 7), st.sampled_from([0.5, 0.25, 2.0, 4.0]), st.sampled_from(RULES))
@examples(40)
def test_a_split_of_shares_changes_nothing_but_units(rows, bar, value, matching):
    plain = ledger_of(fills_of(rows), matching=matching)
    later = [
        (row, asset, units / value, price * value, fees)
        if asset == "A" and row >= bar
        else (row, asset, units, price, fees)
        for row, asset, units, price, fees in rows
    ]
    prices = PRICES.copy()
    prices.iloc[bar:, 0] *= value
    split = ledger_of(
        fills_of(later), prices=prices, matching=matching,
        corporate_actions=actions_of((bar, "A", "split", value, None, np.nan)),
    )  # fmt: skip
    for name in ("realised", "unrealised", "value", "equity", "cash", "returns", "weights"):
        assert getattr(split, name).to_numpy() == pytest.approx(getattr(plain, name).to_numpy(), nan_ok=True, **NEAR), (
            name
        )


@given(ROWS, st.sampled_from(RULES), st.floats(0.1, 3.0), st.floats(0.0, 0.9))
@examples(40)
def test_spin_offs_and_changes_of_symbol_move_cost_and_no_profit(rows, matching, ratio, basis):
    before = [(min(bar, 3), asset, units, price, fees) for bar, asset, units, price, fees in rows if asset != "C"]
    plain = ledger_of(fills_of(before), matching=matching)
    for action in ((4, "A", "spin_off", ratio, "C", basis), (4, "A", "symbol_change", np.nan, "C", np.nan)):
        moved = ledger_of(fills_of(before), matching=matching, corporate_actions=actions_of(action))
        cost, was = (each.value - each.unrealised for each in (moved, plain))
        assert cost.sum(axis=1).to_numpy() == pytest.approx(was.sum(axis=1).to_numpy(), **NEAR)
        assert moved.realised.sum(axis=1).to_numpy() == pytest.approx(plain.realised.sum(axis=1).to_numpy(), **NEAR)
        assert (moved.cash == plain.cash).all()


@given(st.integers(1, 60), st.integers(2, 9), st.sampled_from(RULES))
@examples(40)
def test_what_is_closed_in_parts_leaves_exactly_nothing(size, parts, matching):
    units = 0.1 * size
    rows = [(0, "A", units, 10.0, 0.0), *((1, "A", -units / parts, 11.0, 0.0) for _ in range(parts))]
    ledger = ledger_of(fills_of(rows), matching=matching)
    assert ledger.positions["A"].iloc[-1] == 0.0
    assert ledger.unrealised["A"].iloc[-1] == 0.0
    assert len(ledger.closing_arrays.units) == parts
    assert ledger.equity.iloc[-1] == pytest.approx(units, rel=1e-12)
