"""Published numbers of attribution: Bacon's tables and Frongello's example, as fractions, with what is printed.

Bacon's are those of his 2nd edition (2008); the tests of the R package PortfolioAttribution (A. Krishnakumar, 0a4d802)
quote them by table and reproduce them to 1e-4. Of table 8.2 two sources quote -0.60 % and 1.20 %, 0.005 % off the
formula, so that accuracy is what it is compared with; the others agree to half a unit of the last digit. Davies and
Laker's totals are left out, for one source quotes 1.16 % and another 1.17 %. Frongello's are quoted by pybrinson
1.3.1, with his table and pages.
"""

BACON = "Bacon 2008, table {}"
FRONGELLO = "Frongello 2002, table 3 and pages 11-12"

UK, JAPAN, US = "UK equities", "Japanese equities", "US equities"
MARKETS = (UK, JAPAN, US)

# Weights and returns of four quarters; tables 5.1 to 5.5 are of the first.
WEIGHTS = ((0.4, 0.3, 0.3), (0.7, 0.2, 0.1), (0.3, 0.5, 0.2), (0.3, 0.5, 0.2))
BENCHMARK_WEIGHTS = ((0.4, 0.2, 0.4), (0.4, 0.3, 0.3), (0.5, 0.4, 0.1), (0.4, 0.4, 0.2))
RETURNS = ((0.20, -0.05, 0.06), (-0.05, 0.03, -0.05), (-0.20, 0.08, -0.15), (0.10, -0.07, 0.25))
BENCHMARK_RETURNS = ((0.10, -0.04, 0.08), (-0.07, 0.04, -0.10), (-0.25, 0.05, -0.20), (0.05, -0.05, 0.10))

# table, model, interaction, effect: UK, Japan, US, total of the first quarter
SINGLE = (
    ("5.2", "hood_beebower", "own", "allocation", (0.0, -0.004, -0.008, -0.012)),
    ("5.2", "hood_beebower", "own", "selection", (0.04, -0.002, -0.008, 0.030)),
    ("5.2", "hood_beebower", "own", "interaction", (0.0, -0.001, 0.002, 0.001)),
    ("5.3", "fachler", "own", "allocation", (0.0, -0.0104, -0.0016, -0.012)),
    ("5.4", "fachler", "selection", "selection", (0.04, -0.003, -0.006, 0.031)),
)
# table, linking, effect: UK, Japan, US, total of the four quarters; interaction in selection
LINKED = (
    ("8.2", "carino", "allocation", (0.0165, -0.0060, 0.0015, 0.0120)),
    ("8.2", "carino", "selection", (0.0804, 0.0018, 0.0385, 0.1207)),
    ("8.3", "menchero", "allocation", (0.0156, -0.0078, 0.0014, 0.0092)),
    ("8.3", "menchero", "selection", (0.0838, 0.0005, 0.0391, 0.1234)),
    ("8.4", "grap", "allocation", (0.0167, -0.0055, 0.0011, 0.0124)),
    ("8.4", "grap", "selection", (0.0785, 0.0016, 0.0402, 0.1203)),
    ("8.5", "frongello", "allocation", (0.0167, -0.0055, 0.0011, 0.0124)),
    ("8.5", "frongello", "selection", (0.0785, 0.0016, 0.0402, 0.1203)),
)
# Rows of Frongello's recursion, table 8.5: effect, quarter: total
FRONGELLO_ROWS = (
    ("allocation", 1, -0.0049),
    ("selection", 1, 0.0170),
    ("allocation", 2, 0.0387),
    ("selection", 2, 0.0358),
)
# Table 8.6, geometric: effect: each quarter, then all four
GEOMETRIC = (
    ("allocation", (-0.0113, -0.0052, 0.0400, -0.0098), 0.0129),
    ("selection", (0.0295, 0.0179, 0.0440, 0.0347), 0.1319),
)
GEOMETRIC_EXCESS = 0.1464
# Table 6.2, Ankrim and Hensel: returns in the base currency, exchange rates, forward premia, net weights
CURRENCIES = ("GBP", "JPY", "USD")
CURRENCY_RETURNS = (0.0, 0.10, 0.20)
FORWARD_PREMIA = (0.0, 0.01, 0.02)
BASE_RETURNS = (0.20, 0.045, 0.272)
BASE_BENCHMARK_RETURNS = (0.10, 0.056, 0.296)
FORWARDS = (0.20, -0.15, -0.05)
BENCHMARK_FORWARDS = (0.30, -0.10, -0.20)
ANKRIM_HENSEL = (
    ("allocation", -0.0140), ("selection", 0.0282), ("interaction", 0.0013), ("currency", 0.0130),
    ("forward_premium", -0.0010),
)  # fmt: skip

# Frongello's three periods of stocks and bonds: weights, benchmark weights, returns, benchmark returns
FRONGELLO_PERIODS = (
    ((0.70, 0.30), (0.50, 0.50), (0.45, 0.05), (-0.25, -0.05)),
    ((0.15, 0.85), (0.10, 0.90), (0.40, 0.40), (0.10, 0.20)),
    ((0.95, 0.05), (0.10, 0.90), (0.05, 0.45), (0.45, 0.05)),
)
FRONGELLO_ALLOCATION, FRONGELLO_EXCESS = 0.5739475, 0.889805
