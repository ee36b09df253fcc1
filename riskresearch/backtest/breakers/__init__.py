"""Breakers over history, and the significance of their halts."""
