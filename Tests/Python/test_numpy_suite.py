"""NumPy's own tests of combinations of indices, whose arrays are saved and opened."""

import numpy as np
import pytest
from conftest import check_key
from numpy._core.tests.test_indexing import TestMultiIndexingAutomated as Automated


class TestMultiIndexingAutomated(Automated):
    """Compares what NumPy gives for an array in memory; its checks of views and of assignments have no counterpart."""

    checked = 0

    @pytest.fixture(autouse=True)
    def keep_files(self, saved):
        self.saved, self.files = saved, {}
        type(self).checked = 0

    def opened(self, array):
        key = (array.shape, array.dtype.str)
        if key not in self.files:
            self.files[key] = array.copy(), self.saved(array)
        saved, opened = self.files[key]
        # One file for each shape: an empty array of NumPy's has no elements, the others count from 0.
        np.testing.assert_array_equal(saved, array)
        return opened

    def _check_multi_index(self, arr, index):
        type(self).checked += 1
        check_key(self.opened(arr), arr, index)

    _check_single_index = _check_multi_index

    def test_multidim(self):
        super().test_multidim()
        # NumPy's generator makes so many.
        assert self.checked > 2000
