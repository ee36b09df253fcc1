"""Results of breakers as text and as HTML: the same digits, the verdict and the p-values first, and never too early."""

import re

import numpy as np
import pandas as pd
import pytest

import riskresearch as rr
from riskresearch.backtest import halt_significance, sweep_breakers
from riskresearch.breakers import DrawdownBreaker, LossStreakBreaker

RETURNS = pd.Series(
    np.random.default_rng(8).normal(0.0003, 0.012, 900), index=pd.bdate_range("2020-01-01", periods=900)
)
FOUND = rr.backtest_breakers(RETURNS, LossStreakBreaker(4, cooldown=10), costs=0.0005, draws=300, trials=3, rng=1)
RARE = rr.backtest_breakers(RETURNS, DrawdownBreaker(0.2, cooldown=10), draws=300, rng=1)
NUMBER = re.compile(r"<?[-\u2212]?\d[\d,]*\.\d+%?")


def digits(text):
    """Return the numbers with decimals of a text, with one minus sign, each once."""
    text = text.replace("&lt;", "<")
    return {each.replace("\u2212", "-") for each in NUMBER.findall(re.sub(r"<(?!\d)[^>]*>", " ", text))}


@pytest.mark.parametrize("shown", [FOUND, FOUND.significance, RARE, RARE.significance])
def test_html_and_text_have_the_same_numbers(shown):
    assert digits(shown._repr_html_()) == digits(shown.summary())
    assert len(digits(shown.summary())) > 8


@pytest.mark.parametrize("shown", [FOUND, FOUND.significance])
def test_the_verdict_comes_first_and_then_the_p_values(shown):
    page = shown._repr_html_()
    judged = FOUND.significance
    shares = [f"{judged.p_value('wealth', kind=kind, corrected=False):.3f}" for kind in ("shift", "placement")]
    places = [page.index(judged.verdict()), *(page.index(f"<td>{share}</td>") for share in shares)]
    assert places == sorted(places)
    assert page.startswith(f"<p>{judged.verdict()}</p><table>")
    head, first = page.split("<tr>")[1:3]
    assert re.findall(r"<th>([^<]*)</th>", head)[1:5] == [
        f"p ({len(judged.shift):,} shifts)", f"p ({len(judged.placement):,} placements)", "p, corrected (shifts)",
        "p, corrected (placements)",
    ]  # fmt: skip
    assert re.findall(r"<td>([^<]*)</td>", first)[:2] == shares


def test_percentages_are_written_alike():
    numbers = FOUND.statistics()
    for shown in (FOUND.summary(), FOUND._repr_html_()):
        assert f"avoided loss {numbers['avoided_loss']:.2%}" in shown
        assert f"{numbers['max_drawdown']:.1%}" in shown
        assert f"{numbers['cvar_95']:.2%}" in shown
        assert f"out or reduced {numbers['time_halted']:.1%} of the time" in shown


def test_with_fewer_halts_than_a_verdict_takes_nothing_is_called_better_or_worse():
    assert 0 < RARE.significance.halts < RARE.significance.min_halts()
    swept = sweep_breakers(RETURNS, DrawdownBreaker, {"limit": [0.2, 0.25]}, selection=False, halt_draws=99, rng=1)
    for shown in (RARE.summary(), RARE._repr_html_(), swept.summary(), swept._repr_html_()):
        assert "Too few halts to say" in shown
        assert "chance at" not in shown
        assert "random times at" not in shown


def test_nothing_halted_shows_no_p_values():
    calm = rr.backtest_breakers(RETURNS.abs(), DrawdownBreaker(0.5), draws=50, rng=1)
    assert calm._repr_html_().startswith("<p>Nothing was halted: there is nothing to judge.</p><p>0 trips, 0 halts")
    assert "shifts)" not in calm._repr_html_()


def test_a_small_p_value_is_below_a_thousandth_and_not_zero():
    returns = [0.01] * 5 + [-0.05, -0.05] + [0.01] * 2000
    lucky = [1.0] * 5 + [0.0, 0.0] + [1.0] * 2000
    found = halt_significance(returns, lucky, draws=3000, rng=1)
    assert "<0.001 of 2,006 shifts" in found.summary()
    assert "&lt;0.001" in found._repr_html_()
