"""A policy that is written and read is the same value, and a file that would not be is refused before it is written."""

import dataclasses
import tomllib
from datetime import datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from riskresearch import pretrade
from riskresearch.core import InvalidInputError
from tests.examples import examples
from tests.pretrade.policies.made_limits import CLASSES, limits, policies

# Thresholds are drawn of any size.
pytestmark = pytest.mark.filterwarnings("ignore:.* is a fraction:riskresearch.core.ConventionWarning")


@given(policies())
@examples(60)
def test_a_policy_written_and_read_is_the_same_value(tmp_path_factory, policy):
    path = tmp_path_factory.getbasetemp() / "desk.toml"
    pretrade.write_policy(policy, path)
    again = pretrade.read_policy(path)
    assert again == policy
    assert hash(again) == hash(policy)
    assert [type(each) for each in again.limits] == [type(each) for each in policy.limits]
    assert again.tests == policy.tests
    first = path.read_bytes()
    pretrade.write_policy(again, path)
    assert path.read_bytes() == first


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_public_limit_is_written_and_read(kind, tmp_path):
    path = tmp_path / "desk.toml"

    @given(limits((kind,)))
    @examples(15)
    def same(limit):
        pretrade.write_policy(pretrade.Policy([limit]), path)
        assert pretrade.read_policy(path).limits == (limit,)

    same()


def test_there_are_thirty_classes_of_limits():
    assert len(CLASSES) >= 33 - 1
    assert pretrade.CustomLimit not in CLASSES


def test_a_limit_with_a_function_is_refused_in_words(tmp_path):
    policy = pretrade.Policy([pretrade.Leverage(1.5), pretrade.CustomLimit(lambda order, book: 0.0, 1.0)])
    with pytest.raises(
        InvalidInputError, match=r"limits\[1\] cannot be written: CustomLimit has a function, function,"
    ):
        pretrade.write_policy(policy, tmp_path / "desk.toml")
    assert not (tmp_path / "desk.toml").exists()


@dataclasses.dataclass(frozen=True)
class OurLimit(pretrade.Limit):
    code = pretrade.LimitCode.CUSTOM


def test_a_limit_of_the_user_is_refused_in_words(tmp_path):
    with pytest.raises(InvalidInputError, match=r"OurLimit is no limit of riskresearch\.pretrade"):
        pretrade.write_policy(pretrade.Policy([OurLimit()]), tmp_path / "desk.toml")


def test_numbers_of_numpy_and_times_of_pandas_are_written_as_toml_has_them(tmp_path):
    path = tmp_path / "desk.toml"
    limit = pretrade.PositionUnits(
        {"A": np.float64(0.1), "B": np.int64(3)}, inclusive=True, valid_from=pd.Timestamp("2026-01-02", tz="UTC"),
        valid_until=datetime(2027, 1, 1, tzinfo=timezone(timedelta(minutes=53, seconds=28))),
    )  # fmt: skip
    pretrade.write_policy(pretrade.Policy([limit]), path)
    table = tomllib.loads(path.read_text())["limit"][0]
    assert table["deny"] == {"A": 0.1, "B": 3}
    assert pretrade.read_policy(path).limits == (limit,)


def test_what_toml_would_not_give_back_is_refused(tmp_path):
    late = pretrade.Leverage(1.5, valid_until=pd.Timestamp("2026-01-01T00:00:00.000000001"))
    with pytest.raises(InvalidInputError, match=r"limits\[0\] cannot be written: read again,"):
        pretrade.write_policy(pretrade.Policy([late]), tmp_path / "desk.toml")
    with pytest.raises(InvalidInputError, match="policy must hold text that UTF-8 has"):
        pretrade.write_policy(pretrade.Policy([pretrade.Leverage(1.5)], name="\ud800"), tmp_path / "desk.toml")
    odd = pretrade.PolicyTest({"units": {}, "prices": {}, "nav": None}, [{"asset": "A", "units": 1}], ["deny"])
    with pytest.raises(InvalidInputError, match=r"tests\[0\].book cannot be written: TOML has no NoneType"):
        pretrade.write_policy(pretrade.Policy([pretrade.Leverage(1.5)], tests=[odd]), tmp_path / "desk.toml")
    assert list(tmp_path.iterdir()) == []


def test_a_policy_and_a_file_are_wanted(tmp_path):
    with pytest.raises(InvalidInputError, match="policy must be a Policy, got"):
        pretrade.write_policy([pretrade.Leverage(1.5)], tmp_path / "desk.toml")
    with pytest.raises(InvalidInputError, match="path must be a regular file"):
        pretrade.write_policy(pretrade.Policy([pretrade.Leverage(1.5)]), tmp_path)
    with pytest.raises(InvalidInputError, match="a policy needs a limit"):
        pretrade.write_policy(pretrade.Policy([]), tmp_path / "desk.toml")


def test_a_derived_policy_is_written_with_all_its_limits_and_its_parent(tmp_path):
    (tmp_path / "house.toml").write_text(
        '[[limit]]\ntype = "Leverage"\ndeny = 2\n[[limit]]\ntype = "PositionWeight"\ndeny = 0.2\n'
        '[[limit]]\ntype = "PositionWeight"\ndeny = 0.1\n[[limit]]\ntype = "SelfTrade"\n'
    )
    (tmp_path / "desk.toml").write_text(
        'extends = "house.toml"\n[[limit]]\ntype = "InstrumentCount"\ndeny = 9\n'
        '[[limit]]\ntype = "Leverage"\ndeny = 1.5\n'
    )
    policy = pretrade.read_policy(tmp_path / "desk.toml")
    assert [type(each).__name__ for each in policy.limits] == [
        "Leverage", "PositionWeight", "PositionWeight", "SelfTrade", "InstrumentCount",
    ]  # fmt: skip
    pretrade.write_policy(policy, tmp_path / "again.toml")
    assert pretrade.read_policy(tmp_path / "again.toml") == policy
    other = tmp_path / "elsewhere"
    other.mkdir()
    with pytest.raises(InvalidInputError, match="line 1: extends must be a policy: cannot read"):
        pretrade.write_policy(policy, other / "desk.toml")
    pretrade.write_policy(dataclasses.replace(policy, parent=""), other / "desk.toml")
    (tmp_path / "house.toml").write_text('[[limit]]\ntype = "Leverage"\ndeny = 1\n')
    with pytest.raises(InvalidInputError, match=r"deny of Leverage is 1\.5, looser than 1 in house\.toml, line 3"):
        pretrade.write_policy(policy, tmp_path / "again.toml")
