"""The bundled market data: what there is, where it comes from, what is wrong with it, and the frames themselves."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
