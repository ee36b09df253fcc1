"""Formulas of trades: shortfall and its parts, half-lives of markouts."""
