"""Users' files: a table as people download it in, a typed table with all that was decided about it out."""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
