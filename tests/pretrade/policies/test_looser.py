"""What a comparison calls no looser is none, by the checker on orders that the old limit denies or warns of."""

import dataclasses
import typing
from collections.abc import Mapping
from datetime import date, datetime, time

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, strategies as st

from riskresearch import UnifiedLimitChecker, pretrade
from riskresearch.core import InvalidInputError, TradingState
from riskresearch.pretrade.policies._limit_types import functions_of, kinds_of, limit_types
from riskresearch.pretrade.policies._tighter import covers, differences
from riskresearch.pretrade.policies._values import alternatives
from tests.examples import examples

# Thresholds are drawn of any size.
pytestmark = pytest.mark.filterwarnings("ignore:.* is a fraction:riskresearch.core.ConventionWarning")

CLASSES = [each for each in limit_types().values() if not functions_of(each)]
ASSETS = ("A", "B", "C")
NUMBERS = st.sampled_from([0.01, 0.02, 0.05, 0.1, 0.3, 1, 2, 3, 5, 10, 50, 100, 1000, 5000])
NAMES = st.sampled_from([*ASSETS, "*", "tech", "bank"])
LISTS = st.lists(st.sampled_from(ASSETS), max_size=3)
DAYS = st.sampled_from([None, date(2026, 1, 5), date(2026, 1, 6), datetime(2026, 1, 6, 12), date(2026, 1, 7)])
CLOCK = st.sampled_from([time(8), time(9, 30), time(12), time(16), time(22)])
DRAWN = {
    "denominator": st.sampled_from(["nav", "gross", 1e4, 2e4, None]),
    "assets": LISTS | st.dictionaries(st.sampled_from(["trend", "carry"]), LISTS, max_size=2),
    "opens": CLOCK, "closes": CLOCK, "time_zone": st.sampled_from(["UTC", "America/New_York"]),
    "weekdays": st.lists(st.integers(0, 6), min_size=1), "holidays": st.lists(st.sampled_from([date(2026, 1, 6)])),
    "level": st.sampled_from([0.6, 0.9, 0.95]), "valid_from": DAYS, "valid_until": DAYS, "name": st.just(""),
    "by": st.sampled_from(["sector", "issuer"]), "factor": st.sampled_from(["value", "size"]),
    "shocks": st.dictionaries(st.sampled_from(ASSETS), st.sampled_from([-0.5, -0.1, 0.2]), max_size=3),
    "window": st.sampled_from([1, 10, 60, 3600]), "margin_rate": st.sampled_from([0.25, 0.5, 1.0]),
}  # fmt: skip


def drawn(kind, field):
    if field == "scope":
        return st.sampled_from(kind.scopes)
    if field in DRAWN:
        return DRAWN[field]
    found = []
    for each in alternatives(kinds_of(kind)[field]):
        base = typing.get_origin(each) or each
        if base is typing.Literal:
            found.append(st.sampled_from(typing.get_args(each)))
        elif isinstance(base, type) and issubclass(base, Mapping):
            found.append(st.dictionaries(NAMES, NUMBERS, max_size=3))
        else:
            found.append(st.booleans() if base is bool else st.none() | NUMBERS if field == "warn" else NUMBERS)
    return st.one_of(found)


def made(kind, given):
    try:
        return kind(**given)
    except InvalidInputError:
        return None


@st.composite
def two_of(draw, kind):
    """Draw a limit, and another one that differs from it in one or two fields."""
    fields = [field for field in dataclasses.fields(kind) if field.init and field.name != "name"]
    given = {
        field.name: draw(drawn(kind, field.name))
        for field in fields if field.default is dataclasses.MISSING or draw(st.integers(0, 2)) == 0
    }  # fmt: skip
    old = made(kind, given)
    assume(old is not None)
    for field in draw(st.lists(st.sampled_from(fields), min_size=1, max_size=2, unique_by=lambda field: field.name)):
        given[field.name] = draw(drawn(kind, field.name))
    new = made(kind, given)
    assume(new is not None)
    return old, new


def orders():
    """Return 150 orders of all kinds: sizes around the numbers above, prices on and off the tick, times in and out."""
    days = [datetime(2026, 1, day, hour, minute, second) for day, hour, minute, second in (
        (4, 10, 0, 0), (5, 9, 30, 0), (5, 23, 0, 0), (6, 12, 0, 5), (6, 16, 30, 0), (7, 0, 0, 0),
    )]  # fmt: skip
    units = [-705, -210, -60, -5.5, -1, 1, 3, 20, 110, 450, 950]
    prices = [np.nan, 9.0, 10.05, 10.201, 25.0, 40.01]
    rng = np.random.default_rng(1)
    return pd.DataFrame({
        "asset": rng.choice(ASSETS, 150), "units": rng.choice(units, 150), "limit_price": rng.choice(prices, 150),
        "time": [days[place] for place in rng.integers(0, len(days), 150)],
        "strategy": rng.choice(["trend", "carry", ""], 150),
    })  # fmt: skip


ORDERS = pretrade.Orders.of(orders())
FULL = {
    "units": {"A": 100.0, "B": -60.0, "C": 5.5}, "prices": {"A": 10.0, "B": 25.0, "C": 40.0}, "cash": 9_000.0,
    "average_volume": {"A": 1000.0, "B": 20_000.0, "C": 300.0}, "volatility": {"A": 0.01, "B": 0.05, "C": 0.02},
    "groups": {"sector": {"A": "tech", "B": "tech", "C": "bank"}, "issuer": {"A": "tech", "C": "bank"}},
    "betas": {"A": -0.5, "B": 1.0, "C": 1.5}, "locates": {"A": 100.0, "C": 10.0},
    "factors": {"value": {"A": 1.0, "B": -0.5, "C": 0.2}, "size": {"A": 0.3, "B": 0.3}},
    "scenarios": pd.DataFrame({"A": [0.02, -0.05, 0.01], "B": [-0.03, -0.02, 0.04], "C": [0.0, 0.01, -0.1]}),
    "opening_prices": {"A": 9.5, "B": 26.0, "C": 40.0}, "traded": 4000.0, "decision": TradingState.ACTIVE,
    "recent": [{"asset": "A", "units": 3, "time": datetime(2026, 1, 6, 12), "strategy": "trend"}] * 4,
    "strategy_units": {"trend": {"A": 50.0, "B": -60.0}, "carry": {"A": 50.0}}, "time": datetime(2026, 1, 6, 12),
}  # fmt: skip
BOOKS = tuple(pretrade.Book(**{**FULL, **other}) for other in (
    {},
    {"units": {}, "cash": 50_000.0, "decision": TradingState.HALTED},
    {"units": {"A": -400, "B": 900, "C": -20}, "working": [{"asset": "A", "units": 50, "limit_price": 9.5}]},
    {"prices": {"A": 10.0}, "average_volume": None, "scenarios": None, "decision": None, "groups": None},
    {"nav": np.nan, "cash": None, "locates": None, "betas": {"A": 1.0}, "opening_prices": None, "volatility": None},
    {"units": {"A": 900, "B": 1.0}, "cash": 200.0, "traded": 0.0, "recent": ()},
))  # fmt: skip


def judged(limit):
    """Return what becomes of every order against every book: denied and warned."""
    checker = UnifiedLimitChecker([limit])
    found = [checker.check_batch(ORDERS, book, mode="independent") for book in BOOKS]
    return np.concatenate([each.denied != 0 for each in found]), np.concatenate([each.warned != 0 for each in found])


@pytest.mark.filterwarnings("ignore:.* It is a fraction:riskresearch.core.ConventionWarning")  # any number is drawn
@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_what_covers_a_limit_denies_and_warns_of_all_that_it_does(kind):
    seen = {"covered": 0, "denied": 0}

    @given(two_of(kind))
    @examples(25, suppress_health_check=list(HealthCheck))
    def never_looser(pair):
        for old, new in (pair, pair[::-1]):
            if covers(new, old):
                (denied, warned), (denied_now, warned_now) = judged(old), judged(new)
                assert not (denied & ~denied_now).any(), differences(old, new)
                assert not (warned & ~warned_now & ~denied_now).any(), differences(old, new)
                seen["covered"] += old != new
                seen["denied"] += int(denied.sum())

    never_looser()
    assert seen["covered"] > 0
    assert seen["denied"] > 0
