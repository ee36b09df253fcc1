"""The fit of a decay: curves without noise are found again, and least squares agree with SciPy's."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

from riskresearch.kernels.trades._half_life import fit_decay

HORIZONS = np.array([1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0])


def decay(horizon, level, amplitude, half_life):
    return level + amplitude * 2.0 ** (-horizon / half_life)


@pytest.mark.parametrize(("level", "amplitude", "half_life"), [(1.0, 3.0, 8.0), (-2.0, -1.0, 20.0), (0.0, 5.0, 2.5)])
def test_a_curve_without_noise_is_found_again(level, amplitude, half_life):
    found = fit_decay(HORIZONS, decay(HORIZONS, level, amplitude, half_life)[None, :], np.ones(7))
    assert found.half_life[0] == pytest.approx(half_life, rel=1e-3)
    assert found.level[0] == pytest.approx(level, abs=2e-3)
    assert found.amplitude[0] == pytest.approx(amplitude, rel=2e-3)
    assert not found.at_edge[0]


def test_agrees_with_nonlinear_least_squares_and_its_weights():
    rng = np.random.default_rng(2)
    errors = np.linspace(0.05, 0.3, 7)
    curves = decay(HORIZONS, 1.0, 4.0, 9.0) + errors * rng.normal(size=(20, 7))
    ours = fit_decay(HORIZONS, curves, errors**-2.0)
    for place, curve in enumerate(curves):
        theirs, _ = curve_fit(decay, HORIZONS, curve, p0=(1.0, 4.0, 9.0), sigma=errors)
        mine = ours.level[place], ours.amplitude[place], ours.half_life[place]
        np.testing.assert_allclose(mine, theirs, rtol=5e-3, atol=5e-3)


def test_a_straight_line_has_no_half_life_among_those_tried():
    assert fit_decay(HORIZONS, HORIZONS[None, :], np.ones(7)).at_edge[0]
