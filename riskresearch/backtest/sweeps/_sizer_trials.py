"""Trials of sizers: a sizer and a universe of assets make weights, each set of costs makes an account of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from riskresearch.accounts._series import account_returns, turnover
from riskresearch.backtest._simulate import simulate
from riskresearch.backtest.sweeps._fingerprint import fingerprint
from riskresearch.backtest.sweeps._grid import grid_point
from riskresearch.backtest.sweeps._trials import Repeated, Result, Trials, error_text
from riskresearch.core._errors import InvalidInputError
from riskresearch.kernels import _compounding, _moments, _ratios
from riskresearch.kernels.compiled._drawdown import worst_drawdown

if TYPE_CHECKING:
    from riskresearch.backtest._backtest import Backtest
    from riskresearch.core._types import FloatMatrix, FloatVector

MEASURES = ("sharpe_ratio", "annual_return", "volatility", "max_drawdown", "turnover")
RANKS = ("sharpe_ratio", "annual_return", "max_drawdown")
RESERVED = ("assets", "costs", "error", "trial", *MEASURES)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SizerTrials(Trials):
    """A job is a set of parameters in one universe; it has a trial for each set of costs."""

    universes: tuple[tuple[str, Sequence[int]], ...]
    """Name, and the numbers of its columns."""
    costs: tuple[tuple[str, Any], ...]
    prices: Any
    returns: Any
    """One row less than `prices`."""
    fill_prices: Any
    lag: int
    simulation: Mapping[str, Any]
    warm_up: int

    owner: ClassVar[str] = "sizer"
    measures: ClassVar[tuple[str, ...]] = MEASURES

    @property
    def per_job(self) -> int:
        return len(self.costs)

    @property
    def jobs(self) -> int:
        return self.sets * len(self.universes)

    @property
    def rows(self) -> int:
        """Number of returns after the warm-up."""
        return len(self.returns) - self.warm_up

    def parameters(self, trial: int) -> dict[str, Any]:
        return grid_point(self.grid, trial // (len(self.universes) * len(self.costs)))

    def universe(self, trial: int) -> tuple[str, Sequence[int]]:
        """Return name and columns of the universe of a trial."""
        return self.universes[trial // len(self.costs) % len(self.universes)]

    def cost(self, trial: int) -> tuple[str, Any]:
        """Return name and costs of a trial."""
        return self.costs[trial % len(self.costs)]

    def axes(self, trial: int) -> dict[str, Any]:
        several = {"assets": len(self.universes) > 1, "costs": len(self.costs) > 1}
        found = {"assets": self.universe(trial)[0], "costs": self.cost(trial)[0]}
        return {name: found[name] for name, is_shown in several.items() if is_shown}

    def run_job(self, job: int) -> list[tuple[int, Result]]:
        trials = self.trials_of(job)
        try:
            weights = self._weights(trials[0])
        except (Exception, SystemExit) as error:
            return [(trial, error_text(error)) for trial in trials]
        results: list[tuple[int, Result]] = []
        for trial in trials:
            try:
                returns, turnover = self._counted(self._account(trial, weights))
                results.append((trial, self.measured(self._measures(returns, turnover), returns)))
            except Exception as error:
                results.append((trial, error_text(error)))
        return results

    def repeat(self, trial: int, *, tried: int, confidence: float) -> Repeated:
        account = self._account(trial, self._weights(trial))
        returns, _ = self._counted(account)
        sharpe = float(_ratios.sharpe(returns[:, None], np.zeros(returns.size), self.periods)[0])
        labelled: Any = returns
        if hasattr(self.returns, "index"):
            counted = self.returns.iloc[self.warm_up :]
            labelled = like(returns, counted.iloc[:, 0] if counted.ndim == 2 else counted)
        return Repeated(account, returns, labelled, sharpe)

    def data(self) -> tuple[Any, ...]:
        return self.prices, self.returns, self.fill_prices

    def identity(self) -> dict[str, str]:
        chosen = self.selection
        compared, length = (None, None) if chosen is None else (chosen.benchmark, chosen.length)
        edges = None if chosen is None else chosen.edges
        settings = (self.lag, self.simulation, self.warm_up, self.periods, edges, self.draws, self.seed)
        return {
            "code of the sizer": fingerprint(self.make, name="sizer"),
            "grid": fingerprint(self.grid, name="grid"),
            "data": fingerprint((self.prices, self.fill_prices, compared, length), name="prices"),
            "choice of assets": fingerprint(self.universes, name="assets"),
            "set of costs": fingerprint(self.costs, name="costs"),
            "setting": fingerprint(settings, name="simulation"),
        }

    def readable(self) -> dict[str, Any]:
        return {
            **Trials.readable(self),
            "order": ["parameters (the last varies fastest)", "assets", "costs"],
            "assets": [name for name, _ in self.universes],
            "costs": [name or repr(costs) for name, costs in self.costs],
        }

    def _weights(self, trial: int) -> Any:
        """Return the weights over the rows of the prices; none is held on the first one."""
        sizer = self.make(**self.parameters(trial))
        decide = getattr(sizer, "weights", sizer)
        if not callable(decide):
            raise InvalidInputError(
                f"sizer must return a sizer or a function of the returns, got {type(sizer).__name__}."
            )
        columns = self.universe(trial)[1]
        returns = select(self.returns, columns)
        weights = decide(returns)
        if hasattr(weights, "columns") and hasattr(returns, "columns"):
            weights = weights.reindex(columns=returns.columns)
        if hasattr(weights, "index") and hasattr(returns, "index") and not weights.index.equals(returns.index):
            raise InvalidInputError("the sizer must return weights with the index of the returns.")
        values = np.asarray(weights, dtype=np.float64)
        if values.shape != np.shape(returns):
            raise InvalidInputError(
                f"the sizer must return weights of the shape of the returns, {np.shape(returns)}, got {values.shape}."
            )
        return like(np.concatenate([np.zeros_like(values[:1]), values]), select(self.prices, columns))

    def _account(self, trial: int, weights: Any) -> Backtest:
        columns = self.universe(trial)[1]
        fills = None if self.fill_prices is None else select(self.fill_prices, columns)
        prices = select(self.prices, columns)
        return simulate(weights, prices, lag=self.lag, fill_prices=fills, costs=self.cost(trial)[1], **self.simulation)

    def _counted(self, account: Backtest) -> tuple[FloatVector, float]:
        """Return the account's returns and its turnover per year, both after the warm-up."""
        returns = account_returns(account.record, account.settings)[-self.rows :, 0]
        if returns.shape != (self.rows,) or not np.isfinite(returns).all():
            raise InvalidInputError(f"the account must have a finite return on each of {self.rows} rows.")
        traded = turnover(account.record, account.market, account.layout, account.settings)[-self.rows :, 0]
        return np.ascontiguousarray(returns), float(traded.sum()) / self.rows * self.periods

    def _measures(self, returns: FloatVector, turnover: float) -> list[float]:
        column = returns[:, None]
        return [
            float(_ratios.sharpe(column, np.zeros(returns.size), self.periods)[0]),
            float(_compounding.yearly_growth(column, self.periods)[0]),
            float(_moments.deviation(column)[0]) * self.periods**0.5,
            float(worst_drawdown(column)[0]),
            turnover,
        ]


def select(data: Any, columns: Sequence[int]) -> Any:
    """Return some columns of a frame or matrix; one series stays as it is."""
    if data.ndim == 1 or len(columns) == data.shape[1]:
        return data
    return data.iloc[:, list(columns)] if hasattr(data, "iloc") else data[:, list(columns)]


def like(values: FloatMatrix, data: Any) -> Any:
    """Return `values` with the labels of `data`."""
    if not hasattr(data, "index"):
        return values
    labels = {"columns": data.columns} if data.ndim == 2 else {"name": data.name}
    return type(data)(values, index=data.index, **labels)
