"""Limits of every public class, made from the annotations of their fields, so that a new class is among them."""

import dataclasses
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import assume, strategies as st

from riskresearch import pretrade
from riskresearch.core import InvalidInputError
from riskresearch.pretrade.policies._limit_types import functions_of, kinds_of, limit_types
from riskresearch.pretrade.policies._values import alternatives

NAMES = st.sampled_from(["A", "B", "BRK-B", "a.b", "*", 'q"q', "株", "tech", ""])
NUMBERS = st.floats(0.0, 1e12) | st.integers(0, 10**15) | st.sampled_from([0.1, 1e-300, 2.5e-7, 1e22])
MOMENTS = st.sampled_from(
    [
        None, date(2026, 12, 31), datetime(2026, 1, 2, 3, 4, 5), datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC),
        datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=-3, minutes=-30))), "2027-01-01",
    ]
)  # fmt: skip
LISTS = st.lists(NAMES, min_size=1, max_size=3)
BY_NAME = {
    "denominator": st.sampled_from(["nav", "gross", 1e6, 5, None]),
    "assets": LISTS | st.dictionaries(NAMES, LISTS, max_size=2),
    "opens": st.sampled_from([time(9, 30), "22:00", time(0, 0, 1)]),
    "closes": st.sampled_from([time(16), "05:00", time(23, 59, 59, 5)]),
    "time_zone": st.sampled_from(["UTC", "America/New_York"]),
    "weekdays": st.lists(st.integers(0, 6), min_size=1),
    "holidays": st.lists(st.sampled_from([date(2026, 12, 25), "2027-01-01"])),
    "level": st.sampled_from([0.95, 0.99, 0.975]),
    "valid_from": MOMENTS,
    "valid_until": MOMENTS,
    "name": st.text(st.characters(codec="utf-8"), max_size=8),
}
"""What an annotation leaves open."""
CLASSES = [each for each in limit_types().values() if not functions_of(each)]


def values_of(kind):
    """Return a strategy of the values of an annotation."""
    found = []
    for each in alternatives(kind):
        base = typing.get_origin(each) or each
        if base is typing.Literal:
            found.append(st.sampled_from(typing.get_args(each)))
        elif base is bool:
            found.append(st.booleans())
        elif base in (float, int, typing.Any):
            found.append(NUMBERS)
        elif base is str:
            found.append(NAMES)
        elif isinstance(base, type) and issubclass(base, Mapping):
            found.append(st.dictionaries(NAMES, NUMBERS, max_size=3))
        else:
            found.append(st.lists(NAMES, min_size=1, max_size=3))
    return st.one_of(found)


def drawn(limit, field):
    """Return a strategy of the values of a field."""
    if field == "scope":
        return st.sampled_from([None, *limit.scopes])
    return BY_NAME[field] if field in BY_NAME else values_of(kinds_of(limit)[field])


@st.composite
def limits(draw, kinds=tuple(CLASSES)):
    """Draw a limit; what its class refuses is not drawn."""
    limit = draw(st.sampled_from(kinds))
    given = {}
    for field in dataclasses.fields(limit):
        required = field.default is dataclasses.MISSING
        if field.init and (required or draw(st.integers(0, 3)) == 0):
            given[field.name] = draw(drawn(limit, field.name))
    try:
        return limit(**given)
    except InvalidInputError:
        assume(False)


TESTS = st.builds(
    pretrade.PolicyTest,
    st.just(
        {
            "units": {"A": 5, "b.c": -2.5},
            "prices": {"A": 10.0, "b.c": 3},
            "nav": 1e6,
            "groups": {"sector": {"A": "x"}},
            "time": datetime(2026, 1, 2, 3),
            "decision": "HALTED",
            "scenarios": {"A": [0.01, -0.02]},
        }
    ),
    st.sampled_from([[{"asset": "A", "units": 5}], [{"asset": "b.c", "units": -1.5, "limit_price": 3.0}]]),
    st.lists(st.sampled_from(["pass", "warn", "clip", "deny"]), min_size=1, max_size=1),
    codes=st.sampled_from([None, [["WEIGHT"]], [[]], [["LEVERAGE", "WEIGHT"]]]),
    accepted=st.sampled_from([None, [5.0], [0]]),
    mode=st.sampled_from(["cumulative", "independent"]),
    name=BY_NAME["name"],
)
AGES = st.sampled_from([None, 60, {"prices": 60.5, "nav": 3}])


@st.composite
def policies(draw):
    """Draw a policy without a parent."""
    return pretrade.Policy(
        draw(st.lists(limits(), min_size=1, max_size=4)), draw(st.sampled_from(["deny", "clip", "record"])), draw(AGES),
        draw(BY_NAME["name"]), draw(BY_NAME["name"]), tests=draw(st.lists(TESTS, max_size=2)),
    )  # fmt: skip
