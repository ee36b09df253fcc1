"""No error and no warning of another package comes out of any public entry, whatever is passed."""

import warnings

import pytest

from riskresearch.core import RiskResearchError
from tests.doors import DOORS
from tests.hostile import MAKERS


@pytest.mark.parametrize("door", DOORS)
def test_only_our_errors_and_warnings_come_out(door):
    for name, make in MAKERS.items():
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            try:
                DOORS[door](make())
            except RiskResearchError:
                pass
            except Exception as error:
                pytest.fail(f"{name}: {type(error).__name__}: {error}")
        foreign = [each for each in told if not each.category.__module__.startswith("riskresearch")]
        assert not foreign, f"{name}: {foreign[0].message}"
