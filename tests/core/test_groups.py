"""Groups of assets, in every form that a user has them in; one that is missing is never a group called nan."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.core._groups import group_of_each

ASSETS = ("AAPL", "MSFT", "XOM")
SECTORS = {"AAPL": "tech", "MSFT": "tech", "XOM": "oil"}
TABLE = pd.DataFrame({"name": ["Apple", "Microsoft", "Exxon"], "sector": ["tech", "tech", "oil"]}, index=list(ASSETS))


@pytest.mark.parametrize(
    "groups",
    [
        SECTORS,
        {**SECTORS, "TSLA": "cars", "BRK": None},
        pd.Series(SECTORS),
        pd.Series(SECTORS)[::-1],
        pd.Series(SECTORS, dtype="category"),
        TABLE["sector"],
        TABLE[["sector"]],
        {"oil": ["XOM"], "tech": ["MSFT", "AAPL", "NVDA"]},
        {"oil": ("XOM",), "tech": {"MSFT", "AAPL"}},
        {"oil": pd.Index(["XOM"]), "tech": np.array(["MSFT", "AAPL"])},
        ["tech", "tech", "oil"],
        ("tech", "tech", "oil"),
        np.array(["tech", "tech", "oil"]),
        pl.Series(["tech", "tech", "oil"]),
    ],
    ids=lambda groups: type(groups).__name__,
)
def test_every_form_gives_the_same_groups(groups):
    assert group_of_each(groups, ASSETS) == ("tech", "tech", "oil")


def test_groups_may_be_numbers():
    assert group_of_each({"A": 45, "B": 10.0}, ("A", "B")) == ("45", "10.0")
    assert group_of_each({45: ["A"], 10: ["B"]}, ("A", "B")) == ("45", "10")


@pytest.mark.parametrize(
    ("groups", "text"),
    [
        ({"AAPL": "tech", "MSFT": "tech"}, r"every asset, got none for 'XOM'\.$"),
        ({**SECTORS, "XOM": None}, r"every asset, got none for 'XOM'\.$"),
        ({**SECTORS, "XOM": np.nan}, r"every asset, got none for 'XOM'\.$"),
        ({**SECTORS, "XOM": pd.NA}, r"every asset, got none for 'XOM'\.$"),
        ({"aapl": "tech", "MSFT": "tech", "XOM": "oil"}, r"for 'AAPL'\. It names 'aapl': names are compared as they"),
        (pd.Series(["tech", "tech", "oil"]), r"goes by its index: pass groups\.to_numpy\(\)"),
        ({"tech": ["AAPL", "MSFT"], "oil": ["XOM", "AAPL"]}, r"each asset once, got 'AAPL' in 'tech' and in 'oil'"),
        ({"tech": ["AAPL", "MSFT"]}, r"got none for 'XOM'"),
        (TABLE, r"one column, got 2\. Pass the one that names the groups: groups=table\['sector'\]"),
        (["tech", "oil"], r"one group for each of the 3 assets in their order, got \['tech', 'oil'\]"),
        (["tech", None, "oil"], r"one group for each of the 3 assets"),
        ("sector", r"such as \{'AAPL': 'one'\}, or one group for each .* got 'sector'"),
        (len, r"groups must be a mapping or a Series"),
        (pd.Series(["a", "b"], index=["AAPL", "AAPL"]), r"groups must name each asset .* once, got 'AAPL' twice"),
    ],
)
def test_groups_that_leave_an_asset_open_are_refused(groups, text):
    with pytest.raises(InvalidInputError, match=text):
        group_of_each(groups, ASSETS)
