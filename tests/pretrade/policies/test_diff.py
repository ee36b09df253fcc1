"""What changes between two policies: each kind of change by hand, and what gets looser."""

import dataclasses
from datetime import UTC, date, datetime

import pytest

from riskresearch import pretrade
from riskresearch.core import InvalidInputError
from riskresearch.pretrade import Policy, diff_policies
from riskresearch.pretrade.policies._limit_types import functions_of, limit_types
from riskresearch.pretrade.policies._meanings import tighter_of
from riskresearch.pretrade.policies._tighter import differences

W = pretrade.PositionWeight
# Old, new, and which way the new limit went, reasoned from what each denies.
DIRECTIONS = [
    (W(0.1), W(0.12), "loosened"),
    (W(0.1), W(0.1 - 1e-9), "tightened"),
    (W(0.1), W(0.1, warn=0.08), "tightened"),
    (W(0.1, warn=0.08), W(0.1), "loosened"),
    (W(0.1, warn=0.08), W(0.1, warn=0.09), "loosened"),
    (W(0.1, warn=0.08), W(0.07), "tightened"),  # what was warned of is denied
    (W(0.1, warn=0.08), W(0.08), "loosened"),  # at 0.08 neither; above both: but a value of the limit is at it
    (W(0.1), W(0.1, inclusive=True), "tightened"),
    (W(0.1, inclusive=True), W(0.1), "loosened"),
    (W(0.1, inclusive=True), W(0.09), "tightened"),
    (W(0.1), W(0.1, on_missing="warn"), "loosened"),
    (W(0.1, on_missing="pass"), W(0.1, on_missing="warn"), "tightened"),
    (W(0.1), W(0.1, valid_until=date(2027, 1, 1)), "loosened"),
    (W(0.1, valid_until=date(2027, 1, 1)), W(0.1, valid_until=date(2027, 1, 2)), "tightened"),
    (W(0.1, valid_until=date(2027, 1, 1)), W(0.1, valid_until=datetime(2027, 1, 1, tzinfo=UTC)), "changed"),
    (W(0.1), W(0.1, valid_from=date(2027, 1, 1)), "loosened"),
    (W(0.1, valid_from=date(2027, 1, 1)), W(0.1, valid_from=date(2026, 1, 1)), "tightened"),
    (W(0.1), W(0.1, scope="strategy"), "changed"),
    (W(0.1), W(0.1, denominator="gross"), "changed"),
    (W({"A": 0.1}), W({"A": 0.1, "*": 0.5}), "loosened"),  # others were denied, for their number was not known
    (W({"A": 0.1}, on_missing="pass"), W({"A": 0.1, "*": 0.5}, on_missing="pass"), "tightened"),
    (W({"A": 0.1, "*": 0.5}), W({"A": 0.1, "B": 0.4, "*": 0.5}), "tightened"),
    (W({"A": 0.1, "*": 0.5}), W(0.5), "loosened"),
    (W(0.5), W({"A": 0.1, "*": 0.5}), "tightened"),
    (W({"A": 0.1, "*": 0.5}), W({"A": 0.1}), "changed"),  # what is not known denies, but warns of some exits
    (W(0.1, warn={"A": 0.05}), W(0.1, warn={"B": 0.05}), "loosened"),
    (pretrade.OrderUnits(5), pretrade.OrderUnits(5, limit_exits=True), "tightened"),
    (pretrade.OrderRate(10, window=5), pretrade.OrderRate(10, window=1), "loosened"),
    (pretrade.DuplicateOrder(5), pretrade.DuplicateOrder(10), "tightened"),
    (pretrade.LotSize(100), pretrade.LotSize(10), "loosened"),
    (pretrade.LotSize(10), pretrade.LotSize(100), "tightened"),
    (pretrade.LotSize(100), pretrade.LotSize(30), "changed"),
    (pretrade.LotSize(100), pretrade.LotSize(100, odd_lot_exits=True), "loosened"),
    (pretrade.TickSize(0.01), pretrade.TickSize(0.05), "tightened"),
    (pretrade.TickSize(0.1), pretrade.TickSize(0.3), "tightened"),  # 0.3 / 0.1 is no whole double
    (pretrade.MinimumTrade(0.01), pretrade.MinimumTrade(0.005), "loosened"),
    (pretrade.BuyingPower(0.5), pretrade.BuyingPower(0.25), "loosened"),
    (pretrade.BuyingPower(0.5), pretrade.BuyingPower(0.5, reserve=100.0), "tightened"),
    (pretrade.PriceCollar(0.03), pretrade.PriceCollar(0.03, two_sided=True), "tightened"),
    (pretrade.PriceCollar(0.03), pretrade.PriceCollar(0.03, unit="volatility"), "changed"),
    (pretrade.UcitsConcentration(), pretrade.UcitsConcentration(0.2), "loosened"),
    (pretrade.UcitsConcentration(), pretrade.UcitsConcentration(single=0.06), "loosened"),
    (pretrade.UcitsConcentration(), pretrade.UcitsConcentration(total=0.3), "tightened"),
    (
        pretrade.ValueAtRisk(0.1),
        pretrade.ValueAtRisk(0.1, level=0.99),
        "changed",
    ),  # a hedge at one may be none at another
    (pretrade.RestrictedList(["A"]), pretrade.RestrictedList(["A", "B"]), "tightened"),
    (pretrade.RestrictedList(["A", "B"]), pretrade.RestrictedList(["A"]), "loosened"),
    (pretrade.RestrictedList(["A"]), pretrade.RestrictedList(["B"]), "changed"),
    (pretrade.AllowedList(["A"]), pretrade.AllowedList(["A", "B"]), "loosened"),
    (pretrade.AllowedList({"trend": ["A"]}), pretrade.AllowedList({"trend": ["A"], "carry": ["B"]}), "loosened"),
    (pretrade.AllowedList(["A"]), pretrade.AllowedList({"trend": ["A"]}), "tightened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("09:30", "16:00"), "tightened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("09:00", "17:00"), "loosened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("10:00", "02:00"), "changed"),  # over midnight
    (pretrade.Session("22:00", "05:00"), pretrade.Session("23:00", "04:00"), "tightened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("09:00", "16:00", weekdays=[0]), "tightened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("09:00", "16:00", holidays=["2026-12-25"]), "tightened"),
    (pretrade.Session("09:00", "16:00"), pretrade.Session("09:00", "16:00", time_zone="Asia/Tokyo"), "changed"),
    (pretrade.GroupWeight(0.3), pretrade.GroupWeight(0.2, by="country"), "changed"),
    (pretrade.StressLoss(0.1, shocks={"A": -0.1}), pretrade.StressLoss(0.1, shocks={"A": -0.2}), "changed"),
    (pretrade.SelfTrade(), pretrade.SelfTrade(name="no wash"), "unchanged"),
]


@pytest.mark.parametrize(("old", "new", "change"), DIRECTIONS, ids=str)
def test_a_limit_goes_the_way_of_what_it_denies(old, new, change):
    found = diff_policies(Policy([old]), Policy([new]))
    assert [each.change for each in found.changes] == [change]
    assert found.is_looser is (change in ("loosened", "changed"))
    assert diff_policies(Policy([old]), Policy([old])).changes[0].change == "unchanged"
    back = diff_policies(Policy([new]), Policy([old]))
    if change == "changed":
        assert back.is_looser
    elif old.warn is None and new.warn is None and not old.inclusive:
        opposite = {"loosened": ("tightened", "changed"), "tightened": ("loosened",)}.get(change, (change,))
        assert back.changes[0].change in opposite


def test_every_field_of_every_limit_has_a_meaning():
    unknown = {
        f"{name}.{field.name}"
        for name, limit in limit_types().items()
        if not functions_of(limit)
        for field in dataclasses.fields(limit)
        if field.init and tighter_of(limit, field.name) is None
    }
    assert unknown == set()


def test_a_field_without_a_meaning_counts_as_looser_where_it_differs():
    old, new = (pretrade.CustomLimit(function, 1.0) for function in (lambda order, book: 0.0, lambda order, book: 1.0))
    assert [each.direction for each in differences(old, new)] == ["other"]
    assert diff_policies(Policy([old]), Policy([new])).is_looser


OLD = Policy(
    [
        W(0.1, warn=0.08), pretrade.Leverage(1.5), pretrade.OrderUnits(500), pretrade.SelfTrade(),
        pretrade.NetExposure(9),
    ],
    name="desk", version="1",
)  # fmt: skip
NEW = Policy(
    [pretrade.Leverage(1.2), W(0.12), pretrade.SelfTrade(), pretrade.GrossExposure(1e6), pretrade.NetExposure(9)],
    "record", 60, name="desk", version="2",
)  # fmt: skip


def test_each_change_shows_both_numbers_and_what_is_looser_is_marked_and_first():
    found = diff_policies(OLD, NEW)
    assert found.summary().splitlines() == [
        "policy desk 1 -> desk 2: 2 loosened, 1 removed, 2 tightened, 1 added, 2 unchanged",
        "limit           change     looser  field               old        new",
        "PositionWeight  loosened   LOOSER  deny                0.1       0.12",
        "PositionWeight  loosened   LOOSER  warn               0.08",
        "policy          loosened   LOOSER  on_breach          deny     record",
        "OrderUnits      removed    LOOSER  deny                500",
        "Leverage        tightened          deny                1.5        1.2",
        "policy          tightened          max_age of prices               60",
        "GrossExposure   added              deny                     1,000,000",
        "SelfTrade       unchanged",
        "NetExposure     unchanged          deny                  9          9",
        "LOOSER: 3 changes",
    ]
    frame = found.to_frame()
    assert list(frame.columns) == ["limit", "change", "looser", "field", "old", "new"]
    assert frame[frame["field"] == "deny"][["old", "new"]].iloc[0].tolist() == [0.1, 0.12]
    assert frame["looser"].tolist() == [True] * 4 + [False] * 5
    assert repr(found) == "PolicyDiff(8 changes, 3 looser)"
    assert [each.change for each in found.looser] == ["loosened", "loosened", "removed"]


def test_a_limit_that_comes_or_goes_shows_all_that_it_states():
    rate = pretrade.OrderRate(10, window=5, warn=8, scope="strategy", name="fast")
    frame = diff_policies(Policy([rate]), Policy([pretrade.Session("09:30", "16:00")])).to_frame()
    assert frame["limit"].tolist() == ["OrderRate (fast) scope=strategy"] * 3 + ["Session"] * 2
    assert frame["field"].tolist() == ["deny", "window", "warn", "opens", "closes"]
    assert frame["old"].tolist()[:3] == [10, 5.0, 8]
    assert frame["new"].tolist()[:3] == [None] * 3


def test_a_limit_that_goes_is_not_looser_where_another_one_covers_it():
    found = diff_policies(Policy([W(0.2), W(0.1), pretrade.Leverage(2)]), Policy([W(0.1), pretrade.Leverage(2)]))
    assert not found.is_looser
    assert {each.change for each in found.changes} == {"removed", "unchanged"}
    assert "PositionWeight is removed, and covered by PositionWeight deny=0.1\nnothing is looser" in found.summary()
    assert diff_policies(Policy([W(0.2), W(0.1)]), Policy([W(0.2)])).is_looser


def test_limits_of_one_class_are_paired_by_name_then_by_the_fewest_differences():
    old = Policy([W(0.1, name="hard"), W(0.05, scope="strategy"), W(0.08, name="soft")])
    new = Policy([W(0.09, name="soft"), W(0.04, scope="strategy"), W(0.1, name="hard")])
    found = {each.what: each.change for each in diff_policies(old, new).changes}
    assert found == {
        "PositionWeight (hard)": "unchanged",
        "PositionWeight scope=strategy": "tightened",
        "PositionWeight (soft)": "loosened",
    }


def test_nothing_changes_between_equal_policies_and_order_does_not_matter():
    assert not diff_policies(OLD, OLD).is_looser
    turned = dataclasses.replace(OLD, limits=OLD.limits[::-1], version="9")
    assert {each.change for each in diff_policies(OLD, turned).changes} == {"unchanged"}
    assert "no limit in either" in diff_policies(Policy([]), Policy([])).summary()


def test_files_are_read_first():
    with pytest.raises(
        InvalidInputError, match=r"old must be a Policy, got 'desk\.toml'. A file is read by read_policy"
    ):
        diff_policies("desk.toml", NEW)
