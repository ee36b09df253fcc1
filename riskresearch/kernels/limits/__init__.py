"""Breaches of limits over time."""
