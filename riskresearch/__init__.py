"""Quantitative risk research: measure, model, size, limit and review risk, with every convention stated.

Nothing heavy is imported here: each name loads what it needs on first use. `__init__.pyi` is the list of public names.
"""

from riskresearch.core.importing._lazy import attach

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = attach(__name__, __file__)
