"""The colours, with a contrast of 3 or more on light and dark pages, distinguishable by colour-blind readers."""

# The first line is the portfolio, the second its benchmark.
LINE_COLOURS = ("#2b7bba", "#c8641b", "#0f8f6b", "#b8669a", "#a07d12", "#8a6fd1")

# Once the colours are used up.
LINE_STYLES = ("-", "--", ":")

GAIN = "#2b7bba"
LOSS = "#c8641b"
