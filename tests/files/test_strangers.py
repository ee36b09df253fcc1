"""Files as strangers have them, from the file to the returns on the page."""

import re
import warnings

import numpy as np
import pytest

from riskresearch.core import InvalidInputError
from riskresearch.files import read
from riskresearch.report import build_file_report
from tests.files import strangers

TABLES = {
    f"{kind.lower()}: {name}": stranger
    for kind in dir(strangers)
    if kind.isupper() and isinstance(getattr(strangers, kind), dict)
    for name, stranger in getattr(strangers, kind).items()
}


@pytest.mark.parametrize("name", TABLES)
def test_a_stranger_is_read_right_or_refused_with_the_way_out(tmp_path, name):
    stranger = TABLES[name]
    path = tmp_path / stranger.name
    path.write_text(stranger.content, encoding="utf-8")
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        if stranger.refused:
            with pytest.raises(InvalidInputError, match=f"(?s){stranger.refused}"):
                returns_of(path, stranger)
            return
        returns = returns_of(path, stranger)
    messages = [str(warning.message) for warning in said if "extrapolates" not in str(warning.message)]
    assert bool(messages) == bool(stranger.warned), messages
    assert not stranger.warned or any(re.search(stranger.warned, message) for message in messages), messages
    if stranger.returns is not None:
        np.testing.assert_allclose(returns, stranger.returns, rtol=1e-9, atol=1e-12)


def returns_of(path, stranger):
    """Return the mean of the returns of the assets, which the page calls the portfolio."""
    if stranger.page:
        return build_file_report(path, sections=["headline"], **stranger.options).tables.returns.iloc[:, 0].to_numpy()
    return read(path, **stranger.options).returns.mean(axis=1).to_numpy()
