"""Compiled kernels of fills: lots, excursions, joins to quotes."""
