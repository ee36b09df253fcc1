"""Weights by optimisation: Kelly's criterion, risk parity, mean and CVaR, optimal f."""
