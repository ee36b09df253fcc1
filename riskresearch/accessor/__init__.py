"""Measures as methods of the user's own data: `returns.risk.sharpe_ratio()` on pandas and polars."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
