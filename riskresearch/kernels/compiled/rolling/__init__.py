"""Compiled kernels of moving windows."""
