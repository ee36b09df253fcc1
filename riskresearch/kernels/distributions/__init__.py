"""Fitted distributions and their tails."""
