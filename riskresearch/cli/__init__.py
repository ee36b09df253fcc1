"""The command line `riskresearch`: one file a command, each importing only what it needs."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
