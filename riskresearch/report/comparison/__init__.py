"""The comparison of several portfolios on one page."""
