"""Kernels of trades and what they cost: spreads, impact, schedules, shortfall."""
