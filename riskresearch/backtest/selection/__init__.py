"""Splits of a history, and tests of the best of many trials."""
