"""What _native.c does, by ctypes: for a Python that cannot load the extension."""

from __future__ import annotations

import numpy as np

from . import _library
from ._indexing import basic_selection


class Base:
    """The indexing of an array."""

    _pointer: _library.Pointer | None = None

    def _attach(self, _address, owner, dtype, shape, indexing, _is_random) -> None:
        self._pointer, self._base_dtype, self._base_shape = owner, dtype, shape
        self._is_plain = indexing == 1

    def __getitem__(self, key):
        if self._pointer is None:
            self._ready()
        found = basic_selection(key, self._base_shape) if self._is_plain else None
        if found is None:
            return self._other(key)
        selection, shape, is_element = found
        result = np.ndarray(shape, self._base_dtype)
        _library.crop_axes(self._pointer, selection, result)
        return result[()] if is_element else result

    def _crop_windows(self, origins, size, out, threads: int) -> None:
        if self._pointer is None:
            self._ready()
        _library.crop_windows(self._pointer, origins, size, out, threads)
