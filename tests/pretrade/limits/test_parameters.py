"""Parameters that cannot be: each error names the parameter, the rule, the value and what to write instead."""

import copy
import math
import pickle
from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import InvalidInputError
from tests.pretrade.limits.cases import CASES, name_of

REFUSED = {
    "deny must be a finite number, got nan": lambda: pretrade.OrderUnits(math.nan),
    "deny must be a finite number, got None": lambda: pretrade.OrderUnits(None),
    "deny must be a finite number, got '5'": lambda: pretrade.Leverage("5"),
    "deny must be a finite number, got True": lambda: pretrade.OrderNotional(True),
    "deny must be a finite number, got inf": lambda: pretrade.GrossExposure(math.inf),
    "deny must be a finite number, got 1000": lambda: pretrade.Turnover(10**400),
    "deny must be 0 or more, got -1. Sizes of both signs": lambda: pretrade.NetExposure(-1),
    r"deny['A'] must be 0 or more, got -1": lambda: pretrade.PositionUnits({"A": -1}),
    r"deny['A'] must be a finite number, got None": lambda: pretrade.PositionUnits({"A": None}),
    "deny of GrossExposure must be one number, got {'A': 1}": lambda: pretrade.GrossExposure({"A": 1}),
    "deny of OrderRate must be one number": lambda: pretrade.OrderRate({"A": 1}, window=1),
    "deny of ValueAtRisk must be one number": lambda: pretrade.ValueAtRisk({"A": 1}),
    "warn must not be above deny=5, got 6": lambda: pretrade.OrderUnits(5, warn=6),
    "warn must not be above deny=5, got 7": lambda: pretrade.OrderUnits({"A": 5}, warn={"*": 7}),
    "warn must not be above deny=3, got 4": lambda: pretrade.OrderUnits({"A": 5, "*": 3}, warn=4),
    "warn of StressLoss must be one number": lambda: pretrade.StressLoss(0.5, shocks={"*": -1}, warn={"A": 1}),
    "scope must be one of 'asset', 'strategy', got 'account'": lambda: pretrade.PositionUnits(5, scope="account"),
    "on_missing must be one of 'deny', 'warn', 'pass', got 'ignore'": lambda: pretrade.OrderUnits(
        5, on_missing="ignore"
    ),
    "inclusive must be True or False, got 1": lambda: pretrade.OrderUnits(5, inclusive=1),
    "limit_exits must be True or False, got 'no'": lambda: pretrade.OrderUnits(5, limit_exits="no"),
    "two_sided must be True or False": lambda: pretrade.PriceCollar(0.1, two_sided=None),
    "unit must be one of 'fraction', 'volatility', got 'percent'": lambda: pretrade.PriceCollar(0.5, unit="percent"),
    "reference must be one of 'price', 'opening'": lambda: pretrade.PriceCollar(0.5, reference="close"),
    "name must be text, got 5": lambda: pretrade.OrderUnits(5, name=5),
    "valid_from must be a time such as 2024-01-31, got 'soon'": lambda: pretrade.OrderUnits(5, valid_from="soon"),
    "valid_until must be a time between the years 1678 and 2261": lambda: pretrade.OrderUnits(
        5, valid_until=date(9999, 12, 31)
    ),
    "valid_from must not be after valid_until, got 2024-01-02 and 2024-01-01": lambda: pretrade.OrderUnits(
        5, valid_from="2024-01-02", valid_until="2024-01-01"
    ),
    "time must be a datetime": lambda: pretrade.OrderUnits(5, valid_from=[1]),
    "lot must be positive, got 0": lambda: pretrade.LotSize(0),
    r"lot['A'] must be positive, got -1": lambda: pretrade.LotSize({"A": -1}),
    "tick must be a finite number, got nan": lambda: pretrade.TickSize(math.nan),
    "window must be positive, got 0": lambda: pretrade.OrderRate(5, window=0),
    "window must be a finite number, got '1s'": lambda: pretrade.DuplicateOrder("1s"),
    "window must be positive, got -1": lambda: pretrade.MessageRate(5, window=timedelta(seconds=-1)),
    'assets must be a sequence of names, got \'A\'. One name is assets=["A"]': lambda: pretrade.RestrictedList("A"),
    "assets['trend'] must be a sequence of names, got 'A'": lambda: pretrade.AllowedList({"trend": "A"}),
    "closes must differ from opens": lambda: pretrade.Session("09:30", "09:30"),
    'opens must be such as "09:30", got 930': lambda: pretrade.Session(930, "16:00"),
    'closes must be such as "09:30", got \'4pm\'': lambda: pretrade.Session("09:30", "4pm"),
    "time_zone must be the name of a time zone": lambda: pretrade.Session("09:30", "16:00", time_zone="Mars/Olympus"),
    "weekdays must be numbers from 0, Monday, to 6": lambda: pretrade.Session("09:30", "16:00", weekdays=(1, 7)),
    'holidays must be such as "2024-12-25", got \'Christmas\'': lambda: pretrade.Session(
        "09:30", "16:00", holidays=["Christmas"]
    ),
    "denominator must be one of 'nav', 'gross', got 'equity'": lambda: pretrade.PositionWeight(
        0.1, denominator="equity"
    ),
    "denominator must be positive, got 0": lambda: pretrade.PositionWeight(0.1, denominator=0),
    'denominator must be "nav", a sum of money or None, got "gross"': lambda: pretrade.Turnover(1, denominator="gross"),
    "denominator must be \"nav\"": lambda: pretrade.MinimumTrade(1, denominator="gross"),
    "minimum must be positive, got 0": lambda: pretrade.MinimumTrade(0),
    "margin_rate must be in (0, 1], got 50.0. 50 % is 0.5": lambda: pretrade.BuyingPower(50),
    "reserve must be 0 or more, got -1": lambda: pretrade.BuyingPower(reserve=-1),
    "single, issuer and total must rise, got 0.2, 0.1 and 0.4": lambda: pretrade.UcitsConcentration(single=0.2),
    "issuer must be positive": lambda: pretrade.UcitsConcentration(0),
    "level must be in (0.5, 1), got 0.05": lambda: pretrade.ValueAtRisk(0.1, level=0.05),
    "level must be in (0.5, 1), got 95": lambda: pretrade.ConditionalValueAtRisk(0.1, level=95),
    "increase must be True or False": lambda: pretrade.ValueAtRisk(0.1, increase=1),
    "shocks must be a finite number, got nan": lambda: pretrade.StressLoss(0.1, shocks={"A": math.nan}),
    "shocks must be a mapping or a Series, got -0.2": lambda: pretrade.StressLoss(0.1, shocks=-0.2),
    "function must be a function of an order and a book, got 5": lambda: pretrade.CustomLimit(5, deny=1),
    "limits must be limits of riskresearch.pretrade, got 5": lambda: UnifiedLimitChecker([5]),
    "Write OrderUnits(...), with its parameters": lambda: UnifiedLimitChecker([pretrade.OrderUnits]),
    "limits must be a": lambda: UnifiedLimitChecker(pretrade.OrderUnits(5)),
    "on_breach must be one of 'deny', 'clip', 'record', got 'block'": lambda: UnifiedLimitChecker(
        [], on_breach="block"
    ),
    "max_age must be one of": lambda: UnifiedLimitChecker([], max_age={"price": 5}),
    "max_age['prices'] must be positive, got 0": lambda: UnifiedLimitChecker([], max_age=0),
    "mode must be one of 'cumulative', 'all_or_none', 'independent', got 'all'": lambda: UnifiedLimitChecker(
        []
    ).check_batch([], pretrade.Book({}, {}), mode="all"),
    "book must be a Book, such as Book(units, prices, cash=...), got None": lambda: UnifiedLimitChecker([]).check(
        {"asset": "A", "units": 1}, None
    ),
    "order must be one order, got 2. Many are judged by check_batch": lambda: UnifiedLimitChecker([]).check(
        [{"asset": "A", "units": 1}] * 2, pretrade.Book({}, {})
    ),
    "prices must be a mapping or a Series by asset": lambda: pretrade.Book({}, [1.0]),
    "units must name each asset of the book once, got 'A' twice": lambda: pretrade.Book(
        pd.Series([1, 2], index=["A", "A"]), {}
    ),
    "cash must be a finite number, got inf": lambda: pretrade.Book({}, {}, cash=math.inf),
    "traded must be 0 or more, got -1": lambda: pretrade.Book({}, {}, traded=-1),
    "decision must be a Decision of circuit breakers or one of ACTIVE": lambda: pretrade.Book({}, {}, decision="STOP"),
    "ages must name arguments of the book, got 'price'": lambda: pretrade.Book({}, {}, ages={"price": 1}),
    "rates must be given with currencies, got none for 'USD'": lambda: pretrade.Book(
        {}, {"A": 1.0}, currencies={"A": "USD"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_a_parameter_that_cannot_be_is_refused_by_name(text):
    with pytest.raises(InvalidInputError) as caught:
        REFUSED[text]()
    assert text in str(caught.value)


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_limits_are_values(case):
    if case.name == "CustomLimit":
        return  # a function is equal to itself only
    limit = case.make()
    assert case.make() == limit
    assert hash(case.make()) == hash(limit)
    assert pickle.loads(pickle.dumps(limit)) == limit == copy.deepcopy(limit)
    assert case.make(name="other") != limit
    assert case.make(on_missing="warn") != limit
    checker = UnifiedLimitChecker([limit])
    assert checker == UnifiedLimitChecker([case.make()])
    assert pretrade.get_checker([case.make()]) is pretrade.get_checker([limit])
    with pytest.raises((AttributeError, TypeError)):
        limit.name = "x"


@pytest.mark.parametrize("number", [np.int64(5), np.float32(5), np.float64(5), 5.0, np.uint8(5)])
def test_thresholds_of_every_kind_of_number_are_the_same_limit(number):
    assert pretrade.OrderUnits(number) == pretrade.OrderUnits(5)
    assert hash(pretrade.OrderUnits({"A": number})) == hash(pretrade.OrderUnits({"A": 5}))
    book = pretrade.Book({}, {"A": 1.0}, cash=0.0)
    for units, codes in ((5, ()), (6, ("ORDER_UNITS",))):
        for limit in (
            pretrade.OrderUnits(number),
            pretrade.OrderUnits({"A": number}),
            pretrade.OrderUnits(9, warn=number),
        ):
            verdict = UnifiedLimitChecker([limit]).check({"asset": "A", "units": units}, book)
            assert (verdict.codes == codes) or limit.warn is not None
            assert "unknown" not in verdict.explain()


def test_an_asset_that_no_threshold_names_is_not_known():
    book = pretrade.Book({"B": 5}, {"A": 1.0, "B": 1.0}, cash=0.0)
    limit = pretrade.OrderUnits({"A": 5})
    verdict = UnifiedLimitChecker([limit]).check({"asset": "B", "units": 1}, book)
    assert verdict.reasons == (
        'ORDER_UNITS: value=1, limit=unknown (needs a limit for it, or "*" for all that are not named)',
    )
    assert not UnifiedLimitChecker([limit]).check({"asset": "B", "units": -5}, book).codes
    assert (
        not UnifiedLimitChecker([pretrade.OrderUnits({"A": 5, "*": 1})]).check({"asset": "B", "units": 1}, book).codes
    )


def test_a_window_may_be_a_timedelta_and_a_time_of_any_kind():
    assert pretrade.OrderRate(5, window=timedelta(seconds=2)) == pretrade.OrderRate(5, window=2)
    for time in ("2024-01-02T03:04", datetime(2024, 1, 2, 3, 4), pd.Timestamp("2024-01-02 03:04"),
                 np.datetime64("2024-01-02T03:04"), pd.Timestamp("2024-01-02 04:04", tz="Europe/Berlin")):  # fmt: skip
        assert pretrade.OrderUnits(5, valid_from=time).validity[0] == 1704164640 * 10**9
