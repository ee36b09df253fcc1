"""Prices and sizers that the tests of sweeps share; importable, so that workers find them."""

import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

GRID = {"target": [0.05, 0.1, 0.2], "window": [5, 10, 20, 40]}
ONE_DEADLY = {"target": [0.05, 0.1], "window": [5, 20]}
"""A part of the grid in which one set is deadly: see `Deadly`. Each loss of a worker costs the start of others."""
OPTIONS = {"costs": 0.0005, "blocks": 8, "draws": 100, "rng": 3, "interval": 0.9}


def prices(rows=301, columns=3, seed=0, drift=0.0003):
    moves = np.random.default_rng(seed).normal(drift, 0.01, (rows, columns))
    index = pd.bdate_range("2020-01-01", periods=rows, name="date")
    names = pd.Index(list("abcdefgh"[:columns]), name="ticker")
    return pd.DataFrame(100.0 * np.cumprod(1.0 + moves, axis=0), index=index, columns=names)


@dataclass(frozen=True)
class Momentum:
    """Hold each asset by the sign of its mean over a window, in equal shares of a target."""

    target: float = 0.1
    window: int = 20

    def weights(self, returns):
        signs = np.sign(returns.rolling(self.window).mean().fillna(0.0))
        return signs * (self.target / returns.shape[1])


@dataclass(frozen=True)
class Chosen:
    """Hold some of the assets."""

    names: frozenset = frozenset()
    tag: str = ""

    def weights(self, returns):
        held = returns.columns.isin(list(self.names))
        return returns * 0.0 + 0.1 * len(self.tag) * held


@dataclass(frozen=True)
class Picky(Momentum):
    """Refuse a window of 10."""

    def weights(self, returns):
        if self.window == 10:
            raise ValueError("ten is no window")
        return super().weights(returns)


@dataclass(frozen=True)
class Counted(Momentum):
    """Write a line for each call to a file, and die once at a chosen set, as the file named `mortal` says."""

    log: str = ""
    mortal: str = ""

    def weights(self, returns):
        if self.log:
            with Path(self.log).open("a") as file:
                file.write(f"{self.target} {self.window}\n")
        if self.mortal and (self.target, self.window) == (0.1, 20):
            try:
                Path(self.mortal).unlink()
            except FileNotFoundError:
                pass
            else:
                os.kill(os.getpid(), signal.SIGKILL)
        return super().weights(returns)


@dataclass(frozen=True)
class Deadly(Momentum):
    """End the process at two chosen sets: each time, or once as the file named `once` says."""

    way: str = "kill"
    once: str = ""
    log: str = ""

    def weights(self, returns):
        if self.log:
            with Path(self.log).open("a") as file:
                file.write(f"{self.target} {self.window}\n")
        if (self.target, self.window) in ((0.1, 20), (0.2, 5)) and self._now():
            end(self.way)
        return super().weights(returns)

    def _now(self):
        if not self.once:
            return True
        try:
            Path(self.once).unlink()
        except FileNotFoundError:
            return False
        return True


def end(way):
    if way == "exit":
        os._exit(7)
    if way == "leave":
        sys.exit(3)
    if way == "segfault":
        signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV if way == "segfault" else signal.SIGKILL)


def everything(found):
    """Return all that a sweep says, to be compared bit for bit."""
    return (
        found.trials.to_dict("list").__repr__(),
        found.best,
        np.asarray(found.best_returns).tobytes(),
        found.deflated_sharpe_ratio,
        found.overfitting,
        found.reality_check,
        found.superior_predictive_ability,
        [(each.measure, each.estimate, each.lower, each.upper) for each in found.intervals],
    )
