"""Fills and orders: spreads from bars, market impact, schedules of execution."""
