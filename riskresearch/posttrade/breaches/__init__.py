"""Limits of orders, positions and books, judged over the history of a ledger."""
