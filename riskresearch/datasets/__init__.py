"""Bundled market data: the frames, their origin and their known issues."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
