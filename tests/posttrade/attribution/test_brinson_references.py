"""Numbers of other programs, to all their digits; their origin is beside them in tests/reference/posttrade/."""

import numpy as np
import pandas as pd
import pytest

from riskresearch.posttrade import CurrencyLegs, brinson
from tests.posttrade.attribution.samples import months, reference

TO_THE_DIGITS = {"rtol": 0.0, "atol": 2e-15}  # perfattr's are stored with 15 decimals
PERFATTR = reference("attrib_perfattr.json")
METHODS = {
    "Brinson-Fachler Two-Effect": ("fachler", "selection"),
    "Brinson-Fachler Three-Effect": ("fachler", "own"),
    "Brinson-Hood-Beebower Two-Effect": ("hood_beebower", "selection"),
    "Brinson-Hood-Beebower Three-Effect": ("hood_beebower", "own"),
}


def frame(stored):
    return pd.DataFrame(stored["data"], columns=stored["columns"])


def attribute(**options):
    weights, others, returns, rivals = months()
    return brinson(weights, others, returns, benchmark_returns=rivals, **options)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("linking", ["Carino", "Menchero", "Frongello"])
def test_perfattrs_effects_and_totals(method, linking):
    model, interaction = METHODS[method]
    found = attribute(model=model, interaction=interaction, linking=linking.lower())
    stored = PERFATTR["results"][f"{method}/{linking}"]
    alone = frame(stored["period_detail"])
    ours = found.to_frame(by="period_and_group", linked=False)
    overall, totals = frame(stored["overall_detail"]), found.to_frame()
    cumulative = frame(stored["cumulative"]).iloc[-1]
    for name in found.effects:
        np.testing.assert_allclose(ours[name], alone[f"{name}_effect"], **TO_THE_DIGITS)
        np.testing.assert_allclose(totals[name], overall[f"linked_{name}_effect"], **TO_THE_DIGITS)
        assert found.totals()[name] == pytest.approx(cumulative[f"cumulative_{name}_effect"], rel=0.0, abs=2e-15)
    np.testing.assert_allclose(found.portfolio_return, PERFATTR["totals"]["portfolio"], rtol=1e-13)
    np.testing.assert_allclose(found.benchmark_return, PERFATTR["totals"]["benchmark"], rtol=1e-13)
    if linking != "Frongello":  # perfattr's rows of Frongello are those of GRAP
        rows = frame(stored["period_detail"])
        linked = found.to_frame(by="period_and_group")
        for name in found.effects:
            np.testing.assert_allclose(linked[name], rows[f"linked_{name}_effect"], **TO_THE_DIGITS)


def test_perfattrs_geometric_effects():
    stored = PERFATTR["results"]["geometric"]
    found = attribute(linking="geometric")
    detail, sums, cumulative = (frame(stored[name]) for name in ("period_detail", "period_summary", "cumulative"))
    ours = found.to_frame(by="period_and_group", linked=False)
    ours = ours[ours.index.get_level_values(1) != "compounding"]
    for name in ("allocation", "selection"):
        np.testing.assert_allclose(ours[name], detail[f"{name}_effect"], **TO_THE_DIGITS)
        np.testing.assert_allclose(
            found.to_frame(by="period", linked=False)[name], sums[f"{name}_effect"], **TO_THE_DIGITS
        )
        np.testing.assert_allclose(
            found.to_frame(by="period")[name].cumsum(), cumulative[f"{name}_effect"], **TO_THE_DIGITS
        )
    assert found.excess_return == pytest.approx(cumulative.iloc[-1]["geometric_excess_return"], abs=2e-15)


@pytest.mark.parametrize("linking", ["carino", "menchero", "grap", "frongello", "davies_laker"])
def test_all_linkings_written_from_the_papers(linking):
    stored = reference("attrib_linking.json")["results"]
    found = attribute(linking=linking)
    for name in ("allocation", "selection", "interaction"):
        ours = found.totals()[name] if linking == "davies_laker" else found.to_frame()[name].to_numpy()
        np.testing.assert_allclose(ours, stored[linking][name], rtol=1e-12, atol=1e-16)
    assert found.excess_return == pytest.approx(stored["excess"], rel=1e-12)
    factors = found.to_frame(by="period")["total"] / found.to_frame(by="period", linked=False)["total"]
    if linking in stored["factors"]:
        differ = found.portfolio_returns != found.benchmark_returns
        np.testing.assert_allclose(factors[differ], np.array(stored["factors"][linking])[differ], rtol=1e-10)


def test_karnosky_and_singer_of_net_currency_weights():
    stored = reference("karnosky_singer.json")
    given, wanted = stored["input"], stored["perfattr_0.12.0"]

    def by_name(key, names):
        return dict(zip(given[names], np.array(given[key]) / 100.0, strict=True))

    legs = CurrencyLegs(
        by_name("portfolio_currency_returns", "currencies"),
        weights=by_name("portfolio_currency_weights", "currencies"),
        benchmark_weights=by_name("benchmark_currency_weights", "currencies"),
        benchmark_returns=by_name("benchmark_currency_returns", "currencies"),
        local_cash_returns=by_name("local_cash_returns", "markets"),
    )
    found = brinson(
        by_name("portfolio_market_weights", "markets"),
        by_name("benchmark_market_weights", "markets"),
        by_name("portfolio_local_returns", "markets"),
        benchmark_returns=by_name("benchmark_local_returns", "markets"),
        currency="karnosky_singer",
        currency_legs=legs,
        interaction="selection",
    )
    markets = frame(wanted["market_detail"]).set_index("market_identifier")
    currencies = frame(wanted["currency_detail"]).set_index("currency_identifier")
    table = found.to_frame()
    for ours, theirs in {"allocation": "market_allocation", "selection": "security_selection"}.items():
        for market in given["markets"]:
            assert table.loc[market, ours] == pytest.approx(markets.loc[market, f"{theirs}_log_effect"], abs=2e-15)
    for ours, theirs in {"currency": "currency_allocation", "hedging": "hedge_selection"}.items():
        for currency in given["currencies"]:
            stored_effect = currencies.loc[currency, f"{theirs}_log_effect"]
            assert table.loc[f"{currency} (currency)", ours] == pytest.approx(stored_effect, abs=2e-15)
    summary = frame(wanted["period_summary"]).iloc[0]
    assert found.portfolio_return == pytest.approx(summary["portfolio_total_log_return"], abs=2e-15)
    assert found.benchmark_return == pytest.approx(summary["benchmark_total_log_return"], abs=2e-15)
    assert found.excess_return == pytest.approx(summary["total_log_effect"], abs=2e-15)
