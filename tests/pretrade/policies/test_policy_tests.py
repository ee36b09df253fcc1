"""Tests in a policy's file: what they may state, what a failure says, and what is refused with its line."""

import numpy as np
import pytest

from riskresearch import pretrade
from riskresearch.core import InvalidInputError

LIMITS = """\
[[limit]]
type = "PositionWeight"
deny = 0.10
warn = 0.08

[[limit]]
type = "TradingStateLimit"
on_missing = "pass"

[[limit]]
type = "ValueAtRisk"
deny = 0.5
on_missing = "pass"
"""
BOOK = 'book = {units = {A = 700}, prices = {A = 10.0, "B.C" = 20.0}, nav = 100_000}\n'


@pytest.fixture
def read(tmp_path):
    def read(text, limits=LIMITS):
        path = tmp_path / "desk.toml"
        path.write_text(limits + text, encoding="utf-8")
        return pretrade.read_policy(path)

    return read


def failures(policy):
    return [line for result in policy.run_tests() for line in result.failures()]


# 700 A at 10 are 7 % of 100,000: 100 more are 8 %, 101 more warn, 301 more are over 10 %.
PASSING = {
    "passes": 'order = {asset = "A", units = 100}\nexpect = "pass"\n',
    "passes without codes": 'order = {asset = "A", units = 100}\nexpect = "pass"\ncodes = []\naccepted = 100\n',
    "warns": 'order = {asset = "A", units = 101}\nexpect = "warn"\ncodes = ["WEIGHT"]\n',
    "denies": 'order = {asset = "A", units = 301}\nexpect = "deny"\ncodes = "WEIGHT"\naccepted = 0\n',
    "a sale by its side": 'order = {asset = "A", units = 700, side = "sell"}\nexpect = "pass"\naccepted = -700.0\n',
    "several": 'order = [{asset = "A", units = 300}, {asset = "A", units = 1}]\nexpect = ["warn", "deny"]\n',
    "several under headers": 'expect = "deny"\ncodes = [["WEIGHT"], ["WEIGHT"]]\n[[test.order]]\nasset = "A"\n'
    'units = 301\n[[test.order]]\nasset = "B.C"\nunits = 501\n',
    "each by itself": 'mode = "independent"\nexpect = "pass"\n'
    'order = [{asset = "A", units = 100}, {asset = "A", units = 100}]\naccepted = [100, 100]\n',
    "an unknown asset": 'order = {asset = "Z", units = 1}\nexpect = "deny"\ncodes = ["WEIGHT", "UNKNOWN_ASSET"]\n',
}  # fmt: skip


@pytest.mark.parametrize("case", PASSING)
def test_a_test_passes_where_its_outcome_codes_and_units_are_found(case, read):
    policy = read(f'[[test]]\nname = "{case}"\n{BOOK}{PASSING[case]}')
    assert failures(policy) == []
    assert [result.passed for result in policy.run_tests()] == [True]
    assert policy.tests[0].name == case


def test_the_book_of_a_test_has_what_a_book_has(read):
    policy = read(
        '[[test]]\nexpect = "deny"\ncodes = ["TRADING_STATE"]\norder = {asset = "A", units = 1}\n[test.book]\n'
        'prices = {A = 10.0}\nunits = {}\nnav = 1e6\ndecision = "HALTED"\ntime = 2026-01-05T09:30:00\n'
        'groups.sector = {A = "tech"}\naverage_volume = {A = 1e5}\nscenarios = {A = [0.01, -0.02]}\n'
        "working = [{asset = 'A', units = 5}]\nages = {prices = 3}\n"
    )
    assert failures(policy) == []
    book = policy.tests[0].made_book()
    assert book.scenarios.tolist() == [[0.01], [-0.02]]
    assert book.groups == {"sector": ("tech",)}
    assert len(book.working) == 1


def test_a_policy_in_shadow_mode_is_tested_by_what_it_would_do(read):
    text = f'[[test]]\n{BOOK}order = {{asset = "A", units = 301}}\nexpect = "deny"\naccepted = 301\n'
    assert failures(read(text, 'on_breach = "record"\n' + LIMITS)) == []
    clipped = text.replace('"deny"', '"clip"').replace("accepted = 301", "accepted = 300\ncodes = 'WEIGHT'")
    assert failures(read(clipped, 'on_breach = "clip"\n' + LIMITS)) == []


FAILING = {
    'order = {asset = "A", units = 301}\nexpect = "pass"\n': ["order 1 (A 301): expected pass, found deny, WEIGHT"],
    'order = {asset = "A", units = 301}\nexpect = "deny"\ncodes = ["LEVERAGE", "WEIGHT"]\n': [
        "order 1 (A 301): expected deny, LEVERAGE + WEIGHT, found deny, WEIGHT"
    ],
    'order = {asset = "A", units = 101}\nexpect = "warn"\ncodes = []\naccepted = 100\n': [
        "order 1 (A 101): expected warn, no code, 100 units, found warn, WEIGHT, 101 units"
    ],
    'order = [{asset = "A", units = 301}, {asset = "A", units = 1}]\nexpect = ["deny", "deny"]\n': [
        "order 2 (A 1): expected deny, found pass, no code"
    ],
}


@pytest.mark.parametrize("text", FAILING)
def test_a_failure_shows_what_was_expected_and_what_was_found(text, read):
    policy = read(f"[[test]]\n{BOOK}{text}")
    assert failures(policy) == FAILING[text]
    assert policy.tests[0].place == "desk.toml, line 14"


ORDER = 'order = {asset = "A", units = 1}\n'
REFUSED = {
    f"{BOOK}{ORDER}": "line 14: a test needs expect.",
    f"{BOOK}expect = 'pass'\n": "line 14: a test needs order.",
    f"{BOOK}{ORDER}expct = 'pass'\n": (
        "line 17: expct is no key of a test. Did you mean expect? Its keys are name, book,"
    ),
    f"{BOOK}{ORDER}expect = 'refuse'\n": (
        "line 17: expect must be one of 'pass', 'warn', 'clip', 'deny', got 'refuse'."
    ),
    f"{BOOK}{ORDER}expect = 3\n": "line 17: expect of a test must be text in quotation marks, got 3.",
    f"{BOOK}{ORDER}expect = ['pass', 'pass']\n": "line 17: expect must have one entry for each order, got 2 for 1.",
    f"{BOOK}{ORDER}expect = 'deny'\ncodes = ['WIEGHT']\n": (
        "line 18: codes must be names of LimitCode, such as WEIGHT, got 'WIEGHT'. Did you mean WEIGHT?"
    ),
    f"{BOOK}{ORDER}expect = 'deny'\ncodes = ['PositionWeight']\n": (
        "line 18: codes must be names of LimitCode, such as WEIGHT, got 'PositionWeight'. The code of PositionWeight is"
    ),
    f"{BOOK}{ORDER}expect = 'deny'\ncodes = [1]\n": "line 18: codes of a test must be an array of codes, such as",
    f"{BOOK}{ORDER}expect = 'deny'\naccepted = 'all'\n": "line 18: accepted of a test must be",
    f"{BOOK}{ORDER}expect = 'deny'\nmode = 'batch'\n": "line 18: mode must be one of 'cumulative',",
    f"{BOOK}order = {{asset = 'A', unit = 1}}\nexpect = 'deny'\n": (
        "line 16: unit is no key of an order. Did you mean units?"
    ),
    f"{BOOK}order = {{asset = 'A'}}\nexpect = 'deny'\n": "line 16: an order needs units.",
    f"{BOOK}order = {{asset = 'A', units = 'x'}}\nexpect = 'deny'\n": ("line 16: units of an order must be a number"),
    f"{BOOK}order = []\nexpect = 'deny'\n": "line 16: order must hold an order or more, got none.",
    f"{BOOK}order = 'A'\nexpect = 'deny'\n": "line 16: order of a test must be a table, such as",
    f"book = {{unit = {{A = 1}}}}\n{ORDER}expect = 'deny'\n": (
        "line 15: unit is no key of a book. Did you mean units?"
    ),
    f"book = 3\n{ORDER}expect = 'deny'\n": "line 15: book of a test must be a table of the arguments of Book, got 3.",
    f"{ORDER}expect = 'deny'\n[test.book]\nunits = {{}}\nprices = {{A = 'x'}}\n": "line 19: prices",
    f"{ORDER}expect = 'deny'\n[test.book]\nprices = {{A = 1.0}}\ndecision = 'HALT'\n": (
        "line 19: decision must be one of 'ACTIVE', 'REDUCING', 'HALTED', got 'HALT'. Did you mean 'HALTED'?"
    ),
    f"{ORDER}expect = 'deny'\n[test.book]\nprices = {{A = 1.0}}\nscenarios = {{A = [1, 'x']}}\n": (
        "line 19: scenarios"
    ),
    f"{ORDER}expect = 'deny'\n[test.book]\nprices = {{A = 1.0}}\nscenarios = {{A = [1], B = [1, 2]}}\n": (
        "line 19: scenarios"
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_no_book_order_or_outcome_can_have_is_refused_with_its_line(text, read):
    with pytest.raises(InvalidInputError) as caught:
        read(f"[[test]]\n{text}")
    assert f"desk.toml, {REFUSED[text]}" in str(caught.value)


def test_what_the_checker_refuses_is_named_with_its_line(read):
    orders = 'order = [{asset = "A", units = 1, account = "X"}, {asset = "A", units = 1, account = "Y"}]\n'
    policy = read(f"[[test]]\n{BOOK}{orders}expect = 'pass'\n")
    with pytest.raises(InvalidInputError, match=r"desk\.toml, line 14: orders must be of one account"):
        policy.run_tests()


def test_outcomes_and_codes_are_read_as_verdicts_have_them(read):
    assert read(f"[[test]]\n{BOOK}{ORDER}expect = 'PASS'\n").tests[0].expect == ("pass",)
    test = pretrade.PolicyTest({}, [{"asset": "A", "units": 1}], ["DENY"], codes=[[pretrade.LimitCode.WEIGHT]])
    assert (test.expect, test.codes) == (("deny",), (("WEIGHT",),))


def test_tests_may_be_made_in_python_and_are_compared_by_value():
    book = {"units": {}, "prices": {"A": 10.0}, "nav": 1e6}
    test = pretrade.PolicyTest(book, [{"asset": "A", "units": np.int64(5)}], ["pass"], place="here")
    assert test == pretrade.PolicyTest(dict(book), ({"asset": "A", "units": 5},), ("pass",))
    assert hash(test) == hash(pretrade.PolicyTest({}, test.order, ["pass"]))
    assert test.run(pretrade.Policy([pretrade.Leverage(1)]).checker()).passed
    with pytest.raises(InvalidInputError, match="accepted must have one entry for each order, got 2 for 1"):
        pretrade.PolicyTest(book, test.order, ["pass"], accepted=[1, 2])
    with pytest.raises(InvalidInputError, match="tests must hold PolicyTest objects of pretrade, got 3 at place 0"):
        pretrade.Policy([], tests=[3])
