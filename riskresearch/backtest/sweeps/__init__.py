"""Sweeps over grids of parameters."""
