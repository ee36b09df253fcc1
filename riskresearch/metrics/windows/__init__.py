"""Measures of a moving window, for a history or one row at a time."""
