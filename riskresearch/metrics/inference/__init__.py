"""Intervals of measures: analytic, bootstrap and filtered, and the inference of the Sharpe ratio."""
