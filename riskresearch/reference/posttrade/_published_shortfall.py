"""An order of the CFA Program curriculum; see `_published_data` for the conventions."""

# --- Impulse Robotics: decided at a close of 10.00, nothing was filled on the first day (close 10.05), 700 of 1,000 on
# the second at 10.07 with 14 of commissions and fees, the rest cancelled at its close of 10.08. Paper gains 80, the
# real portfolio loses 7, so the shortfall is 87 of 10,000. The delay is 700 / 1,000 x (10.05 - 10.00) / 10.00.
IMPULSE_SOURCE = "CFA Program curriculum, Level III, example of Impulse Robotics"
IMPULSE_ORDER = {
    "order": [1],
    "units": [1000.0],
    "decision_price": [10.0],
    "arrival_price": [10.05],
    "final_price": [10.08],
}
IMPULSE_FILL = {"order": [1], "units": [700.0], "price": [10.07], "fees": [14.0]}
IMPULSE_ROBOTICS = {"shortfall": 0.0087, "delay": 0.0035}
