"""Each case of the truth table, worked by hand in integers: values, verdicts and what would pass."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import Decision

TABLE = json.loads((Path(__file__).parents[1] / "reference" / "pretrade" / "truth_table.json").read_text())
START = datetime(2026, 1, 5, tzinfo=UTC)
STATES = {
    "ACTIVE": Decision(), "REDUCING": Decision(multiplier=0.5), "HALTED": Decision(reduce_only=True),
    "HALTED frozen": Decision(reduce_only=True, frozen=True),
}  # fmt: skip


def number(value):
    return float(Fraction(*value)) if isinstance(value, list) else value


def at(milliseconds):
    return START + timedelta(milliseconds=milliseconds)


def limit_of(case):
    """Return the limit of a case, its thresholds in the units of this library."""
    code, given = case["limit_code"], case["limit"]
    thresholds = {name: given[name] for name in ("deny", "warn") if name in given}
    seconds = given.get("window_milliseconds", 0) / 1000
    fractions = {name: value / 10_000 for name, value in thresholds.items()}
    ratios = {name: Fraction(value, given.get("denominator", 1)) for name, value in thresholds.items()}
    ratios = {name: float(value) for name, value in ratios.items()}
    made = {
        "ORDER_UNITS": lambda: pretrade.OrderUnits(**thresholds),
        "ORDER_NOTIONAL": lambda: pretrade.OrderNotional(**thresholds),
        "PRICE_COLLAR": lambda: pretrade.PriceCollar(**fractions),
        "PARTICIPATION": lambda: pretrade.Participation(**fractions),
        "POSITION_UNITS": lambda: pretrade.PositionUnits(**thresholds),
        "POSITION_NOTIONAL": lambda: pretrade.PositionNotional(**thresholds),
        "GROSS_EXPOSURE": lambda: pretrade.GrossExposure(**thresholds),
        "NET_EXPOSURE": lambda: pretrade.NetExposure(**thresholds),
        "LEVERAGE": lambda: pretrade.Leverage(**ratios),
        "WEIGHT": lambda: pretrade.PositionWeight(**ratios),
        "GROUP": lambda: pretrade.GroupWeight(**ratios, by="sector"),
        "BUYING_POWER": pretrade.BuyingPower,
        "TURNOVER": lambda: pretrade.Turnover(**thresholds),
        "INSTRUMENT_COUNT": lambda: pretrade.InstrumentCount(**thresholds),
        "ORDER_RATE": lambda: pretrade.OrderRate(thresholds["deny"], window=seconds),
        "LOT_SIZE": lambda: pretrade.LotSize(given["lot"]),
        "TICK_SIZE": lambda: pretrade.TickSize(number(given["tick"])),
        "DUPLICATE_ORDER": lambda: pretrade.DuplicateOrder(seconds),
        "TRADING_STATE": pretrade.TradingStateLimit,
    }
    return made[code]()


def book_of(case):
    """Return the book of a case."""
    given = dict(case["book"])
    working = [
        {"asset": asset, "units": units} for asset, each in given.pop("working_units", {}).items() for units in each
    ]
    recent = [{"asset": case["order"]["asset"], "units": 1, "time": at(each)}
              for each in case.get("earlier_order_times", [])]  # fmt: skip
    recent += [{**each, "limit_price": number(each["limit_price"]), "time": at(each["time"])}
               for each in case.get("earlier_orders", [])]  # fmt: skip
    return pretrade.Book(
        given.pop("units"), given.pop("prices"), working=working, recent=recent,
        groups={"sector": given.pop("sector")} if "sector" in given else None, traded=given.pop("traded_today", 0.0),
        decision=STATES.get(case.get("trading_state", "ACTIVE")), **given,
    )  # fmt: skip


def order_of(case):
    order = dict(case["order"])
    if "limit_price" in order:
        order["limit_price"] = number(order["limit_price"])
    if "time" in order:
        order["time"] = at(order["time"])
    return order


def expected_value(case):
    value, limit = case["value"], case["limit"]
    if isinstance(value, str):
        return {"ACTIVE": 0, "REDUCING": 1, "HALTED": 2, "FROZEN": 3}[value]
    value = number(value)
    unit = limit.get("unit", "")
    if unit.startswith(("basis points", "order units over average volume")):
        return value / 10_000
    if case["limit_code"] == "DUPLICATE_ORDER":
        return value / 1000
    return value / limit["denominator"] if "denominator" in limit and not isinstance(case["value"], list) else value


@pytest.mark.parametrize("case", TABLE["cases"], ids=lambda case: case["case"])
def test_a_case_of_the_truth_table(case):
    checker, book, order = UnifiedLimitChecker([limit_of(case)]), book_of(case), order_of(case)
    verdict = checker.check(order, book)
    assert verdict.outcome.name == case["verdict"].upper(), verdict.explain()
    assert verdict.codes == ((case["limit_code"],) if case["verdict"] == "deny" else ())
    assert verdict.units == (0.0 if case["verdict"] == "deny" else order["units"])
    (measured,) = verdict.measured
    if case["value"] is None:
        assert measured.value != measured.value
    else:
        assert measured.value == pytest.approx(expected_value(case), rel=1e-13)
    batch = checker.check_batch([order], book)
    assert [batch.outcome[0], batch.denied[0], batch.units[0]] == [verdict.outcome, verdict.denied, verdict.units]
    assert batch[0].measured == verdict.measured or measured.value != measured.value
    if "repair" in case:
        wanted = order["units"] if case["repair"] is None else case["repair"]
        repair = checker.repair(order, book)
        assert (repair.units, repair.binding) == (wanted, "" if case["repair"] is None else case["limit_code"])


@pytest.mark.parametrize("case", TABLE["ucits_5_10_40"], ids=lambda case: case["case"])
def test_the_rule_of_five_ten_and_forty(case):
    weights = case["issuer_weights_percent"]
    last = list(weights)[-1]
    # The last tenth of a percent of every issuer is ordered; its largest is judged last, over all others.
    held = {asset: weight * 10.0 for asset, weight in weights.items()}
    issuers = {"issuer": {asset: asset for asset in weights}}
    found = set()
    checker = UnifiedLimitChecker([pretrade.UcitsConcentration()])
    for asset in weights:
        book = pretrade.Book(
            {**held, asset: held[asset] - 1.0}, dict.fromkeys(weights, 1.0), nav=1000.0, groups=issuers
        )
        verdict = checker.check({"asset": asset, "units": 1.0}, book)
        found |= {each.name for each in verdict.measured if each.outcome == pretrade.Outcome.DENY}
    assert last in held
    assert found == set(case["breaches"])


@pytest.mark.parametrize("mode", ["cumulative", "all_or_none"])
def test_the_sequence_of_the_truth_table(mode):
    sequence = TABLE["sequence"]
    checker = UnifiedLimitChecker([pretrade.PositionUnits(100), pretrade.OrderUnits(60)])
    orders = [{"asset": asset, "units": units} for asset, units in sequence["orders"]]
    book = pretrade.Book({}, {"A": 1.0, "B": 1.0}, cash=0.0)
    verdicts = checker.check_batch(orders, book, mode=mode)
    if mode == "all_or_none":
        assert {verdict.outcome.name for verdict in verdicts} == {"DENY"}
        assert [verdicts[place].codes for place in (1, 3, 6)] == [
            ("POSITION_UNITS",), ("POSITION_UNITS",), ("ORDER_UNITS", "POSITION_UNITS")
        ]  # fmt: skip
        assert verdicts[0].codes == ("BATCH",)
        return
    assert [verdict.outcome.name.lower() for verdict in verdicts] == sequence["cumulative"]
    assert [sorted(verdict.codes) for verdict in verdicts] == [sorted(each) for each in sequence["reasons"]]
    after = book
    for verdict in verdicts:
        after = after.after(verdict.order) if verdict.units else after
    assert {asset: after.units[after.column(asset)] for asset in "AB"} == sequence["resulting_units"]
