"""Market-wide halts, limit up and limit down of the US exchanges, as dated data and as breakers."""
