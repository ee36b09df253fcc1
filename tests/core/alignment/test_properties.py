"""What holds of every alignment: nothing is lost in between, nothing is changed, and the future decides nothing."""

import warnings

import numpy as np
import pandas as pd
from hypothesis import given, strategies as st

import riskresearch
from riskresearch.core import InvalidInputError
from tests.examples import examples

START = pd.Timestamp("2019-12-25")
KINDS = {
    "B": 120,
    "D": 170,
    "W-FRI": 40,
    "W-SUN": 40,
    "ME": 14,
    "BME": 14,
    "MS": 14,
    "QE": 8,
    "BQE": 8,
}
ALIKE = [("B", "B"), ("B", "D"), ("W-FRI", "W-SUN"), ("ME", "BME"), ("MS", "BME"), ("ME", "B"), ("BME", "D"),
         ("QE", "BQE"), ("QE", "ME"), ("W-FRI", "B"), ("MS", "B"), ("D", "D")]  # fmt: skip
TIMES = [pd.Timedelta(0), pd.Timedelta(hours=16)]
HOWS = ["auto", "auto", "exact", "day", "week", "month", "quarter"]
REFUSALS = ("share ", "must have ", "needs ", "weekdays apart", "may stand for ", "weeks do not end", "but one ")


def side(draw, freq):
    """One side: dates of some kind without a few of them, at midnight or 16:00, with a zone or none."""
    start = START + pd.Timedelta(days=draw(st.integers(0, 40)))
    index = pd.date_range(
        start, periods=draw(st.integers(7, KINDS[freq]) if KINDS[freq] > 8 else st.just(8)), freq=freq
    )
    index = index.delete(draw(st.lists(st.integers(0, len(index) - 1), max_size=3, unique=True)))
    index = (index + draw(st.sampled_from(TIMES))).tz_localize(draw(st.sampled_from([None, None, "UTC", "Asia/Tokyo"])))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    columns = draw(st.integers(1, 3))
    return pd.DataFrame(rng.normal(0.0, 0.02, (len(index), columns)), index=index, columns=list("abc")[:columns])


@st.composite
def two_sides(draw):
    """Two sides of kinds that have a common clock, or of any kinds."""
    any_kind = st.sampled_from(sorted(KINDS))
    kinds = draw(st.one_of(st.sampled_from(ALIKE), st.sampled_from(ALIKE), st.tuples(any_kind, any_kind)))
    return tuple(side(draw, freq) for freq in draw(st.permutations(kinds)))


def aligned(data, benchmark, **options):
    """The pair, or None where the dates have no single reading."""
    try:
        return riskresearch.align(data, benchmark, **options)
    except InvalidInputError as error:
        if not any(words in str(error) for words in REFUSALS):
            raise
        return None


def rows_of(frame, dates, *, clock):
    shown = clock.tz_localize(None).to_numpy()
    return np.flatnonzero(np.isin(shown, dates))


@given(both=two_sides(), how=st.sampled_from(HOWS))
@examples(60)
def test_the_compounded_return_over_the_common_span_is_kept_on_both_sides(both, how):
    own, other = both
    pair = aligned(own, other, how=how)
    if pair is None or len(pair.data) < 2:
        return
    for side, result, dates in (
        (own, pair.data, pair.data.index.tz_localize(None).to_numpy()),
        (other, pair.benchmark, pair.benchmark_dates),
    ):
        rows = rows_of(side, dates, clock=side.index)
        assert len(rows) == len(result)
        whole = (1 + side.iloc[rows[0] + 1 : rows[-1] + 1]).prod()
        np.testing.assert_allclose((1 + result.iloc[1:]).prod(), whole, rtol=1e-12)


@given(both=two_sides(), how=st.sampled_from(HOWS))
@examples(40)
def test_prices_are_quotes_of_the_data_and_their_returns_are_those_of_the_aligned_returns(both, how):
    own, other = both
    prices = [100 * (1 + side).cumprod() for side in (own, other)]
    pair, returns = aligned(*prices, how=how, holds="prices"), aligned(own, other, how=how)
    assert (pair is None) == (returns is None)
    if pair is None:
        return
    rows = rows_of(own, pair.data.index.tz_localize(None).to_numpy(), clock=own.index)
    assert (pair.data.to_numpy() == prices[0].iloc[rows].to_numpy()).all()
    for quotes, moves in ((pair.data, returns.data), (pair.benchmark, returns.benchmark)):
        from_prices = quotes.pct_change().iloc[1:]
        np.testing.assert_allclose(moves.iloc[-len(from_prices) :], from_prices, rtol=1e-9, atol=1e-12)


@given(both=two_sides(), how=st.sampled_from(HOWS), data=st.data())
@examples(100)
def test_the_first_part_gives_the_first_part_of_the_whole(both, how, data):
    own, other = both
    whole = aligned(own, other, how=how)
    if whole is None:
        return
    instants = sorted({*own.index.tz_localize(None), *other.index.tz_localize(None)})
    cut = data.draw(st.sampled_from(instants))
    first = [side.loc[side.index.tz_localize(None) <= cut] for side in (own, other)]
    if not (all(len(side) for side in first)):
        return
    part = aligned(*first, how=how)
    if part is None:
        return
    rows = len(part.data)
    assert rows <= len(whole.data)
    pd.testing.assert_frame_equal(part.data, whole.data.iloc[:rows], check_exact=True, check_freq=False)
    pd.testing.assert_frame_equal(part.benchmark, whole.benchmark.iloc[:rows], check_exact=True, check_freq=False)


@given(both=two_sides(), how=st.sampled_from(HOWS))
@examples(40)
def test_aligned_data_are_aligned_and_inputs_stay_as_they_are(both, how):
    own, other = both
    before = own.copy(deep=True), other.copy(deep=True)
    pair = aligned(own, other, how=how)
    pd.testing.assert_frame_equal(own, before[0])
    pd.testing.assert_frame_equal(other, before[1])
    if pair is None or len(pair.data) < 2:
        return
    again = riskresearch.align(pair.data, pair.benchmark)
    pd.testing.assert_frame_equal(again.data, pair.data)
    pd.testing.assert_frame_equal(again.benchmark, pair.benchmark)
    assert (again.how, again.notes) == ("exact", ())


@given(both=two_sides())
@examples(40)
def test_the_order_of_columns_is_irrelevant_and_so_is_which_side_is_first(both):
    own, other = both
    pair, turned = aligned(own, other), aligned(own[own.columns[::-1]], other)
    mirrored = aligned(other, own)
    assert (pair is None) == (turned is None) == (mirrored is None)
    if pair is None:
        return
    pd.testing.assert_frame_equal(turned.data[own.columns], pair.data)
    assert (mirrored.data.to_numpy() == pair.benchmark.to_numpy()).all()
    assert (mirrored.benchmark.to_numpy() == pair.data.to_numpy()).all()
    assert mirrored.how == pair.how


@given(both=two_sides())
@examples(40)
def test_a_measure_refuses_or_measures_the_aligned_rows_and_its_advice_works(both):
    own, other = both[0]["a"], both[1]["a"]

    def beta(returns, benchmark):
        return riskresearch.metrics.beta(returns, benchmark)

    pair = aligned(own, other)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            number = beta(own, other)
        except InvalidInputError as error:
            assert ("riskresearch.align(" in str(error)) == (pair is not None)  # noqa: PT017 (either is right)
            return
    assert pair is not None
    assert len(pair.data) == len(own) == len(other)
    assert number == beta(pair.data, pair.benchmark)
    rule = [] if pair.how in ("exact", "day") else [pair.notes[0].replace("data", "returns")]
    assert [str(each.message).partition(". ")[2] for each in said if "other dates" in str(each.message)] == rule
