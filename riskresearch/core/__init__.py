"""What every other package uses: records, the running protocol, errors, options, checks, labels, periods, imports."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
