"""Forecasts of volatility, VaR and CVaR, one step ahead."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
