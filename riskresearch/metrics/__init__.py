"""Labelled measures of given returns: VaR and CVaR, the Sharpe family, drawdowns, benchmark-relative measures."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
