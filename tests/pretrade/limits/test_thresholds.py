"""Each limit at, just under and just over its threshold, where it warns, where it holds, and what missing data does."""

import inspect
from datetime import timedelta

import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import InvalidInputError
from riskresearch.pretrade import LimitCode, Outcome
from tests.pretrade.limits.cases import CASES, NOON, book, buy, name_of

LIMITS = {
    name for name in pretrade.__all__
    if inspect.isclass(getattr(pretrade, name)) and issubclass(getattr(pretrade, name), pretrade.Limit)
} - {"Limit"}  # fmt: skip
each_case = pytest.mark.parametrize("case", CASES, ids=name_of)


def judged(limit, case, n, **changes):
    """Return the verdict on size n, which is that of a batch of one."""
    checker, own, order = UnifiedLimitChecker([limit]), case.book(n, **changes), case.order(n)
    if "time" in changes and changes["time"] is None:
        order.pop("time", None)
    verdict = checker.check(order, own)
    batch = checker.check_batch([order], own)
    assert [*batch.outcome, *batch.denied, *batch.warned, *batch.units] == [
        verdict.outcome, verdict.denied, verdict.warned, verdict.units
    ]  # fmt: skip
    assert str(batch[0].measured) == str(verdict.measured)
    return verdict


def test_every_public_limit_has_a_case():
    assert {case.name for case in CASES} == LIMITS


@each_case
def test_at_the_limit_passes_and_one_step_over_is_denied(case):
    limit = case.make()
    steps = {1: (1,), -1: (-1,), 0: (1, -1)}[case.side]
    assert judged(limit, case, case.at).outcome == Outcome.PASS
    if case.side:
        assert judged(limit, case, case.at - case.side).outcome == Outcome.PASS
    for step in steps:
        verdict = judged(limit, case, case.at + step)
        assert verdict.outcome == Outcome.DENY
        assert verdict.denied == limit.code
        assert verdict.units == 0.0
        assert len(verdict.reasons) == 1
        assert verdict.reasons[0].startswith(limit.code.name)
        assert "unknown" not in verdict.reasons[0]


@each_case
def test_inclusive_denies_at_the_limit(case):
    if not case.inclusive:
        with pytest.raises(InvalidInputError, match=r"inclusive must be False for .* no threshold, got True"):
            case.make(inclusive=True)
        return
    limit = case.make(inclusive=True)
    assert judged(limit, case, case.at).outcome == Outcome.DENY
    assert judged(limit, case, case.at - case.side).outcome == Outcome.PASS


@each_case
def test_between_warn_and_deny_an_order_passes_with_a_warning(case):
    if case.warn is None:
        with pytest.raises(InvalidInputError, match=r"warn must be None for .* no threshold to warn below, got 1"):
            case.make(warn=1)
        return
    limit = case.make(warn=case.warn)
    assert judged(limit, case, case.warn_at).outcome == Outcome.PASS
    warned = judged(limit, case, case.warn_at + case.side)
    assert (warned.outcome, warned.warned, warned.denied) == (Outcome.WARN, limit.code, LimitCode(0))
    assert warned.units == case.order(case.warn_at + case.side)["units"]
    assert judged(limit, case, case.at).outcome == Outcome.WARN
    assert judged(limit, case, case.at + case.side).outcome == Outcome.DENY


@pytest.mark.parametrize("on_missing", ["deny", "warn", "pass"])
@pytest.mark.parametrize("case", [case for case in CASES if case.blank], ids=name_of)
def test_a_number_that_is_not_known_does_what_on_missing_says(case, on_missing):
    limit = case.make(on_missing=on_missing)
    n = case.at - case.side  # it would pass
    verdict = judged(limit, case, n, **case.blank)
    assert verdict.outcome.name.lower() == on_missing
    if on_missing == "pass":
        return
    assert "unknown" in verdict.reasons[0]
    named = {"nav": "nav", "prices": "prices", "units": "known"}
    for name in case.blank:
        assert named.get(name, name) in verdict.reasons[0]


@each_case
def test_a_limit_judges_no_order_outside_of_its_time(case):
    n = case.at + (case.side or 1)
    time = case.order(n)["time"]
    second = timedelta(seconds=1)
    for window, outcome in (
        ({"valid_from": time + second}, Outcome.PASS), ({"valid_until": time - second}, Outcome.PASS),
        ({"valid_from": time}, Outcome.DENY), ({"valid_until": time}, Outcome.DENY),
        ({"valid_from": time - second, "valid_until": time + second}, Outcome.DENY),
        ({"valid_until": time.date()}, Outcome.DENY), ({"valid_until": time.date().isoformat()}, Outcome.DENY),
        ({"valid_until": time.date() - timedelta(days=1)}, Outcome.PASS), ({"valid_from": time.date()}, Outcome.DENY),
    ):  # fmt: skip
        assert judged(case.make(**window), case, n).outcome == outcome, window


@each_case
def test_a_limit_judges_an_order_without_a_time(case):
    n = case.at + (case.side or 1)
    order = {name: value for name, value in case.order(n).items() if name != "time"}
    limit = case.make(valid_from=NOON + timedelta(days=9))
    checker = UnifiedLimitChecker([limit])
    assert checker.check(order, case.book(n, time=None)).outcome == Outcome.DENY
    assert checker.check(order, case.book(n)).outcome == Outcome.PASS  # the time of the book


@each_case
def test_what_only_reduces_passes_whatever_is_unknown(case):
    """Nothing is known but what is held: no limit denies an exit, and the ones of entries warn of it at most."""
    own = pretrade.Book({"A": 10}, {})
    for limit in (case.make(), case.make(on_missing="warn")):
        if isinstance(limit, pretrade.LotSize | pretrade.CustomLimit):
            continue  # ten units are no lot, which is known; functions of users are told what they need
        verdict = UnifiedLimitChecker([limit]).check({"asset": "A", "units": -10}, own)
        assert verdict.outcome <= Outcome.WARN, verdict.explain()
        assert verdict.units == -10.0
        crossing = UnifiedLimitChecker([limit]).repair({"asset": "A", "units": -11}, own)
        assert crossing.units in (-10.0, -11.0)


def test_two_limits_of_one_code_are_both_shown():
    checker = UnifiedLimitChecker([
        pretrade.OrderUnits(5, name="desk"), pretrade.OrderUnits(3, name="trader"), pretrade.OrderUnits(9, name="firm")
    ])  # fmt: skip
    verdict = checker.check(buy(7), book())
    assert verdict.codes == ("ORDER_UNITS",)
    assert verdict.reasons == ("ORDER_UNITS (desk): value=7, limit=5", "ORDER_UNITS (trader): value=7, limit=3")
