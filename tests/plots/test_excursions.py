"""The chart of profits against losses on the way."""

import numpy as np
import pandas as pd
import pytest

from riskresearch import plots
from riskresearch.core import InvalidInputError


def test_winners_and_losers_are_points_in_two_colours_and_missing_numbers_are_not_drawn():
    trips = pd.DataFrame({"mae": [5.0, 20.0, 1.0, np.nan], "net": [10.0, -15.0, 0.0, 3.0], "asset": list("ABCD")})
    ax = plots.plot_excursions(trips, unit="(USD)", ax=plots.blank_axes())
    won, lost = ax.collections
    assert won.get_offsets().tolist() == [[5.0, 10.0]]
    assert lost.get_offsets().tolist() == [[20.0, -15.0], [1.0, 0.0]]
    assert won.get_facecolor().tolist() != lost.get_facecolor().tolist()
    assert ax.get_xlabel() == "Largest loss on the way (USD)"


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(InvalidInputError, match="trips must be a DataFrame with the columns mae and net, got no net"):
        plots.plot_excursions(pd.DataFrame({"mae": [1.0]}), ax=plots.blank_axes())
    with pytest.raises(InvalidInputError, match="trips must have at least one with both numbers"):
        plots.plot_excursions(pd.DataFrame({"mae": [1.0], "net": [np.nan]}), ax=plots.blank_axes())
