"""Position sizers, for a whole history or one bar at a time, without look-ahead."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
