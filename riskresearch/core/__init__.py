"""The words and the checks: records, errors, options, validation, labels in and out, periods, importing."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
