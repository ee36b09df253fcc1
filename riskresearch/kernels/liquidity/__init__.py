"""Liquidation of positions under a cap on the participation in volume, and its costs."""
