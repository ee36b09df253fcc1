"""Effects sum to the excess return, and those of a hierarchy to the ones above, for every model and linking."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.posttrade import brinson
from tests.examples import examples
from tests.posttrade.attribution.samples import (
    ARITHMETIC,
    DATES,
    INTERACTIONS,
    LINKINGS,
    MODELS,
    NAMES,
    SECTORS,
    holdings,
)

options = st.fixed_dictionaries(
    {
        "model": st.sampled_from(MODELS),
        "interaction": st.sampled_from(INTERACTIONS),
        "linking": st.sampled_from(ARITHMETIC),
        "off_benchmark": st.sampled_from(["allocation", "selection"]),
    }
)
weight = st.floats(-0.4, 0.6).map(lambda value: 0.0 if abs(value) < 0.05 else value)
a_return = st.one_of(st.just(0.0), st.floats(-0.15, 0.15))


@st.composite
def books(draw):
    """Draw one to six rows; a whole group may be missing on either side, and rows may have equal or zero returns."""
    rows = draw(st.integers(1, 6))
    weights = draw(st.lists(st.lists(weight, min_size=6, max_size=6), min_size=rows, max_size=rows))
    others = draw(st.lists(st.lists(weight, min_size=6, max_size=6), min_size=rows, max_size=rows))
    returns = draw(st.lists(st.lists(a_return, min_size=6, max_size=6), min_size=rows, max_size=rows))
    given_weights, rivals = np.array(weights), np.array(others)
    without = draw(st.sampled_from([None, (0, 0), (0, 1), (1, 0), (1, 1)]))
    if without is not None:
        (given_weights if without[0] == 0 else rivals)[:, 3 * without[1] : 3 * without[1] + 3] = 0.0
    if draw(st.booleans()):
        rivals[0] = given_weights[0]
    index = DATES[:rows]
    return [pd.DataFrame(values, index, NAMES) for values in (given_weights, rivals, np.array(returns))]


def attribute(book, **chosen):
    """Return the attribution; where a notional fund loses everything, there is none by two of the linkings."""
    try:
        return brinson(*book, groups=SECTORS, **chosen)
    except InvalidInputError as error:
        assume("notional fund" not in str(error))
        raise


def growth(weights, returns, cash):
    """Return the compounded return of holdings with the rest in cash, an independent way."""
    rows = (weights * returns).sum(axis=1) + (1.0 - weights.sum(axis=1)) * cash
    return float(np.prod(1.0 + rows) - 1.0)


@examples(150)
@given(books(), options, st.sampled_from([0.0, 0.01]))
def test_effects_sum_to_the_excess_return(book, chosen, cash):
    weights, others, returns = book
    result = attribute(book, cash_returns=cash, **chosen)
    excess = growth(weights, returns, cash) - growth(others, returns, cash)
    assert result.excess_return == pytest.approx(excess, rel=0.0, abs=1e-13)
    for level in ("sector", "industry", "asset"):
        for by in ("group", "period", "period_and_group"):
            assert result.to_frame(level, by)["total"].sum() == pytest.approx(excess, rel=0.0, abs=1e-12)
    assert result.to_frame(by="level").loc["total", "effect"] == pytest.approx(excess, rel=0.0, abs=1e-12)
    assert result.totals()["total"] == pytest.approx(excess, rel=0.0, abs=1e-12)


@examples(80)
@given(books(), options)
def test_the_members_of_a_group_sum_to_it(book, chosen):
    result = attribute(book, **chosen)
    upper, lower, assets = (result.to_frame(level) for level in ("sector", "industry", "asset"))
    parent = {**SECTORS["sector"].to_dict(), **SECTORS.set_index("industry")["sector"].to_dict(), "cash": "cash"}
    for members in (lower, assets):
        sums = members["total"].groupby(members.index.map(parent)).sum()
        np.testing.assert_allclose(sums[upper.index], upper["total"], rtol=0.0, atol=1e-13)
    industry = {**SECTORS["industry"].to_dict(), "cash": "cash"}
    sums = assets[list(result.effects)].groupby(assets.index.map(industry)).sum()
    np.testing.assert_allclose(sums.loc[lower.index], lower[list(result.effects)], rtol=0.0, atol=1e-12)


@examples(60)
@given(books(), st.sampled_from(MODELS), st.sampled_from(INTERACTIONS))
def test_geometric_effects_multiply_to_the_ratio_of_growths(book, model, interaction):
    weights, others, returns = book
    result = attribute(book, model=model, interaction=interaction, linking="geometric")
    ratio = (1.0 + growth(weights, returns, 0.0)) / (1.0 + growth(others, returns, 0.0))
    totals = result.totals()
    assert (1.0 + totals["allocation"]) * (1.0 + totals["selection"]) == pytest.approx(ratio, rel=1e-12)
    assert totals["total"] == pytest.approx(ratio - 1.0, rel=0.0, abs=1e-12)
    assert result.excess_return == pytest.approx(ratio - 1.0, rel=0.0, abs=1e-12)


@pytest.mark.parametrize("linking", LINKINGS)
def test_the_order_of_assets_changes_nothing(linking):
    weights, others, returns = holdings()
    order = ["A3", "A0", "A5", "A1", "A4", "A2"]
    one = brinson(weights, others, returns, groups=SECTORS, linking=linking)
    two = brinson(weights[order], others, returns[order], groups=SECTORS.iloc[::-1], linking=linking)
    pd.testing.assert_frame_equal(two.to_frame().loc[one.to_frame().index], one.to_frame(), rtol=0.0, atol=1e-15)


@pytest.mark.parametrize("linking", ARITHMETIC)
def test_small_effects_grow_in_proportion_to_the_active_weights(linking):
    weights, others, returns = holdings(scale=1e-4)
    sums = [
        brinson(others + size * (weights - others), others, returns, groups=SECTORS, linking=linking).totals()
        for size in (1e-3, 2e-3)
    ]
    wanted = 2.0 * sums[0][["allocation", "selection"]]
    np.testing.assert_allclose(sums[1][["allocation", "selection"]], wanted, rtol=2e-3)


@pytest.mark.parametrize("linking", LINKINGS)
@pytest.mark.parametrize("rows", [1, 2, 3])
def test_a_portfolio_that_is_its_benchmark_has_no_effects(linking, rows):
    _, others, returns = holdings(rows)
    result = brinson(others, others, returns, groups=SECTORS, linking=linking)
    np.testing.assert_allclose(result.to_frame("asset").iloc[:, 2:], 0.0, rtol=0.0, atol=1e-17)


@pytest.mark.parametrize("linking", LINKINGS)
def test_returns_of_zero_have_no_effects(linking):
    weights, others, returns = holdings(3)
    assert brinson(weights, others, 0.0 * returns, linking=linking).totals().abs().max() == 0.0


@pytest.mark.parametrize("linking", LINKINGS)
def test_equal_compounded_returns_of_different_rows_are_explained(linking):
    """Cariño's 0/0 over all rows: the portfolio wins on the first row what it loses on the second."""
    weights = pd.DataFrame([[1.0, 0.0], [0.0, 1.0]], DATES[:2], ["a", "b"])
    returns = pd.DataFrame([[0.25, 0.0], [0.0, -0.2]], DATES[:2], ["a", "b"])
    result = brinson(weights, {"a": 0.0, "b": 0.0}, returns, linking=linking)
    assert result.portfolio_return == pytest.approx(0.0, abs=1e-15)
    assert result.totals()["total"] == pytest.approx(0.0, abs=1e-15)
    alone = result.to_frame(by="period", linked=False)["total"]
    np.testing.assert_allclose(alone, [0.25, -0.2], rtol=1e-14)


def test_the_effects_of_a_row_in_frongellos_linking_never_change_with_later_rows():
    weights, others, returns = holdings()
    whole = brinson(weights, others, returns, groups=SECTORS, linking="frongello").to_frame(by="period")
    for rows in (1, 3, 5):
        part = brinson(weights[:rows], others[:rows], returns[:rows], groups=SECTORS, linking="frongello")
        pd.testing.assert_frame_equal(part.to_frame(by="period"), whole[:rows], rtol=0.0, atol=0.0, check_freq=False)


def test_grap_and_frongello_have_one_total_of_each_group():
    book = holdings()
    one, two = (brinson(*book, groups=SECTORS, linking=linking).to_frame() for linking in ("grap", "frongello"))
    pd.testing.assert_frame_equal(one, two, rtol=0.0, atol=1e-15)


def test_long_histories_keep_the_identity():
    _, others, returns = holdings(2500, scale=0.01)
    weights = 1.5 * others.iloc[::-1].set_axis(others.index)
    for linking in LINKINGS:
        result = brinson(weights, others, returns, groups=SECTORS, linking=linking)
        assert result.totals()["total"] == pytest.approx(result.excess_return, rel=1e-11)


def test_growth_of_a_group_as_the_benchmark_holds_it_selects_nothing():
    """Twice the sector, in the benchmark's proportions: all of it is allocation, of each asset too."""
    others = {"a": 0.3, "b": 0.1, "c": 0.6}
    weights = {"a": 0.6, "b": 0.2, "c": 0.2}
    result = brinson(weights, others, {"a": 0.1, "b": -0.05, "c": 0.02}, groups={"a": "x", "b": "x", "c": "y"})
    assert result.to_frame("asset")[["selection", "interaction"]].abs().to_numpy().max() < 1e-17
    assert result.to_frame("asset")["total"]["a"] == pytest.approx(0.3 * (0.1 - 0.037))
