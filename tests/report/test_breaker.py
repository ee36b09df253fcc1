"""The section on the circuit breaker: the library's numbers, chance first, and a reason where there are none."""

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import riskresearch
from riskresearch import metrics
from riskresearch.backtest import halt_significance
from riskresearch.breakers import DrawdownBreaker
from riskresearch.core import Bar
from riskresearch.core.output import _formats as formats
from riskresearch.report import build_report
from riskresearch.report.sections._breaker import _evidence_on_halts
from tests.report.pages import section_of


@pytest.fixture(scope="module")
def stocks(stocks):
    """Stocks that move twice as much, so that there are enough halts for a verdict."""
    return 2.0 * stocks


@pytest.fixture(scope="module")
def page(stocks):
    return build_report(stocks, sections=["breaker"])


@pytest.fixture(scope="module")
def found(stocks):
    return riskresearch.backtest_breakers(
        stocks.mean(axis=1), DrawdownBreaker(0.10, cooldown=20), lag=2, costs=0.0005, draws=2000, rng=0
    )


def test_the_halts_are_those_of_the_breaker_shown_one_day_after_another(stocks, page):
    portfolio = stocks.mean(axis=1)
    running = DrawdownBreaker(0.10, cooldown=20).start(equity=1.0)
    held, decided, equity, before = [], [1.0, 1.0], 1.0, 1.0
    for made in portfolio:
        exposure = decided[-2]  # of the close before the last: filled at the last
        equity *= (1.0 + exposure * made) - 0.0005 * abs(exposure - before)
        decided.append(running.update(Bar(equity=equity)).multiplier)
        held.append(exposure)
        before = exposure
    shown = page.tables.breaker
    np.testing.assert_array_equal(shown.backtest.exposure, held)
    assert 0.0 in held
    assert shown.growth["With breaker"].iloc[-1] == pytest.approx(equity, rel=1e-9)
    np.testing.assert_allclose(shown.growth["Portfolio"], (1.0 + portfolio).cumprod(), rtol=1e-9)


def test_the_p_values_are_those_of_halt_significance(page, found):
    shown = page.tables.breaker.backtest
    judged = halt_significance(shown.returns, shown.exposure, costs=0.0005, draws=2000, rng=0).to_frame()
    pd.testing.assert_frame_equal(shown.significance.to_frame(), judged)
    pd.testing.assert_frame_equal(shown.to_frame(), found.to_frame())


def test_the_page_writes_the_p_values_before_the_numbers_that_flatter(page, found):
    html, judged = page.html, found.significance.to_frame()
    for label, measure, write in (
        ("Growth of 1", "wealth", formats.ratio),
        ("Max drawdown", "drawdown", formats.percent_1),
    ):
        cells = re.findall(r"<td>(.*?)</td>", re.search(rf'<th scope="row">{label}</th>(.*?)</tr>', html)[1])
        shift, placement = judged.loc[(measure, "shift")], judged.loc[(measure, "placement")]
        assert cells[:2] == [formats.p_value(each["p_value"]) for each in (shift, placement)]
        assert cells[2:] == [
            write(shift[name]) for name in ("actual", "unhalted", "equal_time_halted", "median_of_chance")
        ]
    section = html[html.index('<section id="breaker"') :]
    assert section.index(found.significance.verdict()) < section.index("With breaker")
    drawdown = formats.percent_1(metrics.max_drawdown(found.net_returns))
    assert section.index("Against shifted halts p is") < section.index(drawdown)


def test_the_page_says_what_the_halts_missed_and_on_what_terms(page, found):
    numbers, gap = found.statistics(), found.significance.difference
    for words in (
        f"{numbers['halts']:.0f}, of which {numbers['false_halts']:.0f} missed a gain",
        f"out of the market {formats.percent_1(numbers['time_halted'])} of the time",
        f"losses of {formats.percent_1(numbers['avoided_loss'])} avoided",
        f"gains of {formats.percent_1(numbers['missed_gain'])} missed",
        f"by {formats.percent(252 * gap.estimate)} a year, 95% interval {formats.percent(252 * gap.lower)} to",
        "lost 10% since its peak",
        "20 days later",
        "5 basis points",
        "filled at the close of the next",
        "599 shifts or 2,000 placements",
        "hindsight",
    ):
        assert words in page.html


@pytest.mark.usefixtures("few_draws")
def test_a_single_series_has_its_breaker_under_its_own_name(stocks):
    growth = build_report(stocks["AAA"], sections=["breaker"]).tables.breaker.growth
    assert growth.columns.tolist() == ["With breaker", "AAA"]


def _ruined(stocks):
    ruined = stocks.copy()
    ruined.iloc[300] = -1.0
    return ruined


@pytest.mark.usefixtures("few_draws")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda r: r.iloc[:499], "shown for 500 returns or more; there are 499."),
        (lambda r: r.abs() / 20.0, "would have halted nothing"),
        (_ruined, "the portfolio lost everything"),
    ],
    ids=["short", "calm", "ruin"],
)
def test_where_there_is_nothing_to_judge_the_section_says_why(stocks, spoil, reason):
    page = build_report(spoil(stocks), sections=["breaker"])
    section = section_of(page.html, "breaker")
    assert reason in section
    assert "<table" not in section
    assert page.tables.breaker.backtest is None


@pytest.mark.usefixtures("few_draws")
def test_of_fewer_halts_than_a_verdict_takes_the_page_says_only_that(stocks):
    page = build_report(stocks / 2.0, sections=["breaker"])
    found = page.tables.breaker.backtest.significance
    assert 0 < found.halts < found.min_halts()
    said = re.findall(r"<p>(.*?)</p>", section_of(page.html, "breaker"))
    assert said == [f"Too few halts to say: {found.halts}, and a verdict at 95% takes {found.min_halts()}."]


@pytest.mark.usefixtures("few_draws")
def test_without_its_section_nothing_is_run(stocks):
    assert "breaker" not in build_report(stocks, sections=["headline"]).tables


@pytest.mark.parametrize(("timing", "said"), [(0.2, True), (0.01, False)])
def test_a_small_p_that_is_no_verdict_has_its_reason_beside_it(found, timing, said):
    chances = {"wealth": 0.03, "drawdown": 0.4, "timing": timing}
    judged = SimpleNamespace(
        halts=50,
        min_halts=found.significance.min_halts,
        verdict=lambda level: "Verdict.",
        p_value=chances.get,
        difference=None,
    )
    words = _evidence_on_halts(judged, None)
    assert ("p is 0.030 of growth (but 0.200 in units of its noise on the halted bars) and 0.400" in words) is said
    assert ("p is 0.030 of growth and 0.400 of drawdown" in words) is not said
