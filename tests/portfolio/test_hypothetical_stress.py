"""Several hypothetical scenarios in one call, in every form, with the units of shocks checked."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import historical_stress, hypothetical_stress, simple_returns
from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.datasets import load
from tests.examples import examples
from tests.samples import fat_tailed

DURATION = 8.5
DATES = pd.bdate_range("2015-01-01", periods=300, name="date")
CHANGES = pd.Series(fat_tailed(300, 1, seed=3)[:, 0] / 20, index=DATES, name="10year")
STOCKS = pd.Series(fat_tailed(300, 1, seed=4)[:, 0], index=DATES, name="stocks") + 2.0 * CHANGES
RETURNS = pd.DataFrame({"stocks": STOCKS, "bonds": -DURATION * CHANGES})
WEIGHTS = {"stocks": 0.6, "bonds": 0.4}
SHOCKS = {"bear": {"stocks": -0.2, "10year": 0.02}, "cut": {"10year": -0.01}}
TABLE = pd.DataFrame(SHOCKS)


def stress(shocks=SHOCKS, *, factors=CHANGES, returns=RETURNS, **options):
    return hypothetical_stress(returns, weights=WEIGHTS, shocks=shocks, factors=factors, **options)


def test_a_rise_of_yields_costs_a_bond_fund_its_duration():
    # 200 basis points times a duration of 8.5 are 17 % of 40 %; stocks fall by 20 % of 60 %.
    bear, cut = stress(propagate="betas").portfolio_returns
    assert bear == pytest.approx(0.6 * -0.2 + 0.4 * -DURATION * 0.02, rel=1e-12)
    beta = np.polyfit(CHANGES, STOCKS, 1)[0]
    assert cut == pytest.approx(0.6 * beta * -0.01 + 0.4 * DURATION * 0.01, rel=1e-9)
    assert stress({"bear": SHOCKS["bear"]}).portfolio_returns[0] == pytest.approx(bear, rel=1e-9)


@pytest.mark.parametrize(
    "shocks",
    [TABLE, TABLE.T, {name: pd.Series(moves) for name, moves in SHOCKS.items()}, pd.Series(SHOCKS),
     pd.DataFrame.from_dict(SHOCKS, orient="index")],
    ids=["scenarios in columns", "in rows", "mapping of Series", "Series of mappings", "from_dict"],
)  # fmt: skip
def test_every_form_of_scenarios_gives_the_same(shocks):
    found = stress(shocks)
    assert found == stress()
    assert found.scenarios == ("bear", "cut")
    assert found.shocks == ({"stocks": -0.2, "10year": 0.02}, {"10year": -0.01})


@given(st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(-0.03, 0.03)), min_size=1, max_size=5))
@examples(20)
@pytest.mark.filterwarnings("ignore:shocks has:riskresearch.core.ConventionWarning")
def test_scenarios_together_are_scenarios_alone(moves):
    scenarios = {f"s{number}": {"stocks": fall, "10year": rise} for number, (fall, rise) in enumerate(moves)}
    together = stress(scenarios)
    for number, (name, single) in enumerate(scenarios.items()):
        alone = stress(single)
        assert (together.scenarios[number], alone.scenarios) == (name, ("hypothetical",))
        assert together.asset_returns[number] == alone.asset_returns[0]


def test_a_series_is_one_scenario_without_its_missing_moves():
    assert stress(pd.Series({"stocks": -0.2, "10year": np.nan})) == stress({"stocks": -0.2})


def test_the_unit_of_a_factor_is_that_of_its_shock():
    expected = stress().portfolio_returns
    in_percent = {name: {**moves, "10year": 100.0 * moves["10year"]} for name, moves in SHOCKS.items()}
    assert stress(in_percent, factors=100.0 * CHANGES).portfolio_returns == pytest.approx(expected, rel=1e-9)
    with pytest.warns(
        ConventionWarning, match=r"0\.02 as the largest move of '10year', 0\.\d+ times its standard devi"
    ):
        stress(factors=100.0 * CHANGES)


@pytest.mark.parametrize(
    ("shocks", "text"),
    [
        ({"stocks": -20}, r"shocks\['stocks'\] must be -1 or more.*-20 % is -0\.2, and -20 basis points are -0\.002"),
        ({"10year": 200}, r"shocks\['10year'\] must be a fraction, got 200, .* and 200 basis points are 0\.02"),
        ({"a": {"10year": 200}, "b": {"stocks": 0.1}}, r"shocks\['a'\]\['10year'\] must be a fraction, got 200"),
        ({"10year": -200}, r"shocks\['10year'\] must be -1 or more"),
        ({"stocks": "-20%"}, r"shocks\['stocks'\] must be a number, got '-20%': pass -0\.2\."),
        ({"10year": "+200 bp"}, r"must be a number, got '\+200 bp': pass 0\.02\."),
        ({"10year": "200bps"}, r"pass 0\.02\."),
        ({"10year": "up"}, r"must be a finite number, got 'up'"),
    ],
)
def test_percent_and_basis_points_are_refused_with_the_fraction(shocks, text):
    with pytest.raises(InvalidInputError, match=text):
        stress(shocks)


def test_percent_that_could_be_fractions_warn():
    with pytest.warns(ConventionWarning, match=r"got 2\. .*2 % is 0\.02, and 2 basis points are 0\.0002"):
        stress({"10year": 2.0})


@pytest.mark.parametrize(
    ("shocks", "options", "text"),
    [
        ([{"stocks": -0.2}], {}, r"Several scenarios have names: \{'slump': \{'stocks': -0\.2\}"),
        ({}, {}, r"shocks must be a mapping from asset or factor to return"),
        ({"slump": {}}, {}, r"shocks\['slump'\] must shock at least one asset or factor, got none"),
        ({"stocks": -0.2, "bear": {"bonds": 0.1}}, {}, r"got both: 'stocks' is -0\.2, and 'bear' is \{'bonds': 0\.1\}"),
        (SHOCKS, {"factors": None}, r"'10year', which is neither .* such as a yield, needs its series .*: factors="),
        ({"bear": {"stock": -0.2}}, {}, r"shocks\['bear'\] must name .* got 'stock'.* Did you mean 'stocks'"),
        (TABLE.rename(index={"stocks": "shares"}), {}, r"in its columns, or in its rows, but 'shares' is neither an"),
        (TABLE.rename(columns={"bear": "bonds", "cut": "stocks"}), {}, r"both are names of assets or factors. Rename"),
        (TABLE.iloc[:, :0], {}, r"both are names|at least one scenario"),
        (pd.concat([TABLE, TABLE], axis=1), {}, r"a different name for each scenario, got 'bear' twice"),
        (SHOCKS, {"factors": CHANGES.where(CHANGES.index > DATES[0])}, r'factors has 1 non-finite value.*"omit"'),
    ],
)
def test_scenarios_that_cannot_be_read_are_refused(shocks, options, text):
    with pytest.raises(InvalidInputError, match=text):
        stress(shocks, **options)


def test_missing_rows_are_left_out_where_they_may_be():
    holed = RETURNS.copy()
    holed.iloc[5, 0] = np.nan
    levels = (0.02 + CHANGES.cumsum()).rename("10year")
    found = stress(returns=holed, factors=levels.diff(), nan_policy="omit")
    keep = holed.notna().all(axis=1) & levels.diff().notna()
    expected = stress(returns=holed[keep], factors=levels.diff()[keep])
    assert found.portfolio_returns == pytest.approx(expected.portfolio_returns, rel=1e-12)
    with pytest.raises(InvalidInputError, match=r"at least 2 rows on which every asset and factor has a value, got 1"):
        stress(returns=holed[:2], factors=levels.diff()[:2], nan_policy="omit")


def test_yields_themselves_are_doubted_as_a_factor():
    levels = (0.03 + 0.1 * CHANGES.cumsum()).rename("10year")
    with pytest.warns(
        ConventionWarning, match=r"factors looks like prices, yearly rates.* a factor their changes, \.dif"
    ):
        stress(factors=levels)


def test_episodes_and_shocks_stand_side_by_side():
    index = simple_returns(load("index_sp500")["close"]).to_frame("stocks")
    past = historical_stress(index, weights=[1.0], episodes=["2008", "2020 pandemic"])
    future = hypothetical_stress(index, weights=[1.0], shocks={"slump": {"stocks": -0.2}})
    both = past.append(future)
    assert both.scenarios == ("2008 financial crisis", "2020 pandemic", "slump")
    assert both.portfolio_returns == (*past.portfolio_returns, -0.2)
    pd.testing.assert_frame_equal(both.to_frame(), pd.concat([past.to_frame(), future.to_frame()]))
    assert both.summary().splitlines() == [
        "scenario               portfolio  source",
        "2008 financial crisis    -45.95%  returns",
        "2020 pandemic            -33.92%  returns",
        "slump                    -20.00%  given (stocks -0.2)",
        "Bought before the scenario and held; negative is a loss.",
    ]
    assert past.append() == past
    with pytest.raises(InvalidInputError, match="scenarios of other names, got 'slump' twice"):
        both.append(future)
    with pytest.raises(InvalidInputError, match="the same assets and weights"):
        both.append(stress())


def test_episodes_are_found_by_year_and_unknown_ones_stand_in_one_line():
    index = simple_returns(load("index_sp500")["close"]).loc["2005":"2015"].to_frame("stocks")
    assert historical_stress(index, weights=[1.0], episodes="2008").scenarios == ("2008 financial crisis",)
    assert historical_stress(index, weights=[1.0], episodes=[2011]).scenarios == ("2011 US downgrade",)
    with pytest.raises(InvalidInputError, match=r"episodes must be one of '1987 crash', .*, got '2009'"):
        historical_stress(index, weights=[1.0], episodes="2009")
    whole = historical_stress(index, weights=[1.0])
    text = whole.summary()
    assert "nan%" not in text
    assert "The return is unknown, for a held asset has none then: 1987 crash, 1994 bond" in text
    assert sum(math.isnan(each) for each in whole.portfolio_returns) == 7
