"""Files, what their headers say, and the types that these name."""

from __future__ import annotations

import ast
import os
import stat
import threading
import weakref
from typing import Any, NamedTuple

import numpy as np

from . import _library
from ._errors import FileChangedError


class Header(NamedTuple):
    """What the head of a file says."""

    shape: tuple[int, ...]
    dtype: np.dtype
    order: str
    """The axis that is contiguous: the last, "C", or the first, "F"."""
    data_offset: int
    """The byte of the file at which the data begins."""
    version: tuple[int, int] | None
    """The version of the format; None for a file without a header."""
    trailing_bytes: int
    """The bytes of the file after the data."""


def header(path: str | bytes | os.PathLike, *, offset: int = 0, max_header_size: int = 10_000) -> Header:
    """What the head of a `.npy` file says: nothing else of it is read.

    Args:
        path: The file.
        offset: The byte at which the header begins.
        max_header_size: The most characters that the header may have.

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no `.npy` file, or has less data than its header says.
    """
    pointer = _library.opened(
        _library.path_bytes(path), {"offset": offset, "max_header_size": max_header_size}
    )
    return header_of(pointer)


def header_of(pointer: _library.Pointer) -> Header:
    """What the head of an open file says."""
    found = pointer.description()
    return Header(
        tuple(found.shape[: found.rank]),
        dtype_of(pointer.type_text()),
        "F" if found.order else "C",
        found.data_offset,
        (found.version, 0) if found.version else None,
        found.trailing_bytes,
    )


def dtype_of(text: str) -> np.dtype:
    """The type that a header's text describes."""
    if text == "'<f1'":
        # A number of 8 bits: no file says which, and NumPy has none. `view` does.
        return np.dtype("V1")
    if text.startswith("'"):
        return np.dtype(text[1:-1])
    return np.lib.format.descr_to_dtype(ast.literal_eval(text))


def type_text(dtype: Any) -> tuple[str, np.dtype | None]:
    """A type as text for the library, and as NumPy has it; None where NumPy has none of this name."""
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        if isinstance(dtype, str):
            return dtype, None
        raise
    if dtype.kind == "V" and dtype.names is None and dtype.type is not np.void:
        # A type of another package, such as ml_dtypes.bfloat16.
        return dtype.name, dtype
    return repr(np.lib.format.dtype_to_descr(dtype)), dtype


# MARK: Files

Identity = tuple[int, int]
"""The size of a file, and the time at which it was last written in nanoseconds."""


class File:
    """A file and how it is opened, for all arrays over it in this process."""

    _cache: weakref.WeakValueDictionary = weakref.WeakValueDictionary()
    lock = threading.RLock()

    def __init__(self, path: bytes, options: tuple, pointer: _library.Pointer, identity: Identity):
        self.path, self.options, self.pointer, self.identity = path, options, pointer, identity

    @property
    def shown(self) -> str:
        return os.fsdecode(self.path)

    @classmethod
    def open(cls, path: bytes, options: tuple) -> File:
        """Opens a file."""
        for _ in range(100):
            try:
                pointer = _library.opened(path, dict(options))
            except OSError as error:
                error.filename = error.filename or os.fsdecode(path)
                raise
            found = os.stat(path)
            if stat.S_ISREG(found.st_mode) and pointer.is_current():
                return cls(path, options, pointer, (found.st_size, found.st_mtime_ns))
        raise FileChangedError(f"{os.fsdecode(path)}: the file changed all the while that it was opened")

    @classmethod
    def reopen(cls, path: bytes, options: tuple, identity: Identity, on_change: str) -> File:
        """The file of an array that came by a pickle: opened once in a process. The caller has the lock."""
        key = (path, options, identity)
        file = cls._cache.get(key)
        if file is not None:
            return file
        file = cls.open(path, options)
        if file.identity != identity and on_change == "raise":
            raise FileChangedError(
                f"{file.shown}: the file has {file.identity[0]} bytes, last written at "
                f"{file.identity[1]} ns; when the array was pickled it had {identity[0]} bytes, "
                f"last written at {identity[1]} ns; open the path anew, or with on_change='ignore'"
            )
        return cls._cache.setdefault(key, file)


# After a fork no other thread has the lock, which a thread of the parent may have had.
os.register_at_fork(after_in_child=lambda: setattr(File, "lock", threading.RLock()))
