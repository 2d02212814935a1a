"""The steps from the array in a file to what it is taken for: plain values, which a pickle holds."""

from __future__ import annotations

import numpy as np

from . import _library


def taken(pointer: _library.Pointer, step: tuple, dtype: np.dtype | None):
    """What a step makes of an array of the library, and its type; None for that which the library tells."""
    kind, *rest = step
    if kind == "field":
        return _library.Pointer("field", pointer.address, rest[0].encode()), None
    if kind == "astype":
        text, casting, scale, shift = rest
        return _library.Pointer(
            *("convert", pointer.address, text.encode(), _library.CASTING[casting], scale, shift)
        ), None
    if kind == "view":
        return _library.Pointer("view", pointer.address, rest[0].encode()), None
    modes, value = rest
    records = (_library.PaddingMode * len(modes))()
    for record, mode in zip(records, modes):
        record.mode = _library.MODES[mode]
        if isinstance(value, bytes):
            record.fill, record.bytes = _library.FILL_BYTES, value
            record.byte_count = len(value)
        elif isinstance(value, int):
            record.fill, record.integer = _library.FILL_INTEGER, value
        elif isinstance(value, float):
            record.fill, record.real = _library.FILL_REAL, value
        else:
            record.fill, record.real, record.imaginary = _library.FILL_COMPLEX, value.real, value.imag
    return _library.Pointer("pad", pointer.address, records, len(modes)), dtype
