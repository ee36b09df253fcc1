"""Published numbers of post-trade analysis and the cases that recompute them."""
