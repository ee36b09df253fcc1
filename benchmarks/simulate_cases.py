"""Simulated accounts against vectorbt, backtesting.py and bt; `python -m benchmarks.simulate_cases` shows memory."""

import importlib.util
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

import riskresearch
from benchmarks.compare import Case
from benchmarks.data import panel
from benchmarks.peers import peer
from benchmarks.processes import median_cost, run_interleaved
from riskresearch.backtest import Backtest

COMMISSION = 0.0005
CAPITAL = 1_000_000.0
VECTORBT_TARGET = 0.2
BACKTESTING_TARGET = 0.01
BT_TARGET = 0.001
MEMORY_TARGET = 0.5
HALFLIFE_BARS = 33
YEARLY_VOLATILITY = 0.1

_INPUTS = "from benchmarks.simulate_cases import market; weights, prices = market()"
_OURS = (
    "import riskresearch; "
    "print(riskresearch.simulate(weights, prices, costs=0.0005, capital=1e6, accounts='columns').equity.iloc[-1].sum())"
)
_THEIRS = (
    "import vectorbt; "
    "done = vectorbt.Portfolio.from_orders(prices, weights.shift(1, fill_value=0.0), size_type='targetpercent', "
    "fees=0.0005, init_cash=1e6, freq='D'); print(done.value().iloc[-1].sum())"
)


def market(assets: int = 500) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return weights that aim at a volatility of 10 % a year, at most 0.95, and prices, 5000 days of each asset."""
    returns = panel()[:, :assets].clip(-0.5, 0.5)
    dates = pd.bdate_range("2004-01-02", periods=len(returns))
    volatility = pd.DataFrame(returns, dates).ewm(halflife=HALFLIFE_BARS).std() * 252**0.5
    weights = (YEARLY_VOLATILITY / volatility).clip(upper=0.95).fillna(0.0)
    prices = pd.DataFrame(100.0 * np.cumprod(1.0 + returns, axis=0), dates)
    return weights.set_axis(range(assets), axis=1), prices


def ours(weights: pd.DataFrame, prices: pd.DataFrame, commission: float = COMMISSION) -> Backtest:
    """Return each column as an account of its own."""
    return riskresearch.simulate(weights, prices, costs=commission, capital=CAPITAL, accounts="columns")


def simulate_cases() -> list[Case]:
    """Return the cases of one large panel and of one asset."""
    return [*_vectorbt_cases(), *_backtesting_cases(), *_bt_cases()]


def _vectorbt_cases() -> list[Case]:
    vectorbt = peer("vectorbt")
    if vectorbt is None:
        return []
    engine = "rust" if importlib.util.find_spec("vectorbt_rust") else "numba"
    cases = []
    for assets, target, repeats in ((500, VECTORBT_TARGET, 9), (1, None, 15)):
        weights, prices = market(assets)
        lagged = weights.shift(1, fill_value=0.0)
        theirs = partial(
            vectorbt.Portfolio.from_orders, prices, lagged, size_type="targetpercent", fees=COMMISSION,
            init_cash=CAPITAL, freq="D", engine=engine,
        )  # fmt: skip
        work = f"accounts of lagged volatility-target weights, {len(prices)} bars x {assets}, 5 bp"
        name = f"vectorbt from_orders, {engine} engine"
        check = partial(_check_vectorbt, weights, prices, theirs)
        cases.append(
            Case(work, name, partial(ours, weights, prices), theirs, check, "equity equal to 1e-12", target, repeats)
        )
    return cases


def _check_vectorbt(weights: pd.DataFrame, prices: pd.DataFrame, theirs: Callable[[], Any]) -> None:
    equity = np.asarray(ours(weights, prices).equity).reshape(len(prices), -1)
    np.testing.assert_allclose(equity, np.asarray(theirs().value()).reshape(len(prices), -1), rtol=1e-12)


def _backtesting_cases() -> list[Case]:
    backtesting = peer("backtesting")
    if backtesting is None:
        return []
    weights, prices = market(1)
    bars = pd.DataFrame({name: prices[0] for name in ("Open", "High", "Low", "Close")})
    wanted = weights[0].to_numpy()

    class Follow(backtesting.Strategy):  # type: ignore[name-defined, misc]
        def init(self) -> None:
            """Nothing to prepare."""

        def next(self) -> None:
            price = self.data.Close[-1]
            units = int(wanted[len(self.data) - 1] * self.equity / price) - self.position.size
            if units:
                (self.buy if units > 0 else self.sell)(size=abs(units))

    def theirs() -> Any:
        return backtesting.Backtest(bars, Follow, cash=1e9, commission=0.0, margin=0.5).run()

    def check() -> None:
        final = float(theirs()["Equity Final [$]"]) / 1e9
        np.testing.assert_allclose(ours(weights, prices, 0.0).equity.iloc[-1] / CAPITAL, final, rtol=0.01)

    work = f"account of one asset, {len(prices)} bars, daily target weights, no costs"
    agreement = "final equity to 1 %: it sizes at the close before the fill, in whole units"
    return [
        Case(
            work, "backtesting.py", partial(ours, weights, prices, 0.0), theirs, check, agreement, BACKTESTING_TARGET, 3
        )
    ]


def _bt_cases() -> list[Case]:
    bt = peer("bt")
    if bt is None:
        return []
    weights, prices = market(1)
    named = prices.set_axis(["asset"], axis=1)
    lagged = weights.shift(1, fill_value=0.0).set_axis(["asset"], axis=1)

    def theirs() -> pd.Series:
        algos = [bt.algos.SelectAll(), bt.algos.WeighTarget(lagged), bt.algos.Rebalance()]
        test = bt.Backtest(bt.Strategy("target", algos), named, integer_positions=False, progress_bar=False)
        return bt.run(test).prices["target"]

    def check() -> None:
        equity = ours(weights, prices, 0.0).equity / CAPITAL
        found = theirs() / 100.0  # a day before the first is theirs alone
        np.testing.assert_allclose(equity.reindex(found.index).iloc[2:], found.iloc[2:], rtol=1e-9)

    work = f"account of one asset, {len(prices)} bars, daily target weights, no costs"
    return [Case(work, "bt", partial(ours, weights, prices, 0.0), theirs, check, "equity equal to 1e-9", BT_TARGET, 3)]


def memory(runs: int = 3) -> str:
    """Return a sentence on the peak memory of fresh processes that simulate the panel, less that of its inputs."""
    base, own, other = (
        median_cost(costs).peak_mb
        for costs in run_interleaved([_INPUTS, f"{_INPUTS}; {_OURS}", f"{_INPUTS}; {_THEIRS}"], runs)
    )
    return (
        f"Peak memory, 5000 bars x 500, inputs alone {base:.0f} MB: riskresearch {own:.0f} MB, vectorbt {other:.0f} "
        f"MB, ratio {own / other:.2f} (target at most {MEMORY_TARGET:g}); beyond the inputs {own - base:.0f} and "
        f"{other - base:.0f} MB, ratio {(own - base) / (other - base):.2f}."
    )


if __name__ == "__main__":
    print(memory())
