"""Figures of risk from frames and arrays, as matplotlib Axes or as SVG for a page.

Nothing here changes matplotlib's settings, opens a window or knows a result type of the library.
"""

from riskresearch.core.importing._lazy import attach

__getattr__, __dir__, __all__ = attach(__name__, __file__)
