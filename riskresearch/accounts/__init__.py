"""Accounts: costs, books, fills, marks, corporate actions, and the identity of the books."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
