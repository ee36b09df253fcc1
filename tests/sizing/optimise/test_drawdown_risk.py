"""The probability of losing a part of the start: exact random walks, the bound, and the draws."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from riskresearch.core import InvalidInputError
from riskresearch.sizing import drawdown_risk, kelly_weights
from tests.examples import examples
from tests.samples import fat_tailed

COIN, STAKE = [[1.0], [-1.0]], 0.2
CHANCES = [0.6, 0.4]


def walk_probability(periods, drawdown):
    """Return the chance that a stake on the coin falls so far, by going through all counts of wins exactly."""
    alive, lost = {0: 1.0}, 0.0
    for tosses in range(1, periods + 1):
        after = {}
        for wins, chance in alive.items():
            for more, p in ((1, 0.6), (0, 0.4)):
                count = wins + more
                logs = count * math.log(1 + STAKE) + (tosses - count) * math.log(1 - STAKE)
                if logs < math.log(1 - drawdown):
                    lost += chance * p
                else:
                    after[count] = after.get(count, 0.0) + chance * p
        alive = after
    return lost


@pytest.mark.parametrize("drawdown", [0.3, 0.5])
def test_a_coin_is_simulated_as_it_is_counted(drawdown):
    exact = walk_probability(60, drawdown)
    risk = drawdown_risk(COIN, [STAKE], drawdown=drawdown, periods=60, probabilities=CHANCES, paths=20_000, rng=1)
    assert risk.simulated == pytest.approx(exact, abs=4 * risk.standard_error)
    assert risk.standard_error == pytest.approx(math.sqrt(exact * (1 - exact) / 20_000), rel=0.1)
    assert exact <= risk.bound
    growth = 0.6 * math.log(1.2) + 0.4 * math.log(0.8)
    assert risk.growth_rate == pytest.approx(growth, rel=1e-12)
    assert risk.simulated_growth_rate == pytest.approx(growth, abs=4 * 0.2 / math.sqrt(60 * 20_000))


def test_the_bound_of_the_coin_by_hand():
    """E[wealth ** -p] = 1 for the full Kelly stake has the root p = 1: E[1 / wealth] = 0.6 / 1.2 + 0.4 / 0.8 = 1."""
    risk = drawdown_risk(COIN, [STAKE], drawdown=0.5, periods=1, probabilities=CHANCES, paths=2, rng=0)
    assert risk.bound == pytest.approx(0.5, rel=1e-12)


@given(st.integers(0, 1000), st.floats(0.05, 0.6))
@examples(15)
def test_the_bound_is_above_the_simulation_and_that_of_the_bet(seed, drawdown):
    returns = np.maximum(fat_tailed(80, 2, seed) * 5 + 0.01, -0.9)
    bet = kelly_weights(returns, uncertainty="ignore", drawdown=drawdown, drawdown_probability=0.2)
    risk = drawdown_risk(returns, bet.weights, drawdown=drawdown, periods=200, paths=2000, rng=seed)
    assert risk.bound == pytest.approx(bet.drawdown_bound(drawdown), rel=1e-6)
    assert risk.simulated <= risk.bound + 4 * max(risk.standard_error, 1e-3)


def test_long_paths_go_on_where_a_block_of_periods_ends():
    """Without randomness the loss after n periods is known: it falls below half in period 1,386 of 0.05 % each."""
    for periods, lost in ((1385, 0.0), (1386, 1.0), (2500, 1.0)):
        risk = drawdown_risk([[-0.0005], [-0.0005]], [1.0], drawdown=0.5, periods=periods, paths=3, rng=0)
        assert risk.simulated == lost
        assert risk.simulated_growth_rate == pytest.approx(math.log1p(-0.0005), rel=1e-12)


def test_more_paths_begin_with_the_same_and_a_seed_repeats_every_bit():
    call = {"drawdown": 0.3, "periods": 50, "probabilities": CHANCES}
    first = drawdown_risk(COIN, [STAKE], **call, paths=1000, rng=7)
    both = drawdown_risk(COIN, [STAKE], **call, paths=2000, rng=7)
    again = drawdown_risk(COIN, [STAKE], **call, paths=2000, rng=both.seed)
    assert both == again
    assert 0 <= both.simulated * 2000 - first.simulated * 1000 <= 1000
    fresh = drawdown_risk(COIN, [STAKE], **call, paths=2000, rng=None)
    assert drawdown_risk(COIN, [STAKE], **call, paths=2000, rng=fresh.seed) == fresh
    drawn = drawdown_risk(COIN, [STAKE], **call, paths=2000, rng=np.random.default_rng(3))
    assert drawn.seed != fresh.seed


def test_ruin_cash_and_no_loss():
    ruin = drawdown_risk(COIN, [1.0], drawdown=0.5, periods=200, paths=1000, rng=0)
    assert ruin.growth_rate == -math.inf
    assert (ruin.bound, ruin.simulated) == (1.0, 1.0)
    cash = drawdown_risk(COIN, [0.0], drawdown=0.1, periods=10, risk_free=0.01, paths=100, rng=0)
    assert (cash.bound, cash.simulated) == (0.0, 0.0)
    assert cash.growth_rate == pytest.approx(math.log(1.01))
    losing = drawdown_risk(COIN, [0.5], drawdown=0.1, periods=10, paths=100, rng=0)
    assert losing.bound == 1.0


def test_the_result_speaks_and_columns_are_named():
    frame = pd.DataFrame({"A": [0.1, -0.05, 0.02], "B": [0.0, 0.1, -0.1]})
    risk = drawdown_risk(frame, {"B": 0.2, "A": 0.5}, drawdown=0.2, periods=20, paths=500, rng=0)
    assert risk == drawdown_risk(frame.to_numpy(), [0.5, 0.2], drawdown=0.2, periods=20, paths=500, rng=0)
    assert risk.to_frame()["periods"].item() == 20
    assert "P(wealth ever falls 20% below its start)" in risk.summary()
    assert repr(risk).startswith("DrawdownRisk(0.2, bound=")
    assert "seed 0" in risk._repr_html_()
    assert len(risk.plot().patches) >= 2


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"drawdown": 1.0}, r"drawdown must be in \(0, 1\)"),
        ({"periods": 0}, "periods must be a whole number of at least 1"),
        ({"paths": 1}, "paths must be a whole number of at least 2"),
        ({"probabilities": [0.5, 0.6]}, "probabilities must be zero or more and sum to 1"),
        ({"risk_free": -2.0}, "risk_free must be above -1"),
        ({"rng": -1}, "rng must be a whole number"),
    ],
)
def test_what_is_refused(change, text):
    with pytest.raises(InvalidInputError, match=text):
        drawdown_risk(COIN, [STAKE], **{"drawdown": 0.3, "periods": 5, **change})


def test_weights_must_fit():
    with pytest.raises(InvalidInputError, match="weights must be one finite number for each of the 1 columns"):
        drawdown_risk(COIN, [0.1, 0.2], drawdown=0.3, periods=5)
