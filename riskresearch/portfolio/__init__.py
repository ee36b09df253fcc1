"""Whole portfolios: contributions to risk, diversification, stress tests, Monte Carlo, and views on scenarios."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
