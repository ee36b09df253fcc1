"""Files of policies with anything in them are read or refused in words; nothing else comes through."""

import pytest
from hypothesis import given, strategies as st

from riskresearch import pretrade
from riskresearch.core import InvalidInputError
from riskresearch.pretrade.policies._limit_types import kinds_of, limit_types
from riskresearch.pretrade.policies._policy_test import CODES
from riskresearch.pretrade.policies._toml_text import in_toml, key_in_toml
from tests.examples import examples
from tests.pretrade.policies.made_limits import MOMENTS, NAMES

WORDS = st.sampled_from(
    [
        "",
        "10%",
        "1e6",
        "5 s",
        "1e999",
        "-3",
        "nav",
        "none",
        "deny",
        "09:30",
        "2026-12-25",
        "A",
        "*",
        "\x00",
        "١٢",
        "1" * 400,
    ]
)
PLAIN = (
    st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | WORDS | MOMENTS.filter(lambda each: each is not None)
)
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)
FIELDS = sorted({(name, field) for name, limit in limit_types().items() for field in kinds_of(limit)})


def read(path, text):
    path.write_text(text, encoding="utf-8")
    try:
        return pretrade.read_policy(path)
    except InvalidInputError as error:
        said = str(error)
    assert said.startswith("desk.toml")
    return None


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("policies") / "desk.toml"


@given(st.sampled_from(FIELDS), VALUES, st.dictionaries(st.sampled_from(["deny", "window", "assets"]), VALUES))
@examples(100)
def test_any_value_of_any_field_is_read_or_refused(path, field, value, others):
    name, key = field
    stated = {**{other: each for other, each in others.items() if other in kinds_of(limit_types()[name])}, key: value}
    lines = [f"{each} = {in_toml(given)}" for each, given in stated.items()]
    policy = read(path, "\n".join(["[[limit]]", f'type = "{name}"', *lines]) + "\n")
    if policy is not None:
        assert policy.checker().limits == policy.limits
        pretrade.write_policy(policy, path)
        assert pretrade.read_policy(path) == policy


KEYS = st.sampled_from(
    [
        "name",
        "version",
        "extends",
        "on_breach",
        "max_age",
        "limit",
        "test",
        "book",
        "order",
        "expect",
        "codes",
        "mode",
        "accepted",
        "type",
        "units",
        "prices",
        "scenarios",
        "decision",
        "time",
        "working",
        "groups",
        "ages",
        "asset",
        "nav",
    ]
)


@given(
    st.dictionaries(KEYS, st.recursive(VALUES, lambda inner: st.dictionaries(KEYS, inner, max_size=4), max_leaves=8))
)
@examples(60)
def test_any_file_is_read_or_refused(path, content):
    policy = read(path, "\n".join(f"{key_in_toml(key)} = {in_toml(each)}" for key, each in content.items()) + "\n")
    assert policy is None or isinstance(policy, pretrade.Policy)


BOOKS = st.dictionaries(
    st.sampled_from(
        [
            "units",
            "prices",
            "nav",
            "cash",
            "scenarios",
            "decision",
            "time",
            "working",
            "groups",
            "ages",
            "rates",
            "currencies",
            "factors",
            "betas",
            "traded",
            "recent",
            "released",
            "strategy_units",
            "account",
        ]
    ),
    VALUES,
    max_size=4,
)
ORDERS = st.dictionaries(
    st.sampled_from(["limit_price", "time", "kind", "side", "account", "strategy"]), VALUES, max_size=2
)


@given(BOOKS, ORDERS, VALUES, st.none() | st.lists(st.sampled_from(CODES)) | VALUES)
@examples(80)
def test_any_test_is_read_or_refused_and_runs(path, book, order, units, codes):
    order = {"asset": "A", "units": units, **order}
    lines = [f"book = {in_toml(book)}", f"order = {in_toml(order)}", 'expect = "deny"']
    lines += [] if codes is None else [f"codes = {in_toml(codes)}"]
    policy = read(path, "\n".join(["[[limit]]", 'type = "Leverage"', "deny = 1", "[[test]]", *lines]) + "\n")
    if policy is not None:
        for result in policy.run_tests():
            assert result.passed is (result.failures() == ())
