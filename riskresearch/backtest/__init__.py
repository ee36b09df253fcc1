"""Weights, returns, costs, breakers and limits in; accounts, sweeps and their significance out."""

from riskresearch.core._importing import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
