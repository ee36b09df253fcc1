"""Measures against a benchmark."""
