"""The impact of Almgren, Thum, Hauptmann and Li (2005): the example of the paper, and properties."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import ConventionWarning, InvalidInputError
from riskresearch.posttrade import almgren_impact
from riskresearch.reference.posttrade._published_impact import ALMGREN_ORDERS, ALMGREN_TABLE
from tests.examples import examples

ORDER = {"average_volume": 6.561e6, "volatility": 0.0157, "shares_outstanding": 1728e6, "duration": 0.5}


@pytest.mark.parametrize("row", ALMGREN_TABLE)
def test_the_example_of_the_paper_is_reproduced_to_its_printed_digits(row):
    name, duration, permanent, temporary, realised = row
    volume, shares, volatility = ALMGREN_ORDERS[name]
    found = almgren_impact(
        0.1 * volume, average_volume=volume, volatility=volatility, shares_outstanding=shares, duration=duration
    )
    basis_points = [1e4 * each[0] for each in (found.permanent, found.temporary, found.realised)]
    assert [round(each) for each in basis_points] == [permanent, temporary, realised]


def test_the_formulas_by_hand():
    """A turnover of 1 / 256 has the fourth root 1 / 4; a rate of 1 / 32 to the power of 3 / 5 is 1 / 8."""
    found = almgren_impact(1.0, average_volume=64.0, volatility=0.02, shares_outstanding=64.0 * 256.0, duration=0.5)
    assert found.permanent[0] == pytest.approx(0.314 * 0.02 * 4.0 / 64.0, rel=1e-14)
    assert found.temporary[0] == pytest.approx(0.142 * 0.02 / 8.0, rel=1e-14)
    assert found.realised[0] == pytest.approx(0.5 * found.permanent[0] + found.temporary[0], rel=1e-14)


@given(units=st.floats(1.0, 1e7), duration=st.floats(0.01, 5.0))
@examples(40)
def test_costs_are_of_either_side_and_grow_with_size_and_pace(units, duration):
    options = ORDER | {"duration": duration}
    one = almgren_impact(units, **options)
    assert almgren_impact(-units, **options).realised == one.realised
    assert almgren_impact(2.0 * units, **options).permanent[0] == pytest.approx(2.0 * one.permanent[0])
    slower = almgren_impact(units, **options | {"duration": 2.0 * duration})
    assert slower.permanent == one.permanent
    assert slower.temporary[0] == pytest.approx(one.temporary[0] / 2.0**0.6)


def test_orders_keep_their_index_and_numbers_of_one_serve_all():
    units = pd.Series([1000.0, -2000.0], index=["a", "b"])
    found = almgren_impact(units, **ORDER | {"volatility": pd.Series([0.01, 0.02], index=["a", "b"])})
    frame = found.to_frame()
    assert frame.index.tolist() == ["a", "b"]
    assert frame.loc["b", "realised"] == almgren_impact(2000.0, **ORDER | {"volatility": 0.02}).realised[0]
    assert "Model of Almgren" in found.summary()
    assert "no measurement" in found.summary()


def test_an_order_of_nothing_costs_nothing_and_constants_are_arguments():
    assert almgren_impact(0.0, **ORDER).realised == (0.0,)
    assert almgren_impact(1e5, **ORDER, gamma=0.0, eta=0.0).realised == (0.0,)
    assert almgren_impact(1e5, **ORDER, gamma=0.628).permanent[0] == 2.0 * almgren_impact(1e5, **ORDER).permanent[0]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"volatility": 0.0}, r"volatility must be positive, got 0 at row 0"),
        ({"duration": -1.0}, r"duration must be positive, got -1"),
        (
            {"average_volume": [1.0, 2.0]},
            r"average_volume must have one number for each of the 3 orders of units, got 2",
        ),
        ({"volatility": [0.01, np.nan]}, r"volatility must be known for each order, got nan at row 1"),
        ({"volatility": "high"}, r"volatility must be a finite number, got 'high'"),
        ({"volatility": np.inf}, r"volatility must be a finite number, got inf"),
        ({"volatility": pd.DataFrame({"a": [1.0]})}, r"volatility must be one number an order, got a DataFrame"),
        ({"gamma": -1.0}, r"gamma must not be negative, got -1\.0"),
        ({"adv": 1e6}, r"almgren_impact has no argument 'adv', got adv=1000000\.0\. Write average_volume=1000000\.0"),
    ],
)
def test_numbers_that_cannot_be_are_refused(change, text):
    units = [1e5, 1e5, 1e5] if change.get("average_volume") else 1e5
    options = ORDER | change
    if "adv" in change:
        options.pop("average_volume")
    with pytest.raises(InvalidInputError, match=text):
        almgren_impact(units, **options)


@pytest.mark.parametrize("volatility", [0.3, 1.6])
def test_a_volatility_of_a_year_or_in_percent_is_doubted_aloud(volatility):
    with pytest.warns(ConventionWarning, match=r"volatility of the median order is .*0\.3 / sqrt\(252\) a day"):
        almgren_impact(1e5, **ORDER | {"volatility": volatility})


def test_series_of_other_orders_are_refused():
    units = pd.Series([1.0, 2.0], index=["a", "b"])
    other = pd.Series([0.01, 0.02], index=["b", "a"])
    with pytest.raises(
        InvalidInputError, match=r"volatility must have the index of units.*volatility\.loc\[units\.index\]"
    ):
        almgren_impact(units, **ORDER | {"volatility": other})
