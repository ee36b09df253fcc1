"""The worked example of a model of market impact; see `_published_data` for the conventions."""

# --- Almgren, Thum, Hauptmann and Li (2005), Direct estimation of equity market impact, Table 3: buying a tenth of
# a day's volume of two stocks over three durations. Volume and shares as printed in millions;
# transcribed by way of DROP's reconciliation of the same table (EquityMarketImpactIBM, EquityMarketImpactDRI).
ALMGREN_ORDERS = {"IBM": (6.561e6, 1728e6, 0.0157), "DRI": (1.929e6, 168e6, 0.0226)}
"""Average daily volume, shares outstanding, daily volatility."""
ALMGREN_TABLE = (
    ("IBM", 0.1, 20, 22, 32),
    ("IBM", 0.2, 20, 15, 25),
    ("IBM", 0.5, 20, 8, 18),
    ("DRI", 0.1, 22, 32, 43),
    ("DRI", 0.2, 22, 21, 32),
    ("DRI", 0.5, 22, 12, 23),
)
"""Stock, duration in days, and in basis points: permanent impact I, temporary impact J - I / 2, realised impact J."""
