"""Resampling, standard errors and tests."""
