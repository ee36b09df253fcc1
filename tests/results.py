"""One or more results of every class that shows itself as text and as HTML, made of awkward data where that is easy."""

import io
import tempfile

import numpy as np
import pandas as pd

import riskresearch as rr
from riskresearch import backtest, metrics, portfolio, posttrade, pretrade, sizing
from riskresearch.accounts import Costs
from riskresearch.backtest import simulate
from riskresearch.breakers import BreakerSet, DrawdownBreaker, PeriodLossBreaker, VolatilityBreaker
from tests.backtest.samples import EVERY_COST, impact_panels, market
from tests.posttrade.trip_cases import FIVE, fills_of, prices_of

ROWS = 300
DATES = pd.bdate_range("2023-01-02", periods=ROWS, name="date")
NAMES = ["A & B <b>", "fund\nof −2", "Ünïcode 株"]
RETURNS = pd.DataFrame(np.random.default_rng(3).normal(0.0004, 0.012, (ROWS, 3)), DATES, NAMES)
ONE = RETURNS[NAMES[0]]
INDEX = RETURNS.mean(axis=1) + np.random.default_rng(4).normal(0.0, 0.004, ROWS)
FLAT = pd.DataFrame({"flat": np.zeros(40), "up": np.full(40, 0.001)}, DATES[:40])
WEIGHTS = dict(zip(NAMES, (0.5, 0.3, 0.2), strict=True))
GROUPS = dict(zip(NAMES, ("x", "x", "y"), strict=True))
LIQUID = {
    "prices": (20.0, 0.1 + 0.2, 1e5 / 3),
    "average_volume": (1e5 / 7, 1e6, 10.0),
    "volatility": (0.01, 0.02, 0.03),
}
QUICK = metrics.Bootstrap(0.9, draws=100, rng=1)
CSV = "Date,AAPL,MSFT\n" + "".join(
    f"2024-01-{day:02},{100.5 + day},{'' if day == 4 else 1 / day}\n" for day in range(1, 20)
)


def account(**options):
    return simulate(*market(rows=60, columns=4), **options)


def many_accounts():
    weights, prices = market(rows=60, columns=12)
    return simulate(weights, prices, accounts="columns", capital=1e6, costs=0.001)


def costly():
    weights, prices = market(rows=60, columns=4)
    return simulate(weights, prices, costs=EVERY_COST, capital=100.0, **impact_panels(prices))


def bankrupt():
    return simulate([-3.0] * 12, [10.0] * 6 + [20.0] * 6, costs=Costs(half_spread=0.001))


def ledger(**options):
    prices = metrics.wealth_index(RETURNS) * 10.0
    fills = pd.DataFrame(
        {
            "time": DATES[[1, 5, 9, 9]],
            "asset": [NAMES[0], NAMES[1], NAMES[0], NAMES[1]],
            "units": [3.0, -2.5, -4.0, 1e-9],
        }
    )
    fills["price"], fills["fees"] = 10.0, 0.5
    return posttrade.Ledger.from_fills(fills, prices=prices, **options)


def invested():
    days = pd.to_datetime(["2023-12-29", "2024-01-10", "2024-02-29"])
    flows = pd.DataFrame({"time": days[[1, 1, 0]], "amount": [10.0, -4.0, 1.0]})
    return pd.Series([100.0, 108.0, 97.0], index=days), flows


def analysis():
    kept = ledger()
    return posttrade.analyze(kept.fills, prices=metrics.wealth_index(RETURNS) * 10.0)


def costs_of_orders(count=12, **options):
    days = DATES[:count]
    orders = pd.DataFrame({"order": range(count), "asset": NAMES[0], "units": [50.0, -50.0] * (count // 2)})
    orders = orders.assign(decided=days, desk="<b>desk</b>", final_price=11.0)
    fills = orders[["order", "units"]].assign(time=DATES[1 : count + 1], price=10.3, commission=1.0, impact=0.5)
    prices = metrics.wealth_index(RETURNS) * 10.0
    return posttrade.transaction_costs(orders, fills.iloc[:-2], market=prices, **options)


def markouts_of_fills(count=15):
    times = pd.date_range("2024-01-02", periods=count * 60, freq="s")
    quotes = pd.DataFrame({"time": times, "bid": 10.0, "ask": 10.0 + np.arange(times.size) % 7 * 0.01})
    fills = pd.DataFrame({"time": times[::60], "units": [5.0, -4.0, 3.0] * (count // 3), "price": 10.01})
    return posttrade.markouts(fills, market=quotes, horizons=[1, 2, 5, 20])


def peeking(data):
    return data - data.mean()


def sweep_of(**options):
    prices = metrics.wealth_index(RETURNS)

    def make(window):
        return sizing.InverseVolatilitySizer(halflife=window)

    return backtest.sweep(prices, make, {"window": [5.0, 10.5, 20.0]}, rng=1, **options)


def sweep_of_breakers(**options):
    return backtest.sweep_breakers(ONE, DrawdownBreaker, {"limit": [0.03, 0.05], "cooldown": [5, 10]}, rng=1, **options)


def breakers():
    return BreakerSet([DrawdownBreaker(0.1), PeriodLossBreaker(0.03, period="day"), VolatilityBreaker(0.3, window=20)])


def portfolio_metrics(**options):
    return rr.PortfolioRiskMetrics(RETURNS, WEIGHTS, groups=GROUPS, **options)


def capped():
    return sizing.apply_caps(pd.DataFrame(1.0, DATES, NAMES), sizing.Caps(max_weight=0.4, max_leverage=1.0))


def monte_carlo():
    draws = portfolio.normal_scenarios(np.diag([1e-4, 4e-4]))
    loadings = np.random.default_rng(1).normal(0.0, 1.0, (25, 2))
    return portfolio.monte_carlo_risk(loadings, scenarios=draws, delta=np.linspace(-1e6, 1e6, 25), rng=1)


def round_trips(rule="per_lot", rows=FIVE, **options):
    fills = fills_of(rows, account=NAMES[0], commission=0.1 + 0.2)
    return posttrade.Ledger.from_fills(fills, prices=prices_of(fills).ffill()).round_trips(rule=rule, **options)


def attribution(**options):
    groups = dict(zip(NAMES, ("x <1>", "x <1>", "y & z"), strict=True))
    return posttrade.brinson(WEIGHTS, dict.fromkeys(NAMES, 0.3), RETURNS, groups=groups, **options)


def bars_of(rows=40):
    close = 100.0 * (1.0 + RETURNS[:rows]).cumprod()
    return {
        name: pd.DataFrame({"open": each * 0.999, "high": each * 1.01, "low": each * 0.99, "close": each})
        for name, each in close.items()
    }


def fitted_law(count, **options):
    sizes = np.linspace(0.001, 0.05, count)
    costs = 0.02 * np.sqrt(sizes) + np.random.default_rng(2).normal(0.0, 0.001, count)
    return posttrade.fit_square_root_law(costs, participation=sizes, volatility=0.02, **options)


def traded(**options):
    prices = 100.0 * (1.0 + RETURNS[:60]).cumprod()
    return simulate(prices.rank(axis=1) / 6.0, prices, **options)


def complied(**options):
    limits = [
        pretrade.PositionWeight(0.35, name=NAMES[0]), pretrade.UcitsConcentration(), pretrade.OrderUnits(1e-9),
        pretrade.OrderRate(2, window=60.0), pretrade.ValueAtRisk(0.01), pretrade.GroupWeight(0.5),
    ]  # fmt: skip
    groups = {"sector": dict(zip(NAMES, ("x <b>", "y & z"), strict=False))}
    return posttrade.compliance(traded(costs=0.001).ledger(), limits, groups=groups, **options)


def executed(**options):
    return posttrade.almgren_chriss(
        -1e6, horizon=5, steps=30, volatility=0.95, temporary=2.5e-6, permanent=2.5e-7, **options
    )


def liquidity(missing=False, **options):
    names = [*NAMES, "not priced"][: 4 if missing else 3]
    numbers = {name: dict(zip(NAMES, values, strict=True)) for name, values in LIQUID.items()}
    book = pretrade.Book(
        dict(zip(names, (30_000.0, -0.5, 1 / 3, 2.0)[: len(names)], strict=True)),
        scenarios=RETURNS,
        cash=1e5,
        **numbers,
    )
    return pretrade.LiquidityChecker(**options).check(book)


JUDGED = [
    {"asset": NAMES[0], "units": 1 / 3}, {"asset": NAMES[1], "units": -1e9}, {"asset": "none", "units": float("nan")},
]  # fmt: skip


def book_of():
    numbers = {name: dict(zip(NAMES, values, strict=True)) for name, values in LIQUID.items()}
    groups = {"sector": GROUPS, "issuer": dict(zip(NAMES, NAMES, strict=True))}
    return pretrade.Book(
        dict(zip(NAMES, (1.0, -2.5, 1e6), strict=True)), numbers.pop("prices"), nav=1e9 / 3, groups=groups,
        scenarios=RETURNS, **numbers,
    )  # fmt: skip


def checker_of(**options):
    limits = [
        pretrade.PositionWeight(0.1, name=NAMES[0]), pretrade.OrderUnits(1e6, warn=0.1), pretrade.UcitsConcentration(),
        pretrade.ValueAtRisk(0.01), pretrade.GroupWeight(1e-9), pretrade.TradingStateLimit(), pretrade.LotSize(0.1),
    ]  # fmt: skip
    return rr.UnifiedLimitChecker(limits, **options)


def judged(**options):
    return checker_of(**options).check_batch(JUDGED, book_of())


def replayed():
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/<b>.jsonl"
        judged().write_log(path)
        return pretrade.replay(path)


def policy(*, derived=False):
    limits = [
        pretrade.PositionWeight(0.1 + 0.2 if derived else 0.25, warn=0.08, name=NAMES[0]),
        pretrade.GroupWeight({NAMES[1]: 1 / 3, "*": 0.2}, by=NAMES[2]),
        pretrade.Session("09:30", "16:00" if derived else "15:00", valid_until="2027-01-01"),
        pretrade.SelfTrade(),
    ]
    if not derived:
        return pretrade.Policy(limits, name="desk <b>")
    return pretrade.Policy(
        [*limits[:3], pretrade.Leverage(1.5)], "record", 60, name="desk", version="3", parent="a.toml"
    )


CASES = {
    "Attribution": [
        attribution,
        lambda: attribution(linking="geometric", portfolio_returns=ONE),
        lambda: posttrade.brinson({"a": 1.0}, {"b": 1.0}, {"a": 0.01, "b": 0.02}),
    ],
    "Backtest": [account, many_accounts, costly, bankrupt, lambda: account(benchmark=INDEX.iloc[:60])],
    "BookLiquidity": [
        lambda: liquidity(half_spread=0.0005, half_spread_deviation=1e-4, impact_error=0.1),
        lambda: liquidity(missing=True, impact_of="day"),
        lambda: pretrade.LiquidityChecker().check(pretrade.Book({}, {})),
    ],
    "HaltSignificance": [lambda: rr.backtest_breakers(ONE, DrawdownBreaker(0.03, cooldown=5), rng=1).significance],
    "FlowReturns": [
        lambda: posttrade.time_weighted_return(*invested()),
        lambda: posttrade.time_weighted_return([1.0, 2.0], [0.0, 0.5], flow_at="begin"),
        lambda: posttrade.modified_dietz(*invested(), linked="month"),
    ],
    "InternalRates": [
        lambda: posttrade.internal_rate_of_return([-1000, 2500, -1540]),
        lambda: posttrade.internal_rate_of_return([100.0, 200.0]),
        lambda: posttrade.internal_rate_of_return([-1000.0, 1100.0], dates=["2024-01-01", "2025-01-01"]),
    ],
    "TransactionCosts": [costs_of_orders, lambda: costs_of_orders(4, delay_basis="executed")],
    "Markouts": [markouts_of_fills, lambda: markouts_of_fills(3)],
    "Ledger": [ledger, lambda: ledger(matching="average")],
    "PostTradeReport": [analysis],
    "BreakerBacktest": [lambda: rr.backtest_breakers(ONE, DrawdownBreaker(0.03, cooldown=5), rng=1)],
    "LookaheadCheck": [
        lambda: rr.check_no_lookahead(RETURNS, lambda data: data.cumsum(), rng=1),
        lambda: rr.check_no_lookahead(RETURNS, peeking, rng=1),
    ],
    "BacktestOverfitting": [lambda: backtest.probability_of_backtest_overfitting(RETURNS, blocks=4)],
    "Splits": [lambda: backtest.purged_splits(RETURNS, folds=3), lambda: backtest.combinatorial_purged_splits(RETURNS)],
    "SuperiorityTest": [
        lambda: backtest.reality_check(RETURNS, draws=100, rng=1),
        lambda: backtest.superior_predictive_ability(RETURNS, draws=100, rng=1),
    ],
    "Sweep": [sweep_of, lambda: sweep_of(selection=False), sweep_of_breakers],
    "BreakerSet": [breakers],
    "AlignedPair": [lambda: rr.align(RETURNS, INDEX.iloc[3:])],
    "Gaps": [lambda: rr.core.find_gaps(ONE.drop(DATES[40:60])), lambda: rr.core.find_gaps(ONE)],
    "DatasetInfo": [lambda: rr.datasets.describe("vix"), lambda: rr.datasets.describe("index_sp500")],
    "DataFile": [lambda: rr.read(io.BytesIO(CSV.encode()))],
    "WeightsFile": [lambda: rr.files.read_weights("AAPL=0.6,MSFT=-0.4")],
    "RiskMetricsCalculator": [lambda: rr.RiskMetricsCalculator(RETURNS)],
    "FactorAttribution": [
        lambda: posttrade.factor_attribution(ONE, RETURNS[NAMES[1:]]),
        lambda: posttrade.factor_attribution(ONE, RETURNS[NAMES[1:]], window=50, risk_free=1e-4, errors="ols"),
        lambda: posttrade.factor_attribution(ONE, INDEX, loadings=[1.2], benchmark=INDEX, benchmark_loadings=[1.0]),
    ],
    "DrawdownTable": [
        lambda: metrics.drawdown_table(RETURNS, top=3),
        lambda: metrics.drawdown_table([-0.1, 0.05, -0.2]),
        lambda: metrics.drawdown_table([0.1, 0.05]),
    ],
    "RiskSummary": [
        lambda: rr.summary(RETURNS, INDEX),
        lambda: rr.summary(ONE),
        lambda: rr.summary(FLAT, periods_per_year=1),
    ],
    "TailRisk": [lambda: metrics.tail_risk(RETURNS), lambda: metrics.tail_risk(ONE), lambda: metrics.tail_risk(FLAT)],
    "TimingRegression": [lambda: metrics.treynor_mazuy(RETURNS, INDEX), lambda: metrics.henriksson_merton(ONE, INDEX)],
    "Interval": [
        lambda: rr.sharpe_ratio(RETURNS, interval=QUICK),
        lambda: rr.sharpe_ratio(FLAT, interval=0.95),
        lambda: rr.value_at_risk(RETURNS.iloc[:20], interval=0.99),
        lambda: metrics.sharpe_ratio_difference(ONE, INDEX, interval=metrics.Bootstrap(draws=100, rng=1)),
    ],
    "RollingTailRisk": [
        lambda: metrics.rolling_tail_risk(RETURNS, window=50),
        lambda: metrics.rolling_tail_risk(ONE, window=50),
    ],
    "MonteCarloRisk": [monte_carlo],
    "PortfolioRiskMetrics": [
        portfolio_metrics,
        lambda: portfolio_metrics(benchmark=INDEX, factors=INDEX, interval=QUICK),
    ],
    "Exceedances": [
        lambda: metrics.rolling_tail_risk(RETURNS, window=50).exceedances(),
        lambda: metrics.rolling_tail_risk(ONE, window=50).exceedances(),
    ],
    "ReverseStress": [lambda: portfolio.reverse_stress(RETURNS, weights=WEIGHTS, loss=0.1)],
    "RiskAttribution": [
        lambda: posttrade.risk_attribution(WEIGHTS, dict.fromkeys(NAMES, 1 / 3), RETURNS, groups=GROUPS),
        lambda: posttrade.risk_attribution(WEIGHTS, None, RETURNS, confidence=QUICK, weights_of="average"),
    ],
    "RiskContributions": [lambda: rr.risk_contributions(RETURNS, weights=WEIGHTS)],
    "RoundTrips": [round_trips, lambda: round_trips(risk={"A": 1 / 3}), lambda: round_trips("flat_to_flat", FIVE[:1])],
    "StressTest": [lambda: rr.historical_stress(RETURNS, weights=WEIGHTS)],
    "ReferenceCheck": [rr.reference_check],
    "Report": [],
    "CappedWeights": [capped],
    "DrawdownRisk": [
        lambda: sizing.drawdown_risk(ONE, [0.5], drawdown=0.3, periods=50, paths=100, rng=1),
    ],
    "KellyResult": [
        lambda: sizing.kelly_weights(RETURNS),
        lambda: sizing.kelly_weights(RETURNS, confidence=0.9, rng=1),
    ],
    "OptimalF": [lambda: sizing.optimal_f([100.0, -50.0, 30.0, 0.1 + 0.2])],
    "SpreadEstimate": [
        lambda: posttrade.estimated_spread(bars_of()),
        lambda: posttrade.estimated_spread(bars_of(), method="corwin_schultz", negative="omit", window=10),
        lambda: posttrade.estimated_spread(bars_of(), confidence=QUICK),
        lambda: posttrade.estimated_spread(bars_of(5), window=10),
    ],
    "SquareRootLaw": [
        lambda: fitted_law(200, confidence=0.9),
        lambda: fitted_law(10, intercept=True, confidence=QUICK),
    ],
    "AlmgrenImpact": [
        lambda: posttrade.almgren_impact(
            pd.Series([1e5] * 25, [NAMES[0]] * 25),
            average_volume=1e7,
            volatility=0.02,
            shares_outstanding=1e9,
            duration=0.5,
        ),
    ],
    "ExecutionSchedule": [executed, lambda: executed(risk_aversion=1e-6, half_spread=0.0625)],
    "ExecutionFrontier": [lambda: executed().frontier()],
    "WashSales": [
        lambda: posttrade.wash_sales(traded(costs=0.001).ledger()),
        lambda: posttrade.wash_sales(traded(costs=0.001).ledger(), window_days=0, pooled=False),
    ],
    "Compliance": [
        complied,
        lambda: complied(wash_sales=True, pooled=False, scenarios=RETURNS),
        lambda: posttrade.compliance(ledger(), [pretrade.PositionUnits(5)]),
    ],
    "Verdict": [
        lambda: judged()[0],
        lambda: judged()[1],
        lambda: checker_of().check({"asset": NAMES[0], "units": 1e-9}, book_of()),
    ],
    "Verdicts": [judged, lambda: judged(on_breach="clip"), lambda: checker_of().check_batch([], book_of())],
    "Headroom": [lambda: checker_of().headroom(book_of()), lambda: checker_of().headroom(pretrade.Book({}, {}))],
    "WhatIf": [lambda: checker_of().what_if(JUDGED, book_of())],
    "Replay": [replayed],
    "Policy": [policy, lambda: policy(derived=True)],
    "PolicyDiff": [lambda: pretrade.diff_policies(policy(), policy(derived=True))],
    "OptimalWeights": [lambda: sizing.minimum_cvar(RETURNS)],
}
