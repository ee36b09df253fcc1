"""What compliance refuses, and how its result shows itself."""

import pickle
import re

import numpy as np
import pandas as pd
import pytest

from riskresearch import posttrade, pretrade
from riskresearch.core import InvalidInputError
from tests.posttrade.breaches.books import DAYS, ledger_of

LEDGER = ledger_of([(0, "A", 11.0, 10.0)], {"A": [10.0, 10.0, 5.0]})
TENTH = pretrade.PositionWeight(0.1)


@pytest.mark.parametrize(
    ("ledger", "limits", "options", "words"),
    [
        (None, [TENTH], {}, "ledger must be a Ledger, got None. Make one with posttrade.Ledger.from_fills"),
        (LEDGER.fills, [TENTH], {}, "ledger must be a Ledger, got a DataFrame"),
        (LEDGER, [0.1], {}, "limits must be limits of riskresearch.pretrade, got 0.1"),
        (LEDGER, [pretrade.PositionWeight], {}, r"Write PositionWeight\(...\), with its parameters"),
        (LEDGER, "WEIGHT", {}, "limits must be"),
        (LEDGER, None, {}, "limits must be"),
        (LEDGER, [TENTH], {"pooled": 1}, "pooled must be True or False, got 1"),
        (LEDGER, [TENTH], {"pooled": np.array([True, False])}, "pooled must be True or False, got a ndarray"),
        (LEDGER, [TENTH], {"groups": {"A": "tech"}}, "groups must be a mapping of kinds of groups"),
        (LEDGER, [TENTH], {"groups": "issuer"}, "groups must be a mapping of kinds"),
        (LEDGER, [pretrade.UcitsConcentration()], {"groups": "issuer"}, "groups must be a mapping of kinds"),
        (LEDGER, [pretrade.UcitsConcentration()], {"groups": 5}, "groups must be a mapping of kinds"),
        (LEDGER, [TENTH], {"betas": 1.2}, "betas must be a mapping or a Series by asset, got 1.2"),
        (LEDGER, [TENTH], {"locates": [1.0]}, "locates must be a mapping or a Series by asset"),
        (LEDGER, [TENTH], {"average_volume": 5.0}, "average_volume must be a mapping or a Series by asset"),
        (LEDGER, [TENTH], {"average_volume": np.ones((2, 1))}, "average_volume must have the rows of prices, got 2"),
        (LEDGER, [TENTH], {"volatility": np.ones((3, 2))}, "volatility must have a column for each asset of prices"),
        (LEDGER, [TENTH], {"volatility": pd.DataFrame({"A": ["x"]}, index=DAYS[:1])}, "volatility"),
        (LEDGER, [TENTH], {"scenarios": [0.1]}, "scenarios must be a DataFrame, scenarios x assets"),
        (LEDGER, [TENTH], {"scenarios": pd.DataFrame({"A": [0.1, 0.2]}, index=DAYS[1::-1])}, "order of their dates"),
        (LEDGER, [TENTH], {"scenarios": pd.DataFrame({"A": [0.1]}, DAYS[:1].tz_localize("UTC"))}, "a zone on their"),
        (LEDGER, [TENTH], {"wash_sales": "yes"}, "wash_sales must be True or False, or the result"),
        (LEDGER, [TENTH], {"wash_sales": 30}, "wash_sales must be True or False, or the result"),
    ],
)
def test_what_is_no_ledger_no_limit_or_no_data_is_refused(ledger, limits, options, words):
    with pytest.raises(InvalidInputError, match=words):
        posttrade.compliance(ledger, limits, **options)


def test_one_limit_a_checker_and_many_are_the_same():
    each = [posttrade.compliance(LEDGER, given) for given in (TENTH, [TENTH], pretrade.UnifiedLimitChecker([TENTH]))]
    for other in each[1:]:
        pd.testing.assert_frame_equal(each[0].breaches, other.breaches)


def test_data_of_other_assets_and_frames_of_groups_are_read():
    groups = pd.DataFrame({"issuer": {"A": "one", "Z": "two"}, "sector": {"A": "x", "Z": "y"}})
    found = posttrade.compliance(
        LEDGER, [pretrade.UcitsConcentration(), pretrade.GroupWeight(0.1), pretrade.ValueAtRisk(0.01)], groups=groups,
        betas={"Z": 1.0}, scenarios=pd.DataFrame({"Z": [0.1, 0.2], "A": [-0.3, 0.1]}),
    )  # fmt: skip
    assert set(found.breaches["subject"]) == {"one", "x", ""}


def test_nothing_to_judge_by_is_no_breach():
    found = posttrade.compliance(LEDGER, [])
    assert found.compliant
    assert found.verdict() == "No breach; every bar could be judged."
    assert len(found.checks) == 0
    assert found.summary() == found.summary()


def test_the_result_has_the_tables_the_verdict_and_the_rules():
    found = posttrade.compliance(LEDGER, [TENTH, pretrade.Leverage(0.5)])
    assert repr(found) == "Compliance(2 checks, 1 breach)"
    text = found.summary()
    assert text.startswith("1 breach, 1 active; every bar could be judged.\n")
    assert "A breach is active if fills of its first bar made or worsened it" in text
    pd.testing.assert_frame_equal(found.to_frame(), found.breaches)
    frame = found.to_frame()
    frame["cause"] = "passive"
    assert found.breaches["cause"].tolist() == ["active"]
    again = pickle.loads(pickle.dumps(found))
    assert again.summary() == text


def test_many_breaches_are_cut_and_counted():
    prices = {"A": [10.0, 12.0] * 3}
    found = posttrade.compliance(
        ledger_of([(0, "A", 10.0, 10.0)], prices), [pretrade.PositionWeight(0.1, name=f"n{k}") for k in range(9)]
    )
    assert len(found.breaches) == 27
    assert "The first 20 of 27 breaches are shown." in found.summary()
    assert len(re.findall(r"^WEIGHT \(n\d\) .*passive$", found.summary(), re.MULTILINE)) == 20


def test_the_figure_has_a_bar_for_each_limit():
    limits = [TENTH, pretrade.PositionWeight(0.05), pretrade.OrderUnits({"A": 5, "*": 3})]
    ax = posttrade.compliance(LEDGER, limits).plot()
    assert [each.get_text() for each in (*ax.get_yticklabels(), *ax.get_xticklabels())][:3] == [
        "WEIGHT 0.1", "WEIGHT 0.05", "ORDER_UNITS 5",
    ]  # fmt: skip


def test_two_limits_of_one_code_are_counted_apart():
    found = posttrade.compliance(LEDGER, [TENTH, pretrade.PositionWeight(0.2), pretrade.PositionWeight({"A": 0.3})])
    assert found.checks["in_breach"].tolist() == [2, 0, 0]
    assert found.breaches["check"].tolist() == [0]
    lines = [line.split() for line in found.summary().splitlines() if line.startswith("WEIGHT")]
    assert [(line[1], line[-2]) for line in lines[:3]] == [("0.1", "1"), ("0.2", "0"), ("0.3", "0")]
