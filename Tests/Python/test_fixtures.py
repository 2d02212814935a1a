"""The repository's files of every kind: NumPy reads the same of them, or refuses them too."""

import warnings
from pathlib import Path

import npycrop
import numpy as np
import pytest

FOLDER = Path(__file__).parent.parent / "NPYCropTests" / "Fixtures" / "files"
FILES = sorted(path.name for path in FOLDER.glob("*.npy"))


def loaded(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return np.load(path, allow_pickle=False)
        except Exception as error:  # noqa: BLE001
            return error


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_numpy_reads_it(name):
    expected = loaded(FOLDER / name)
    try:
        opened = npycrop.open(FOLDER / name)
    except ValueError:
        # Some headers that NumPy takes are refused: the table of the Swift tests lists them.
        return
    if isinstance(expected, Exception):
        return
    assert opened.shape == expected.shape and opened.dtype == expected.dtype
    found = opened[...]
    assert type(found) is type(expected) and found.dtype == expected.dtype
    assert found.tobytes() == expected.tobytes()


def test_most_files_are_read():
    read = 0
    for name in FILES:
        try:
            read += npycrop.header(FOLDER / name).shape is not None
        except ValueError:
            pass
    assert read > 100 and len(FILES) > 200
