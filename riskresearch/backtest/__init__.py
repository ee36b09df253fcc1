"""Weights, returns, costs, breakers and limits in; accounts, sweeps and their significance out."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
