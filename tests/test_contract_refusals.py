"""Every public measure over what is missing, infinite or no returns at all: error text, and the input untouched."""

import inspect
import re

import numpy as np
import pandas as pd
import polars as pl
import pytest

from riskresearch.core import ConventionWarning, InvalidInputError
from tests.contract import (
    BAD_ROW,
    EXTRAPOLATED,
    ROWS,
    VALUES,
    each_measure,
    each_omitting,
    fingerprint,
    frame_for,
    holed,
    numbers_for,
    polars_for,
    same,
)
from tests.measures import CALLABLE, MEASURES, NUMBERS, PATHS, benchmark_like, function_of

pytestmark = pytest.mark.filterwarnings(EXTRAPOLATED)

# --- missing and infinite values


@each_measure
def test_a_missing_value_is_named_by_date_and_column(measure):
    what = "prices" if measure.of_prices else "returns"
    text = rf"{what} has 1 non-finite value, the first at {BAD_ROW} in column 'MSFT'\. Pass nan_policy=\"omit\""
    with pytest.raises(InvalidInputError, match=text):
        measure(holed(measure))
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW}\. Pass"):
        measure(holed(measure)["MSFT"])
    with pytest.raises(InvalidInputError, match=r"the first at row 3, column 1\. Pass"):
        measure(holed(measure).to_numpy())
    with pytest.raises(InvalidInputError, match=rf"the first at {BAD_ROW} 00:00:00 in column 'MSFT'\. Pass"):
        measure(polars_for(measure).with_columns(MSFT=pl.Series(holed(measure)["MSFT"].to_numpy())))


@pytest.mark.parametrize("measure", [m for m in NUMBERS if m.omits], ids=lambda measure: measure.title)
def test_an_omitted_row_is_as_if_it_had_never_been(measure):
    frame = holed(measure)
    result = measure(frame, nan_policy="omit")
    others = (benchmark_like(frame).drop(pd.Timestamp(BAD_ROW)),) if measure.benchmark else ()
    without = function_of(measure.name)(frame["MSFT"].dropna(), *others, **measure.options)
    without = without if measure.field is None else getattr(without, measure.field)
    assert same(result["MSFT"], without)
    assert same(result["AAPL"], measure(frame["AAPL"]))
    assert same(list(measure(pl.from_pandas(frame.reset_index()), nan_policy="omit").row(0)), result.tolist())


@pytest.mark.filterwarnings("ignore:.* missing prices:riskresearch.core.ConventionWarning")
@pytest.mark.parametrize("measure", [m for m in PATHS if m.omits], ids=lambda measure: measure.title)
def test_a_missing_value_stays_missing_in_a_path(measure):
    frame = holed(measure)
    result = measure(frame, nan_policy="omit")
    if measure.name == "portfolio_returns":
        assert not result.isna().any()
        return
    missing = result.index[result["MSFT"].isna()].strftime("%Y-%m-%d").tolist()
    if "window" in measure.options:  # no answer before three rows, nor with the gap among the last three
        filling = ["2024-01-01", "2024-01-02"]
        sound = {"sortino_ratio", "gain_to_pain_ratio"}  # also nan where no return falls short
        windows = [*filling, BAD_ROW, "2024-01-05", "2024-01-08"]
        assert missing == windows or (measure.options.get("measure") in sound and set(missing) > set(windows))
        return
    assert missing == [BAD_ROW]
    assert not result["AAPL"].isna().any()
    if not measure.of_prices:
        assert same(result["MSFT"].dropna().to_numpy(), measure(frame["MSFT"].dropna()).to_numpy())


@each_omitting
def test_a_column_without_any_value_is_named(measure):
    frame = frame_for(measure)
    frame["MSFT"] = np.nan
    if measure.name in ("portfolio_returns", "simple_returns"):
        assert not np.isinf(np.asarray(measure(frame, nan_policy="omit"))).any()
        return
    text = rf"at least {measure.minimum} observations in each column, got 0 in column 'MSFT' after leaving out"
    with pytest.raises(InvalidInputError, match=text):
        measure(frame, nan_policy="omit")


@each_measure
def test_an_infinity_is_refused_whatever_the_policy(measure):
    text = rf"has 1 infinite value, the first at {BAD_ROW} in column 'MSFT'\. An infinity is not a missing value"
    for value in (np.inf, -np.inf):
        for options in ({}, {"nan_policy": "omit"}) if measure.omits else ({},):
            with pytest.raises(InvalidInputError, match=text):
                measure(holed(measure, value), **options)


# --- what is refused


@each_measure
def test_unsorted_dates_are_refused(measure):
    turned = frame_for(measure).iloc[[0, 2, 1, *range(3, ROWS)]]
    text = r"must be in the order of its dates, got 2024-01-02 after 2024-01-03 on row 2\. Sort it with \.sort_index"
    with pytest.raises(InvalidInputError, match=text):
        measure(turned)
    with pytest.raises(InvalidInputError, match=r"must be in the order of its dates"):
        measure(polars_for(measure)[[0, 2, 1]])


@each_measure
def test_duplicate_dates_are_refused(measure):
    twice = frame_for(measure).iloc[[0, 1, 1, 2]]
    with pytest.raises(
        InvalidInputError, match=r"one row for each date, got 2024-01-02 twice, the second time on row 2"
    ):
        measure(twice)


@each_measure
def test_nothing_is_refused(measure):
    others = {"benchmark": []} if measure.benchmark else {}
    for empty in ([], np.empty((0, 2)), pd.Series(dtype=float), pd.DataFrame(), pl.DataFrame()):
        with pytest.raises(InvalidInputError, match=r"must not be empty, got shape"):
            function_of(measure.name)(empty, **others, **measure.options)


@each_measure
def test_text_is_refused_by_its_place(measure):
    frame = frame_for(measure).astype({"MSFT": object})
    frame.loc[BAD_ROW, "MSFT"] = "n/a"
    with pytest.raises(InvalidInputError, match=rf"must hold numbers, .*'n/a' at {BAD_ROW} in column 'MSFT'"):
        measure(frame)
    with pytest.raises(InvalidInputError, match=r"must hold numbers, got dtype <U"):
        measure(np.array(["0.01", "0.02", "0.03"]))


@each_measure
def test_truth_values_are_refused(measure):
    for data in (np.array([True, False, True]), pd.Series([True, False, True]), pl.Series([True, False, True])):
        with pytest.raises(InvalidInputError, match=r"must hold numbers, got dtype (bool|object|Boolean)"):
            measure(data)


@each_measure
def test_two_columns_of_one_name_are_refused(measure):
    frame = frame_for(measure).set_axis(["AAPL", "BTC", "BTC"], axis=1)
    with pytest.raises(InvalidInputError, match=r"a different name for each column, got 'BTC' twice"):
        measure(frame)


@pytest.mark.parametrize("measure", [m for m in CALLABLE if m.compounds], ids=lambda measure: measure.title)
def test_a_loss_of_more_than_everything_is_refused_where_returns_compound(measure):
    text = rf"returns must be -1 or more to be compounded, got -5 at {BAD_ROW} in column 'MSFT'.*-5 % is -0\.05"
    with pytest.raises(InvalidInputError, match=text):
        measure(holed(measure, -5.0))


@each_omitting
def test_an_unknown_nan_policy_is_refused(measure):
    with pytest.raises(InvalidInputError, match=r"nan_policy must be one of 'raise', 'omit', got 'drop'"):
        measure(frame_for(measure), nan_policy="drop")


# --- side effects


@pytest.mark.filterwarnings("ignore:.* missing prices:riskresearch.core.ConventionWarning")
@each_measure
def test_the_input_is_left_as_it_was(measure):
    data = [numbers_for(measure).copy(), frame_for(measure), frame_for(measure)["MSFT"].copy(), polars_for(measure)]
    cases = [(each, {}) for each in data] + [(holed(measure), {"nan_policy": "omit"})] * measure.omits
    for given, options in cases:
        before = fingerprint(given)
        result = measure(given, **options)
        if isinstance(result, np.ndarray):
            result[...] = -1.0
        elif isinstance(result, (pd.Series, pd.DataFrame)):
            result.iloc[:] = -1.0
            result.index.name = "changed"
        assert fingerprint(given) == before


@each_measure
def test_calling_twice_gives_the_same_bits(measure):
    assert same(measure(frame_for(measure)), measure(frame_for(measure)))


# --- one convention for one word


@pytest.mark.parametrize(
    "name", [m.name for m in CALLABLE if "level" in inspect.signature(function_of(m.name)).parameters]
)
def test_every_level_is_a_confidence_level(name):
    for level in (0.05, 95, 0.5, 1.0):
        text = rf"level must be in \(0\.5, 1\), got {re.escape(str(level))}\. It is a"
        with pytest.raises(InvalidInputError, match=text):
            MEASURES[name](VALUES, level=level)


@pytest.mark.parametrize(
    "name", [m.name for m in CALLABLE if "periods_per_year" in inspect.signature(function_of(m.name)).parameters]
)
def test_every_periods_per_year_is_held_against_the_dates(name):
    measure = MEASURES[name]
    with pytest.warns(ConventionWarning, match=r"periods_per_year=12 was given, but the dates show 252") as caught:
        measure(frame_for(measure), periods_per_year=12)
    assert len(caught) == 1
    with pytest.raises(InvalidInputError, match=r"periods_per_year must be positive, got 0"):
        measure(frame_for(measure), periods_per_year=0)
    assert same(measure(VALUES, periods_per_year=252), measure(VALUES))
