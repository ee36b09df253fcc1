"""Circuit breakers: each defined once, as a step from one observation to the next, and composed into sets."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
