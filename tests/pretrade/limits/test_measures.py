"""VaR, CVaR, beta and stress after an order are those that the metrics compute of the same scenarios, bit for bit."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import UnifiedLimitChecker, conditional_value_at_risk, pretrade, value_at_risk

ASSETS = list("ABCDE")
rng = np.random.default_rng(14)
SCENARIOS = pd.DataFrame(rng.standard_t(4, (257, 5)) / 64, columns=ASSETS)
PRICES = {asset: 2.0**k for k, asset in enumerate(ASSETS)}
UNITS = {"A": 64, "B": -32, "D": 16}
NAV = 1024.0  # a power of two, so that dividing by it rounds nothing


def book(**more):
    return pretrade.Book(UNITS, PRICES, nav=NAV, scenarios=SCENARIOS, **more)


def returns_after(asset, units):
    own = [each for each in ASSETS if UNITS.get(each)]
    profit = SCENARIOS[own].to_numpy() @ np.array([UNITS[each] * PRICES[each] for each in own])
    return (profit + SCENARIOS[asset].to_numpy() * (units * PRICES[asset])) / NAV


@pytest.mark.parametrize(("asset", "units"), [("A", 5), ("B", 40), ("C", -7), ("E", 3)])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_var_and_cvar_after_an_order_are_those_of_the_metrics(asset, units, level):
    limits = [pretrade.ValueAtRisk(999.0, level=level), pretrade.ConditionalValueAtRisk(999.0, level=level)]
    verdict = UnifiedLimitChecker(limits).check({"asset": asset, "units": units}, book())
    after = returns_after(asset, units)
    wanted = [value_at_risk(after, level=level), conditional_value_at_risk(after, level=level)]
    assert [each.value for each in verdict.measured] == wanted
    money = [type(each)(1e9, level=level, denominator=None) for each in limits]
    verdict = UnifiedLimitChecker(money).check({"asset": asset, "units": units}, book())
    assert [each.value for each in verdict.measured] == [each * NAV for each in wanted]
    before = returns_after("A", 0)
    added = [type(each)(999.0, level=level, increase=True) for each in limits]
    verdict = UnifiedLimitChecker(added).check({"asset": asset, "units": units}, book())
    were = [value_at_risk(before, level=level), conditional_value_at_risk(before, level=level)]
    assert [each.value for each in verdict.measured] == pytest.approx(
        [now - was for now, was in zip(wanted, were, strict=True)], abs=1e-15
    )


def test_beta_factor_and_stress_are_sums_over_positions():
    # 64 x 1 + 9 = 73 of A, 32 x 2 = -64 of B, 16 x 8 = 128 of D
    betas = {"A": 2, "B": 1, "C": 1, "D": 0.5, "E": 1}
    limits = [
        pretrade.BetaExposure(999.0), pretrade.FactorExposure(999.0, factor="f"),
        pretrade.StressLoss(999.0, shocks={"A": -0.5, "B": 0.25, "*": -0.125}),
        pretrade.BetaExposure(1e9, denominator="gross"),
    ]  # fmt: skip
    verdict = UnifiedLimitChecker(limits).check({"asset": "A", "units": 9}, book(betas=betas, factors={"f": betas}))
    total = 2 * 73 - 64 + 64
    loss = 73 / 2 + 64 / 4 + 128 / 8
    assert [each.value for each in verdict.measured] == [total / NAV, total / NAV, loss / NAV, total / (73 + 64 + 128)]


def test_working_orders_are_in_the_scenarios_of_their_side():
    checker = UnifiedLimitChecker([pretrade.ValueAtRisk(999.0)])
    working = [{"asset": "E", "units": 4}, {"asset": "E", "units": -100}]
    value = checker.check({"asset": "A", "units": 5}, book(working=working)).measured[0].value
    filled = checker.check({"asset": "A", "units": 5}, book().after({"asset": "E", "units": 4})).measured[0].value
    assert value == pytest.approx(filled, rel=1e-13)


def test_a_hedge_over_the_limit_passes_and_a_scenario_that_is_missing_denies():
    for kind in (pretrade.ValueAtRisk, pretrade.ConditionalValueAtRisk):
        checker = UnifiedLimitChecker([kind(0.0)])
        short = pretrade.Book({"A": 64}, PRICES, nav=NAV, scenarios=SCENARIOS.assign(B=-SCENARIOS["A"]))
        assert not checker.check({"asset": "B", "units": 8}, short).codes
        assert checker.check({"asset": "B", "units": -8}, short).codes
        holes = SCENARIOS.copy()
        holes.iloc[7, 0] = np.nan
        assert checker.check({"asset": "A", "units": 5}, pretrade.Book({}, PRICES, nav=NAV, scenarios=holes)).codes
        assert checker.check(
            {"asset": "E", "units": 5}, pretrade.Book({}, PRICES, nav=NAV, scenarios=SCENARIOS[["A"]])
        ).codes
