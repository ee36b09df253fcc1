"""The risk report: one self-contained HTML page, from returns in memory or from a file of prices or returns."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
