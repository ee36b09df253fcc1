"""A new class of limits is read, written, extended and compared without a change of any code of policies."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum
from typing import ClassVar, Literal

import pytest

from riskresearch import pretrade
from riskresearch.core import InvalidInputError
from riskresearch.pretrade.policies._limit_types import limit_types


class Side(StrEnum):
    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class SpreadLimit(pretrade.Limit):
    """A limit that this library does not have."""

    code: ClassVar = pretrade.LimitCode.CUSTOM
    counted_in: ClassVar[str] = "fraction"
    tighter: ClassVar = {"venues": "fewer", "depth": "larger", "side": "subject"}
    deny: float
    _: KW_ONLY
    venues: tuple[str, ...] = ()
    depth: int | None = None
    side: Side = Side.LONG
    style: Literal["quoted", "effective"] = "quoted"
    window: float = 60.0


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setitem(vars(pretrade), "SpreadLimit", SpreadLimit)
    monkeypatch.setitem(vars(pretrade), "__all__", [*pretrade.__all__, "SpreadLimit"])
    limit_types.cache_clear()
    yield
    limit_types.cache_clear()


STATED = """\
[[limit]]
type = "SpreadLimit"
deny = "25 bp"
warn = "20 bp"
venues = ["X", "Y"]
depth = 1e3
side = "short"
style = "effective"
window = "5 min"
"""
EXPECTED = SpreadLimit(
    0.0025, warn=0.002, venues=("X", "Y"), depth=1000, side=Side.SHORT, style="effective", window=300.0
)


def test_it_is_read_and_written(tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(STATED)
    policy = pretrade.read_policy(path)
    assert policy.limits == (EXPECTED,)
    assert isinstance(policy.limits[0].depth, int)
    pretrade.write_policy(policy, path)
    assert pretrade.read_policy(path) == policy


@pytest.mark.parametrize(
    ("stated", "instead", "message"),
    [
        ('"25 bp"', '"25 s"', "line 3: deny of SpreadLimit must be a fraction"),
        (
            "venues",
            "venus",
            "line 5: venus is no field of SpreadLimit. Did you mean venues? Its fields are deny, venues",
        ),
        ("1e3", "2.5", "line 6: depth of SpreadLimit must be a whole number, got 2.5."),
        (
            '"short"',
            '"shrt"',
            'line 7: side of SpreadLimit must be one of "long", "short", got "shrt". Did you mean short?',
        ),
        ('"effective"', "3", 'line 8: style of SpreadLimit must be one of "quoted", "effective", got 3.'),
        ('"5 min"', '"5%"', 'line 9: window of SpreadLimit must be a number of seconds: 300, "300 s" or "5 min"'),
        (
            "SpreadLimit",
            "SpredLimit",
            'line 2: type must be that of a limit, got "SpredLimit". Did you mean SpreadLimit?',
        ),
    ],
)
def test_what_is_wrong_in_it_is_named_with_its_line(stated, instead, message, tmp_path):
    path = tmp_path / "desk.toml"
    path.write_text(STATED.replace(stated, instead))
    with pytest.raises(InvalidInputError) as caught:
        pretrade.read_policy(path)
    assert message in str(caught.value)


def test_it_is_compared_by_what_it_declares():
    def change(**fields):
        old = pretrade.Policy([SpreadLimit(0.0025, venues=("X", "Y"), depth=5)])
        new = pretrade.Policy([SpreadLimit(**{"deny": 0.0025, "venues": ("X", "Y"), "depth": 5, **fields})])
        return pretrade.diff_policies(old, new).changes[0].change

    assert change(deny=0.003) == change(venues=("X", "Y", "Z")) == change(depth=4) == "loosened"
    assert change(deny=0.002) == change(venues=("X",)) == change(depth=6) == "tightened"
    assert change(side=Side.SHORT) == change(style="effective") == "changed"  # nothing says what `style` means
