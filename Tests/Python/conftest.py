"""What the tests share: arrays saved and opened, and NumPy as the referee."""

from __future__ import annotations

import itertools
import os
import warnings

import hypothesis
import npycrop
import numpy as np
import pytest

hypothesis.settings.register_profile(
    "repository",
    deadline=None,
    derandomize=True,
    max_examples=int(os.environ.get("NPYCROP_EXAMPLES", "2000")),
    suppress_health_check=list(hypothesis.HealthCheck),
)
hypothesis.settings.load_profile("repository")


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    """Saves an array and opens it again."""
    folder = tmp_path_factory.mktemp("arrays")
    numbers = itertools.count()

    def save(array, **options) -> npycrop.NPYArray:
        path = folder / f"{next(numbers)}.npy"
        np.save(path, array)
        opened = npycrop.open(path, **options)
        # It stays readable as long as it is open.
        if len(array.shape) > 0 and array.size < 10_000 and not options:
            opened[...]
            path.unlink()
        return opened

    return save


def outcome(array, key):
    """What indexing gives, or what it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return array[key]
        except Exception as error:  # noqa: BLE001
            return error


def check_key(opened, array, key) -> None:
    """Both give the same: the value, the shape, the type of the elements and that of the result, or the error."""
    expected, found = outcome(array, key), outcome(opened, key)
    if isinstance(expected, Exception):
        assert type(found) is type(expected), f"{key!r}: {found!r}, but NumPy: {expected!r}"
        assert str(found) == str(expected), f"{key!r}"
        return
    assert not isinstance(found, Exception), f"{key!r}: {found!r}"
    assert type(found) is type(expected), f"{key!r}"
    assert found.dtype == expected.dtype, f"{key!r}"
    assert found.shape == expected.shape, f"{key!r}"
    np.testing.assert_array_equal(found, expected, err_msg=f"{key!r}")
    if isinstance(found, np.ndarray):
        flags = found.flags
        assert flags.c_contiguous and flags.writeable and flags.aligned, f"{key!r}"
        assert all(stride >= 0 for stride in found.strides), f"{key!r}"
