"""Risk of portfolios: contributions, diversification, stress tests, Monte Carlo simulation, and views on scenarios."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
