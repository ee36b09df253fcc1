"""Optimisation: conic programs, linear programs, growth-optimal weights, risk budgets."""
