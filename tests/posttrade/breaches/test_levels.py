"""What is measured of many books at once is what the engine of pre-trade checks measures of each."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch import pretrade
from riskresearch.posttrade.breaches._judged import OVER, UNKNOWN
from riskresearch.posttrade.breaches._levels import Rows, levels_of, scenario_levels, states_of
from riskresearch.pretrade.checker._plan import Plan
from riskresearch.pretrade.checker._standing import standings
from tests.examples import examples

ASSETS = ("A", "B", "C", "D")
GROUPS = {"sector": {"A": "x", "B": "y", "C": "x"}, "issuer": {"A": "one", "B": "two", "C": "one", "D": "three"}}
DATA = {
    "groups": GROUPS, "betas": {"A": 1.0, "B": -0.5, "C": 2.0}, "factors": {"value": {"A": 1.0, "B": 2.0, "D": -1.0}},
    "scenarios": pd.DataFrame(np.random.default_rng(1).normal(0.0, 0.02, (40, 4)), columns=list(ASSETS)),
}  # fmt: skip
LIMITS = [
    pretrade.PositionUnits(5), pretrade.PositionNotional({"A": 50.0, "*": 80.0}), pretrade.PositionWeight(0.3),
    pretrade.PositionWeight(0.4, denominator="gross"), pretrade.PositionWeight(0.5, denominator=200.0),
    pretrade.GrossExposure(200.0), pretrade.NetExposure(60.0), pretrade.Leverage(1.2),
    pretrade.GroupWeight(0.5), pretrade.GroupWeight({"one": 0.3, "*": 0.4}, by="issuer", denominator="gross"),
    pretrade.UcitsConcentration(0.2, single=0.1, total=0.5), pretrade.InstrumentCount(2), pretrade.BetaExposure(0.5),
    pretrade.FactorExposure(0.5, factor="value"), pretrade.StressLoss(0.1, shocks={"A": -0.3, "*": 0.1}),
    pretrade.ValueAtRisk(0.02), pretrade.ConditionalValueAtRisk(30.0, level=0.9, denominator=None),
]  # fmt: skip
EMPTY = pretrade.Book(dict.fromkeys(ASSETS, 0.0), dict.fromkeys(ASSETS, 1.0), cash=1.0, **DATA)
PLANS = {limit: Plan([limit], {}, EMPTY) for limit in LIMITS}
UNITS = st.one_of(
    st.just(0.0), st.integers(-9, 9).map(float), st.floats(-9.0, 9.0).filter(lambda each: abs(each) > 0.01)
)
PRICE = st.one_of(st.floats(1.0, 30.0), st.just(10.0), st.just(np.nan))
BOOKS = st.tuples(st.tuples(*[UNITS] * 4), st.tuples(*[PRICE] * 4), st.floats(-200.0, 500.0))


def measured(rows, limit):
    """Return value, limit and state of each subject that has something to be judged, for each rule of a limit."""
    plan = PLANS[limit]
    if limit.rules():
        every = [(rule, levels_of(plan, rule, rows)) for rule in limit.rules()]
    else:
        scenarios = plan.book.scenarios
        every = [(None, scenario_levels(limit, rows, scenarios, np.full(len(rows.units), len(scenarios))))]
    for rule, levels in every:
        state = states_of(levels, limit, rule is not None and rule.counted)
        yield [
            [(levels.value[row, n], levels.bound[n], state[row, n]) for n in np.flatnonzero(levels.held[row])]
            for row in range(len(rows.units))
        ]


@given(st.lists(BOOKS, min_size=1, max_size=2))
@examples(40)
def test_levels_are_those_of_the_engine(books):
    units, prices, cash = (np.array([each[place] for each in books], dtype=float) for place in range(3))
    nav = cash + np.where(units == 0.0, 0.0, units * prices).sum(axis=1)
    rows = Rows(np.arange(len(books)), units, prices, np.where(nav > 0.0, nav, np.nan), {})
    for limit in LIMITS:
        for number, each in enumerate(measured(rows, limit)):
            for row, subjects in enumerate(each):
                own = dict(zip(ASSETS, units[row], strict=True)), dict(zip(ASSETS, prices[row], strict=True))
                book = pretrade.Book(*own, cash=cash[row], **DATA)
                if not subjects:
                    continue
                expected = standings(Plan([limit], {}, book))[number]
                if np.isnan(expected.value):
                    assert any(state == UNKNOWN for _, _, state in subjects), limit
                    continue
                used = [value / bound for value, bound, _ in subjects]
                assert not np.isnan(used).any(), limit
                place = int(np.argmax(used))
                scale = float(np.nansum(np.abs(units[row] * prices[row]))) / (abs(nav[row]) if nav[row] else 1.0)
                assert subjects[place][0] == pytest.approx(expected.value, rel=1e-9, abs=1e-12 * (1.0 + scale)), limit


@given(st.lists(BOOKS, min_size=1, max_size=3))
@examples(40)
def test_what_is_over_a_limit_is_what_the_engine_denies(books):
    """A book that is bought at once from nothing is denied if it is over a limit, unless its last order eases it."""
    for units, prices, cash in books:
        prices = np.where(np.isnan(prices), 7.0, prices)
        nav = cash + float(np.dot(units, prices))
        if nav <= 0.0 or np.count_nonzero(units) == 0:
            continue
        rows = Rows(np.arange(1), np.array([units]), np.array([prices]), np.array([nav]), {})
        for limit in [*LIMITS[:3], LIMITS[5], LIMITS[7], LIMITS[11]]:  # what orders that raise positions cannot ease
            over = any(state == OVER for each in measured(rows, limit) for _, _, state in each[0])
            book = pretrade.Book({}, dict(zip(ASSETS, prices, strict=True)), nav=nav, cash=cash, **DATA)
            orders = [{"asset": asset, "units": each} for asset, each in zip(ASSETS, units, strict=True) if each]
            verdicts = pretrade.UnifiedLimitChecker([limit], on_breach="record").check_batch(orders, book)
            assert over == bool(verdicts.denied.any()), limit
