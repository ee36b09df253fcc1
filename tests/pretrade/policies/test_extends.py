"""A policy that extends another one has all its limits, and is refused with its line where it is looser."""

import pytest

from riskresearch import pretrade
from riskresearch.core import InvalidInputError

HOUSE = """\
on_breach = "clip"
max_age = {prices = 60}

[[limit]]
type = "PositionWeight"
deny = 0.10
warn = 0.08

[[limit]]
type = "RestrictedList"
assets = ["A", "B"]

[[limit]]
type = "GroupWeight"
deny = {tech = 0.3, "*" = 0.2}
name = "sectors"
"""


@pytest.fixture
def child(tmp_path):
    (tmp_path / "house.toml").write_text(HOUSE)

    def read(text):
        (tmp_path / "desk.toml").write_text(f'extends = "house.toml"\n{text}')
        return pretrade.read_policy(tmp_path / "desk.toml")

    return read


def limit(kind, *lines):
    return "\n".join(["[[limit]]", f'type = "{kind}"', *lines]) + "\n"


WEIGHT, LIST = pretrade.PositionWeight(0.10, warn=0.08), pretrade.RestrictedList(["A", "B"])
GROUPS = pretrade.GroupWeight({"tech": 0.3, "*": 0.2}, name="sectors")
MAY = {
    "nothing": ("", (WEIGHT, LIST, GROUPS)),
    "the same": (limit("PositionWeight", "deny = 0.1", "warn = '8%'"), (WEIGHT, LIST, GROUPS)),
    "a smaller number": (
        limit("PositionWeight", "deny = 0.09", "warn = 0.05"),
        (pretrade.PositionWeight(0.09, warn=0.05), LIST, GROUPS),
    ),
    "denied where it was warned of": (
        limit("PositionWeight", "deny = 0.07"),
        (pretrade.PositionWeight(0.07), LIST, GROUPS),
    ),
    "more restricted names": (
        limit("RestrictedList", 'assets = ["C", "A", "B"]'),
        (WEIGHT, pretrade.RestrictedList(["A", "B", "C"]), GROUPS),
    ),
    "one number for all groups": (limit("GroupWeight", "deny = 0.2"), (WEIGHT, LIST, pretrade.GroupWeight(0.2))),
    "another measure is one more limit": (
        limit("PositionWeight", "deny = 0.5", "denominator = 'gross'") + limit("Leverage", "deny = 9"),
        (WEIGHT, LIST, GROUPS, pretrade.PositionWeight(0.5, denominator="gross"), pretrade.Leverage(9)),
    ),
    "another scope is one more limit": (
        limit("PositionWeight", "deny = 0.5", "scope = 'strategy'"),
        (WEIGHT, LIST, GROUPS, pretrade.PositionWeight(0.5, scope="strategy")),
    ),
    "two for one": (
        limit("PositionWeight", "deny = 0.05") + limit("PositionWeight", "deny = 0.06", "on_missing = 'deny'"),
        (pretrade.PositionWeight(0.05), LIST, GROUPS, pretrade.PositionWeight(0.06)),
    ),
}


@pytest.mark.parametrize("case", MAY)
def test_a_child_may_be_tighter(case, child):
    text, expected = MAY[case]
    policy = child(text)
    assert policy.limits == expected
    assert (policy.on_breach, dict(policy.max_age), policy.parent) == ("clip", {"prices": 60}, "house.toml")


END = " A policy may only tighten what it extends."
MAY_NOT = {
    "a larger number": (
        limit("PositionWeight", "warn = 0.05", "", "deny = 0.15"),
        "desk.toml, line 6: deny of PositionWeight is 0.15, looser than 0.1 in house.toml, line 6." + END,
    ),
    "no warning": (
        limit("PositionWeight", "deny = 0.1"),
        "desk.toml, line 2: warn of PositionWeight is not stated here, looser than 0.08 in house.toml, line 7." + END,
    ),
    "a later warning": (limit("PositionWeight", "deny = 0.1", "warn = 0.09"), "line 5: warn of PositionWeight is 0.09"),
    "missing numbers that pass": (
        limit("PositionWeight", "deny = 0.1", "warn = 0.08", "on_missing = 'pass'"),
        "line 6: on_missing of PositionWeight is pass, looser than deny in house.toml, line 4.",
    ),
    "an end": (
        limit("PositionWeight", "deny = 0.1", "warn = 0.08", "valid-until = 2027-01-01"),
        "line 6: valid_until of PositionWeight is 2027-01-01, looser than none in house.toml, line 4.",
    ),
    "fewer restricted names": (
        limit("RestrictedList", 'assets = ["A"]'),
        "line 4: assets of RestrictedList is A, looser than A; B in house.toml, line 11.",
    ),
    "other restricted names": (
        limit("RestrictedList", 'assets = ["A", "C"]'),
        "line 4: assets of RestrictedList is A; C, not comparable with A; B in house.toml, line 11.",
    ),
    "a group that is not known": (
        limit("GroupWeight", "deny = {tech = 0.3}"),
        "line 4: deny of GroupWeight is tech 0.3, not comparable with tech 0.3; others 0.2 in house.toml, line 15.",
    ),
    "a group with more": (
        limit("GroupWeight", 'deny = {tech = 0.3, energy = 0.21, "*" = 0.2}'),
        "line 4: deny of GroupWeight is tech 0.3; energy 0.21; others 0.2, looser than tech 0.3; others 0.2 in",
    ),
    "another name does not help": (limit("PositionWeight", "deny = 0.15", "name = 'mine'"), "is 0.15, looser than 0.1"),
    "the shadow mode": (
        "on_breach = 'record'\n",
        "desk.toml, line 2: on_breach is 'record', looser than 'clip' in house.toml, line 1." + END,
    ),
    "older numbers": (
        "max_age = {nav = 1, prices = '2 min'}\n",
        "line 2: prices of max_age is 120, looser than 60 in house.toml, line 2." + END,
    ),
}


@pytest.mark.parametrize("case", MAY_NOT)
def test_a_child_that_is_looser_is_refused_with_its_line(case, child):
    text, message = MAY_NOT[case]
    with pytest.raises(InvalidInputError) as caught:
        child(text)
    assert message in str(caught.value)


def test_what_a_breach_does_and_ages_may_be_tightened(child):
    policy = child("on_breach = 'deny'\nmax_age = {prices = 59, nav = 5}\n")
    assert policy.on_breach == "deny"
    assert dict(policy.max_age) == {"prices": 59, "nav": 5}


def test_grandparents_count_and_places_are_those_of_the_file_that_states_it(tmp_path, child):
    child(limit("Leverage", "deny = 2"))
    (tmp_path / "book").mkdir()
    path = tmp_path / "book" / "book.toml"
    path.write_text("extends = '../desk.toml'\n" + limit("Leverage", "deny = 1.5"))
    assert pretrade.read_policy(path).limits == (WEIGHT, LIST, GROUPS, pretrade.Leverage(1.5))
    path.write_text("extends = '../desk.toml'\n" + limit("Leverage", "deny = 3"))
    with pytest.raises(InvalidInputError, match=r"book\.toml, line 4: .* looser than 2 in desk\.toml, line 4"):
        pretrade.read_policy(path)
    path.write_text("extends = '../desk.toml'\n" + limit("PositionWeight", "deny = 0.3"))
    with pytest.raises(InvalidInputError, match=r"book\.toml, line 4: .* looser than 0\.1 in house\.toml, line 6"):
        pretrade.read_policy(path)
    path.write_text("extends = '../desk.toml'\non_breach = 'record'\n")
    with pytest.raises(InvalidInputError, match=r"looser than 'clip' in desk\.toml"):
        pretrade.read_policy(path)


def test_a_chain_of_parents_has_an_end(tmp_path):
    for number in range(30):
        (tmp_path / f"{number}.toml").write_text(f"extends = '{number + 1}.toml'\n")
    with pytest.raises(InvalidInputError, match=r"20\.toml, line 1: extends must not go through more than 20 files"):
        pretrade.read_policy(tmp_path / "0.toml")


def test_parents_that_are_no_policies_are_refused(tmp_path, child):
    with pytest.raises(InvalidInputError, match="Cannot overwrite a value"):
        child("extends = 'other.toml'\n")
    path = tmp_path / "lonely.toml"
    for text, message in (
        ("extends = 'lonely.toml'\n", r"lonely\.toml, line 1: extends must not lead back to lonely\.toml"),
        ("\nextends = 'absent.toml'\n", "line 2: extends must be a policy: cannot read .*: No such file or directory"),
        ("extends = 3\n", "line 1: extends must be text in quotation marks, got 3"),
        ("extends = ''\n", "line 1: extends must be a policy: cannot read"),
        ("extends = 'loop.toml'\n", r"loop\.toml, line 1: extends must not lead back to lonely\.toml"),
        ("extends = 'bad.toml'\n", r"bad\.toml, line 2: type must be that of a limit, got \"Levrage\""),
    ):
        (tmp_path / "loop.toml").write_text("extends = 'lonely.toml'\n")
        (tmp_path / "bad.toml").write_text(limit("Levrage"))
        path.write_text(text)
        with pytest.raises(InvalidInputError, match=message):
            pretrade.read_policy(path)
