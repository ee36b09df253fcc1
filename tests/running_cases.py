"""What the contract of running objects is tried on: a case for each public definition, found by its class."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from riskresearch.breakers import BreakerSet, LimitStateBreaker, MarketWideBreaker
from riskresearch.core import Fill, over_history
from riskresearch.kernels import _rolling
from riskresearch.metrics import Online, deflated_sharpe_ratio
from riskresearch.metrics.windows._windowed import NAMES
from riskresearch.models import EwmaVolatility, RollingVolatility, TailForecaster
from riskresearch.posttrade import CashFlow, CorporateAction, LedgerRules, Prices
from riskresearch.sizing import (
    Constraints,
    KellyPositionSizer,
    MeanCVaRSizer,
    MinimumCVaRSizer,
    RiskParitySizer,
    VaRPositionSizer,
    VolatilityPositionSizer,
)
from tests.breakers.cases import COMPOSITIONS, SINGLES, random_bars
from tests.samples import fat_tailed
from tests.sizing.cases import CASES, Case, signals_like

ROWS = 26
DAYS = pd.bdate_range("2024-01-15", periods=ROWS)
ASSETS = ("A", "B")
RETURNS = 0.3 * fat_tailed(ROWS, 2, 11)
BAD_ROWS = (None, "x", 1j, [0.1], [0.1, np.inf], [0.1, -np.inf], ["a", "b"], [[0.1, 0.1]], [None, 0.1], {"A": 0.1},
            {"A": 0.1, "X": 0.1}, {}, [True, False])  # fmt: skip
BAD_NUMBERS = (None, "x", 1j, [0.1], np.inf, -np.inf, True, {}, {"A": 0.1})


@dataclass(frozen=True)
class RunningCase:
    """A definition, what it is started with, and a history for it, a row for each observation."""

    name: str
    definition: Any
    inputs: Mapping[str, Any]
    """A history of each input, the main one first."""
    start: Mapping[str, Any] = field(default_factory=dict)
    observation: Callable[[Mapping[str, Any], int], Any] | None = None
    bad: tuple[Any, ...] = BAD_ROWS
    """What no row of the main input may be."""
    saved: bool = True
    """Whether `to_dict` works: not where a parameter is a user's function."""

    def rows(self, inputs=None):
        """Return one observation for each row."""
        inputs = self.inputs if inputs is None else inputs
        return [self._row(inputs, row) for row in range(len(next(iter(inputs.values()))))]

    def _row(self, inputs, row):
        if self.observation is not None:
            return self.observation(inputs, row)
        return {name: np.asarray(values)[row] for name, values in inputs.items()}

    def started(self):
        """Return the running object before the first observation."""
        return self.definition.start(**self.start)

    def history(self, inputs=None):
        """Return the answer after each row of a history."""
        found = over_history(self.definition, dict(self.inputs if inputs is None else inputs))
        parts = found if isinstance(found, tuple) else (found,)
        return [tuple(np.asarray(part)[row] for part in parts) for row in range(len(parts[0]))]

    def bad_observations(self, row):
        """Yield observations of which the main input is bad, bare and by name."""
        main, *others = self.inputs
        for bad in self.bad:
            yield {**self.rows()[row], main: bad}
            if not others:
                yield bad
        for other in others:
            yield from ({**self.rows()[row], other: bad} for bad in ("x", np.inf, True, ["a", "b"]))
        yield {**self.rows()[row], "nobody": 1.0}


class BreakerCase(RunningCase):
    """A breaker or a set of them: a history is a sequence of bars."""

    def rows(self, inputs=None):
        """Return the bars."""
        return list((self.inputs if inputs is None else inputs)["bars"])

    def history(self, inputs=None):
        """Return the decision after each bar."""
        return [(decision,) for decision in over_history(self.definition, self.rows(inputs))]

    def bad_observations(self, row):
        """Yield bars with what cannot be, and what is no bar."""
        bar = self.rows()[row]
        yield from (None, "x", {}, 1.0, tuple(bar), bar._asdict())
        yield from (bar._replace(equity=bad) for bad in ("x", None, np.inf, True))
        yield from (bar._replace(price=-1.0), bar._replace(time="2021-01-01"), bar._replace(asset_returns=("a", 1.0)))


class LedgerCase(RunningCase):
    """A ledger: a history is a sequence of events."""

    def rows(self, inputs=None):
        """Return the events."""
        return list((self.inputs if inputs is None else inputs)["events"])

    def history(self, inputs=None):
        """Return the answer after each event; tests/posttrade compares the ledger of a whole history."""
        running = self.started()
        return [(running.update(event),) for event in self.rows(inputs)]

    def bad_observations(self, row):
        """Yield events with what cannot be, and what is no event."""
        yield from (None, "x", {}, 1.0, ("A", 1.0), {"events": 1.0})
        yield from (TRADE._replace(units=bad) for bad in ("x", None, np.inf, np.nan, True, 0.0, [1.0]))
        yield from (
            TRADE._replace(**{name: bad}) for name in ("price", "fees", "impact") for bad in ("x", None, np.inf)
        )
        yield from (TRADE._replace(asset="X"), TRADE._replace(asset=["A"]), TRADE._replace(account=None))
        yield from (Prices(bad) for bad in (None, "ab", [1.0], [1.0, 0.0], [1.0, "x"], {"X": 1.0}))
        yield from (CashFlow("x", "fee"), CashFlow(1.0, "gift"), CashFlow(1.0, "fee", "nobody"))
        yield from (CorporateAction("X", "split", 2.0), CorporateAction("A", "merger"), CorporateAction("A", "split"))


TRADE = Fill("A", "portfolio", None, "order", 1.5, 10.0, fees=0.1)


def ledger_events():
    """Return fills of both sides, flows, actions and prices."""
    found = [CashFlow(100.0, "deposit")]
    for row, (one, other) in enumerate(RETURNS):
        found += [TRADE._replace(asset="AB"[row % 2], units=round(30.0 * one, 2) + 0.05, price=10.0 + other)]
        found += [Prices([10.0 + one, 12.0 if row else np.nan])]
        if row % 8 == 5:
            found += [CorporateAction("A", "split", 0.3), CorporateAction("B", "cash_dividend", 0.1)]
    return found


def named_lots():
    """Return purchases, and sales that name the purchase before the last, among splits and prices."""
    found = [TRADE._replace(id="o0"), TRADE._replace(id="o1", units=2.5)]
    for row in range(2, 9):
        found += [TRADE._replace(id=f"o{row}", price=10.0 + row), CorporateAction("A", "spin_off", 0.5, "B", 0.1)]
        found += [TRADE._replace(id=f"c{row}", lot=f"o{row - 2}", units=-0.4), Prices([10.0 + row, 3.0])]
    return found


def sizer_case(case: Case) -> RunningCase:
    """Return the case of a sizer, with signals where it has any, and with times."""
    data, extras = case.inputs(RETURNS)
    if case.signals:
        extras = {**extras, "signals": signals_like(RETURNS)}
    inputs = {
        name: pd.DataFrame(values, index=DAYS, columns=ASSETS)
        for name, values in {case.sizer.inputs[0]: data, **extras}.items()
    }

    def observation(inputs, row):
        return {name: frame.to_numpy()[row] for name, frame in inputs.items()} | {"time": DAYS[row]}

    return RunningCase(case.name, case.sizer, inputs, {"columns": ASSETS}, observation)


def measure_case(name: str, measure: Any, window: int | None, columns: int | None) -> RunningCase:
    """Return the case of a measure: beside the returns a benchmark where it has one."""
    definition = Online(measure, window=window, level=0.8)
    inputs: dict[str, Any] = {"returns": 0.1 * (RETURNS if columns else RETURNS[:, 0])}
    if definition._chosen().benchmark:
        inputs["benchmark"] = 0.1 * RETURNS[:, 1]
    label = f"{name} window={window} columns={columns}"
    bad = BAD_ROWS if columns else BAD_NUMBERS
    return RunningCase(label, definition, inputs, {"columns": columns}, bad=bad, saved=measure is not root_mean_square)


def root_mean_square(values):
    """A user's own measure of a window."""
    return float(np.sqrt(np.mean(values * values)))


WINDOWED = (
    Case("kelly", KellyPositionSizer(window=12, rebalance_every=4, constraints=Constraints(lower=-0.5)), signals=False),
    Case("kelly by month", KellyPositionSizer(window=12, rebalance="month"), signals=False),
    Case("parity", RiskParitySizer(window=12, rebalance_every=4), signals=False),
    Case("minimum cvar", MinimumCVaRSizer(window=12, rebalance_every=4), signals=False),
    Case("mean cvar", MeanCVaRSizer(window=12, rebalance_every=4, max_cvar=0.1), signals=False),
    Case("volatility by week", VolatilityPositionSizer(halflife=4.0, rebalance="week", periods_per_year=252)),
    Case("forecaster", VolatilityPositionSizer(model=RollingVolatility(window=6), periods_per_year=252)),
    Case("tail forecaster", VaRPositionSizer(model=TailForecaster(window=6, level=0.8), window=6)),
)
FORECASTERS = {
    "ewma": EwmaVolatility(halflife=6.0),
    "rolling": RollingVolatility(window=9, min_periods=4),
    **{
        f"{measure} {method}": TailForecaster(measure, method=method, level=0.8, window=10, halflife=4.0, refit_every=5)
        for measure in ("value_at_risk", "conditional_value_at_risk")
        for method in ("historical", "normal", "student_t", "cornish_fisher", "volatility_weighted")
    },
}
MEASURES = {name: name for name in (*NAMES, "tail_risk") if name != "deflated_sharpe_ratio"}
MEASURES |= {
    "deflated": partial(deflated_sharpe_ratio, trials=3, trial_variance=0.01),
    "own": root_mean_square,
}
BARS = [
    bar._replace(equity=100.0 * (1.0 + 0.01 * (row % 7) - 0.004 * row))
    for row, bar in enumerate(random_bars(5, ROWS, gaps=0.05))
]
BREAKERS: dict[str, Any] = {name: each for name, each in SINGLES.items() if name != "custom"}
BREAKERS |= {
    "all of": COMPOSITIONS["all of"][0],
    "any of": COMPOSITIONS["any of"][0],
    "ladder": BreakerSet(COMPOSITIONS["ladder"]),
}
BREAKERS |= {"ten": BreakerSet(COMPOSITIONS["ten"]), "custom": replace(SINGLES["custom"], initial=(0, 0.0))}
BREAKERS["sides"] = BreakerSet([replace(SINGLES["losing trades"], scope="side"), SINGLES["drawdown until"]])
BREAKERS |= {"limit state": LimitStateBreaker(2.0), "market wide": MarketWideBreaker(bars="intraday")}
EXPANDING = (*_rolling.MEASURES, "tail_risk", "calmar_ratio", "own")
"""Those with a recursion of their own over all rows, and two of those that keep the rows."""
RUNNING_CASES = (
    *(sizer_case(case) for case in (*CASES, *WINDOWED)),
    *(
        RunningCase(f"forecast {name}", definition, {"returns": RETURNS}, {"columns": ASSETS})
        for name, definition in FORECASTERS.items()
    ),
    *(
        LedgerCase(f"ledger {matching}", LedgerRules(matching), {"events": ledger_events()}, {"assets": ASSETS})
        for matching in ("fifo", "lifo", "hifo", "average")
    ),
    LedgerCase("ledger specific", LedgerRules("specific"), {"events": named_lots()}, {"assets": ASSETS}),
    *(BreakerCase(f"breaker {name}", each, {"bars": BARS}) for name, each in BREAKERS.items()),
    *(measure_case(name, measure, 5, 2) for name, measure in MEASURES.items()),
    *(measure_case(name, measure, None, None) for name, measure in MEASURES.items() if name in EXPANDING),
)
