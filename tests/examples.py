"""How many examples Hypothesis tries, in one place, so that `make fuzz` can ask for more of all of them."""

import os
from typing import Any

from hypothesis import settings

FUZZ_FACTOR = "RISKRESEARCH_FUZZ_FACTOR"
"""Environment variable: how many times as many examples as in `make test` each property test tries."""


def examples(count: int, **options: Any) -> settings:
    """Return the settings of a property test that tries `count` examples, times the factor of `make fuzz`."""
    return settings(max_examples=count * int(os.environ.get(FUZZ_FACTOR, "1")), **options)
