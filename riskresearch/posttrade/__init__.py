"""What happened, why, and what it cost: ledger, round trips, attribution, transaction costs."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
