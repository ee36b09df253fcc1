"""Simulated accounts, breakers over a history, sweeps of parameters, and tests of selection and look-ahead."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
