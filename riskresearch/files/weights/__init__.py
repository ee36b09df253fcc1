"""Weights by name, as text or in a file."""
