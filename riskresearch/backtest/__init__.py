"""Backtests: simulated accounts, breakers over history, sweeps, selection tests and the look-ahead check."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
