"""Policies from files: what is read as what, and what is refused with its line and the nearest name."""

from datetime import UTC, date, datetime, time

import pytest

from riskresearch import pretrade
from riskresearch.core import InvalidInputError


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "desk.toml"
        path.write_text(text, encoding="utf-8")
        return pretrade.read_policy(path)

    return read


def test_a_policy_is_what_its_file_says(read):
    policy = read(
        'name = "desk"\nversion = "3"\non-breach = "record"\nmax_age = {prices = "1 min", nav = 5}\n\n'
        "[[limit]] # the largest position\n"
        'type = "PositionWeight"\ndeny = "10 %"\nwarn = "800 bp"\nvalid_until = 2027-01-31\n\n'
        '[[limit]]\ntype = "Session"\nopens = 09:30:00\ncloses = "16:00"\nholidays = [2026-12-25]\n'
    )
    assert policy == pretrade.Policy(
        [
            pretrade.PositionWeight(0.10, warn=0.08, valid_until=date(2027, 1, 31)),
            pretrade.Session(time(9, 30), time(16), holidays=[date(2026, 12, 25)]),
        ],
        on_breach="record", max_age={"prices": 60.0, "nav": 5}, name="desk", version="3",
    )  # fmt: skip
    assert policy.checker().on_breach == "record"
    assert dict(policy.checker().max_age) == {"prices": 60.0, "nav": 5}


# The numbers are decimal fractions, each the double next to what is written.
NUMBERS = {
    'Leverage: deny = "150%"': pretrade.Leverage(1.5),
    'Leverage: deny = "1.5x"': pretrade.Leverage(1.5),
    'Leverage: deny = " 1.5 "': pretrade.Leverage(1.5),
    "Leverage: deny = 2": pretrade.Leverage(2),
    'PositionWeight: deny = "0.1"': pretrade.PositionWeight(0.1),
    'PositionWeight: deny = "7 %"': pretrade.PositionWeight(0.07),
    'PositionWeight: deny = "300bp"': pretrade.PositionWeight(0.03),
    'PositionWeight: deny = "29 bps"': pretrade.PositionWeight(0.0029),
    'PositionWeight: deny = ".5 PCT"': pretrade.PositionWeight(0.005),
    'PositionWeight: deny = "25.\u00a0BP"': pretrade.PositionWeight(0.0025),
    'PositionWeight: deny = "5 ‰"': pretrade.PositionWeight(0.005),
    'PositionWeight: deny = "3 percent"': pretrade.PositionWeight(0.03),
    'PositionWeight: deny = {A = "5%", "*" = 0.1}': pretrade.PositionWeight({"A": 0.05, "*": 0.1}),
    'PositionWeight: deny = 0.1\ndenominator = "1e6"': pretrade.PositionWeight(0.1, denominator=1e6),
    "PositionWeight: deny = 0.1\ndenominator = 'gross'": pretrade.PositionWeight(0.1, denominator="gross"),
    'OrderNotional: deny = "1_000_000"': pretrade.OrderNotional(1e6),
    'OrderNotional: deny = "1e6"\nwarn = 8e5': pretrade.OrderNotional(1e6, warn=8e5),
    'OrderRate: deny = 10\nwindow = "500 ms"': pretrade.OrderRate(10, window=0.5),
    'OrderRate: deny = 10\nwindow = "5 s"': pretrade.OrderRate(10, window=5.0),
    'OrderRate: deny = 10\nwindow = "1.5min"': pretrade.OrderRate(10, window=90.0),
    'OrderRate: deny = "10"\nwindow = "2 hours"': pretrade.OrderRate(10, window=7200.0),
    'DuplicateOrder: window = "1 d"': pretrade.DuplicateOrder(86_400.0),
    'PriceCollar: deny = "3%"': pretrade.PriceCollar(0.03),
    'PriceCollar: deny = 3\nunit = "volatility"': pretrade.PriceCollar(3, unit="volatility"),
    "Turnover: deny = 1e6": pretrade.Turnover(1e6),
    'Turnover: deny = "20%"\ndenominator = "nav"': pretrade.Turnover(0.2, denominator="nav"),
    'BetaExposure: deny = 5_000\ndenominator = "none"': pretrade.BetaExposure(5000, denominator=None),
    'StressLoss: deny = "5%"\nshocks = {A = "-10%", B = 0.1}': pretrade.StressLoss(0.05, shocks={"A": -0.1, "B": 0.1}),
    'ValueAtRisk: deny = "2%"\nlevel = "99%"': pretrade.ValueAtRisk(0.02, level=0.99),
    'BuyingPower: margin_rate = "50%"\nreserve = 1e4': pretrade.BuyingPower(0.5, reserve=1e4),
    'UcitsConcentration: issuer = "10%"\ntotal = 0.4': pretrade.UcitsConcentration(),
    'MinimumTrade: minimum = "10 bp"': pretrade.MinimumTrade(0.001),
    "LotSize: lot = 100\nodd-lot-exits = true": pretrade.LotSize(100, odd_lot_exits=True),
    "SelfTrade: valid_until = 2027-01-01": pretrade.SelfTrade(valid_until=date(2027, 1, 1)),
    'AllowedList: assets = {trend = ["A"]}': pretrade.AllowedList({"trend": ["A"]}),
    'FactorExposure: deny = 0.1\nfactor = "none"': pretrade.FactorExposure(0.1, factor="none"),
    "Leverage: deny = 1\nvalid_from = 2026-01-01T00:00:00Z": pretrade.Leverage(
        1, valid_from=datetime(2026, 1, 1, tzinfo=UTC)
    ),
}


@pytest.mark.parametrize("case", NUMBERS)
def test_a_number_may_have_the_unit_of_its_parameter(case, read):
    kind, _, lines = case.partition(": ")
    assert read(f'[[limit]]\ntype = "{kind}"\n{lines}\n').limits == (NUMBERS[case],)


def limit(kind, *lines):
    return "\n".join(["[[limit]]", f'type = "{kind}"', *lines]) + "\n"


REFUSED = {
    "a field that is not known": (
        limit("PositionWeight", "denny = 0.1"),
        "line 3: denny is no field of PositionWeight. Did you mean deny? Its fields are deny, denominator, warn,",
    ),
    "a hyphen is an underscore, once": (
        limit("Leverage", "deny = 1", "on_missing = 'deny'", "on-missing = 'pass'"),
        "line 5: on_missing is there twice.",
    ),
    "a limit that is not known": (
        limit("PositonWeight"),
        'line 2: type must be that of a limit, got "PositonWeight". Did you mean PositionWeight?',
    ),
    "the name of its code": (limit("position_weight"), "Did you mean PositionWeight?"),
    "its code": (limit("WEIGHT"), 'got "WEIGHT". WEIGHT is the code of PositionWeight.'),
    "another word for the type": (
        '[[limit]]\nkind = "Leverage"\n',
        'line 2: a limit needs its type, such as type = "Leverage". Did you mean type for kind?',
    ),
    "digits of another script": (limit("Leverage", 'deny = "١٢"'), "line 3: deny of Leverage must be a ratio"),
    "far from any limit": (limit("Zzz"), 'got "Zzz". The types are AllowedList, BetaExposure,'),
    "no name of a limit": ("[[limit]]\ntype = 3\n", "line 2: type must be that of a limit, got 3."),
    "no type": ("\n[[limit]]\ndeny = 1\n", 'line 2: a limit needs its type, such as type = "Leverage". The types are'),
    "a function": (limit("CustomLimit"), "line 2: CustomLimit has a function, function, which no file can hold."),
    "a parameter that is missing": (limit("OrderRate", "deny = 1"), "line 1: OrderRate needs window."),
    "percent of money": (
        limit("OrderNotional", 'deny = "10%"'),
        'line 3: deny of OrderNotional must be an amount of money without a unit, such as 1_000_000, got "10%".',
    ),
    "percent of units": (limit("OrderUnits", 'deny = "10 %"'), "must be a number of units of the asset without a unit"),
    "seconds of a weight": (
        limit("PositionWeight", 'deny = {A = 0.1, B = "5 s"}'),
        'line 3: deny of PositionWeight for B must be a fraction: 0.1, "10%", "1000 bp" or "0.1x", got "5 s".',
    ),
    "percent of a window": (limit("DuplicateOrder", 'window = "5%"'), 'a number of seconds: 300, "300 s" or "5 min"'),
    "minutes or months": (limit("DuplicateOrder", 'window = "5 m"'), 'got "5 m".'),
    "a time for a window": (limit("DuplicateOrder", "window = 00:00:05"), "got 00:00:05."),
    "percent of a count": (limit("InstrumentCount", 'deny = "10%"'), "must be a number without a unit, such as 10"),
    "a rate in the number": (limit("OrderRate", 'deny = "10/s"', "window = 1"), 'got "10/s".'),
    "percent of a collar in volatilities": (
        limit("PriceCollar", 'unit = "volatility"', 'deny = "3%"'),
        "line 4: deny of PriceCollar must be a number of vol",
    ),
    "percent without a denominator": (
        limit("Turnover", 'deny = "10%"'),
        "line 3: deny of Turnover must be an amount of",
    ),
    "marks of thousands": (limit("OrderNotional", 'deny = "1,000"'), 'such as 1_000_000, got "1,000".'),
    "a currency": (limit("OrderNotional", 'deny = "$5"'), 'got "$5".'),
    "a word for a number": (limit("Leverage", 'deny = "two"'), 'line 3: deny of Leverage must be a ratio: 1.5, "1.5x"'),
    "true for a number": (limit("Leverage", "deny = true"), 'or "150%", got true.'),
    "not a number": (limit("Leverage", "deny = nan"), 'or "150%", got nan.'),
    "an endless number": (limit("Leverage", "deny = inf"), "line 3: deny must be a finite number, got inf."),
    "several numbers": (limit("Leverage", "deny = [1,", "2]"), "line 3: deny of Leverage must be a ratio"),
    "a table where there is one number": (limit("Leverage", "deny = {A = 1}"), "got {A = 1}."),
    "a number for true": (
        limit("Leverage", "deny = 1", "inclusive = 1"),
        "line 4: inclusive of Leverage must be true or f",
    ),
    "a choice": (limit("PositionWeight", "deny = 1", 'denominator = "naw"'), 'got "naw". Did you mean nav?'),
    "a choice of few": (
        limit("Leverage", "deny = 1", 'on_missing = "allow"'),
        'must be one of "deny", "warn", "pass", got',
    ),
    "one name for several": (
        limit("RestrictedList", 'assets = "A"'),
        "assets of RestrictedList must be an array, each text in quotation marks",
    ),
    "a number among names": (
        limit("RestrictedList", 'assets = ["A",', "3]"),
        "line 4: assets of RestrictedList must be text",
    ),
    "a day in words": (
        limit("Session", "opens = 09:30:00", "closes = 16:00:00", 'weekdays = ["Mon"]'),
        "from 0, Monday, to 6",
    ),
    "what the limit refuses, on its line": (
        limit("Leverage", "warn = 2", "", "deny = 1"),
        "line 3: warn must not be above deny=1",
    ),
    "a level": (
        limit("ValueAtRisk", "deny = 0.1", "level = 99"),
        "line 4: level must be in (0.5, 1), got 99. It is a conf",
    ),
    "a key of a table": (
        limit("OrderUnits", "deny = {A = 1}", "[limit.warn]", "A = 0.5", "B = -1"),
        "line 6: warn['B'] must be 0",
    ),
    "a scope that it does not have": (limit("Leverage", "deny = 1", 'scope = "asset"'), "line 4: scope must be one of"),
    "one table": ('[limit]\ntype = "Leverage"\n', "line 1: limit must be an array of tables, each under [[limit]]"),
    "a wrong array": ('[[limits]]\ntype = "Leverage"\n', "line 1: limits is no key of a policy. Did you mean limit?"),
    "an inline table": (
        "limit = [{type = 'Leverage', deny = 1},\n{type = 'Leverage', dney = 1}]\n",
        "line 2: dney is no field",
    ),
    "no table": ("limit = [3]\n", "line 1: limit must be a table"),
    "nothing": (
        "# nothing\n",
        "desk.toml: a policy needs a limit, [[limit]], or extends another one. Without any, every",
    ),
    "a version that is a number": (
        "version = 3\n" + limit("Leverage", "deny = 1"),
        "line 1: version must be text in quot",
    ),
    "the shadow mode": (
        "on_breach = 'shadow'\n" + limit("Leverage", "deny = 1"),
        'got "shadow". The shadow mode is "record".',
    ),
    "another breach": (
        "on_breach = 'block'\n" + limit("Leverage", "deny = 1"),
        'must be one of "deny", "clip", "record", got "bl',
    ),
    "an age of nothing": (
        "max_age = {price = 5}\n" + limit("Leverage", "deny = 1"),
        "price is no argument of max_age. Did you mean prices?",
    ),
    "no age": (
        "max_age = {nav = 0}\n" + limit("Leverage", "deny = 1"),
        "line 1: nav of max_age must be a positive number of seconds",
    ),
    "an age in percent": (
        "max_age = '5%'\n" + limit("Leverage", "deny = 1"),
        "line 1: max_age must be a number of seconds: 300,",
    ),
    "no TOML": (
        "[[limit]]\ntype = Leverage\n",
        'is no valid TOML: Invalid value (at line 2, column 8). Text has quotation marks: type = "L',
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_named_with_its_line(case, read):
    text, message = REFUSED[case]
    with pytest.raises(InvalidInputError) as caught:
        read(text)
    assert message in str(caught.value)
    assert str(caught.value).startswith("desk.toml")


@pytest.mark.parametrize("comment", ["# deny = 5\n", '# """\n', "# [[limit]]\n\n\n"])
def test_lines_are_those_of_the_file_whatever_stands_above(comment, read):
    text = comment + 'name = """\ndenny = 1\n[[limit]]\n"""\n' + limit("Leverage", "denny = 1")
    line = text.count("\n")
    with pytest.raises(InvalidInputError, match=rf"line {line}: denny is no field of Leverage"):
        read(text)


def test_a_policy_shows_itself():
    policy = pretrade.Policy(
        [pretrade.GroupWeight({"tech": 0.3, "*": 0.2}, by="country", name="hard"), pretrade.SelfTrade()],
        name="desk", version="3", parent="house.toml", max_age=60, on_breach="clip",
    )  # fmt: skip
    assert repr(policy) == "Policy('desk 3', 2 limits, on_breach='clip')"
    assert policy.summary().splitlines() == [
        "policy desk 3, on a breach: clip",
        "derived from house.toml",
        "not known when older: prices 60 s",
        "limit                          field  value                 warn  others",
        "GroupWeight (hard) by=country  deny   tech 0.3; others 0.2",
        "SelfTrade",
    ]
    assert pretrade.Policy([pretrade.Leverage(1)]) == pretrade.Policy((pretrade.Leverage(1.0),))


def test_what_is_no_policy_is_refused():
    with pytest.raises(InvalidInputError, match=r"limits must hold Limit objects of pretrade, got 0\.1 at place 1"):
        pretrade.Policy([pretrade.Leverage(1), 0.1])
    with pytest.raises(InvalidInputError, match="limits must be a sequence"):
        pretrade.Policy(pretrade.Leverage(1))
    with pytest.raises(InvalidInputError, match="on_breach must be one of"):
        pretrade.Policy([], on_breach="pass")
    with pytest.raises(InvalidInputError, match="version must be text, got 3"):
        pretrade.Policy([], version=3)
    with pytest.raises(InvalidInputError, match=r"max_age must be one of .*Did you mean 'prices'"):
        pretrade.Policy([], max_age={"price": 3})
