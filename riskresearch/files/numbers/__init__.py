"""Columns of numbers: decimal mark, thousands, units, and the marks of missing values."""
