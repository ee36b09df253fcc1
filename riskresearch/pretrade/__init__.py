"""Limits on orders before the trade, and the one checker of them for research, backtests and live trading."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
