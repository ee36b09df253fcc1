"""Compiled kernels of pre-trade limits."""
