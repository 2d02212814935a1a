"""The array: its type, its views, and its crops."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from . import _library
from ._file import File, Header, Identity, dtype_of, header_of, type_text
from ._indexing import (
    INDEX,
    LIST,
    NEW_AXIS,
    PAIRED,
    SLICE,
    NotUnderstood,
    Part,
    integers,
    lists_first,
    padded_parts,
    parts_of,
    place_of_lists,
    product_of,
    refuse,
)
from ._steps import taken

if os.environ.get("NPYCROP_BINDING") == "ctypes":
    from ._base import Base
else:
    try:
        from ._native import Base
    except ImportError:
        from ._base import Base


def _restored(path: bytes, options: tuple, identity: Identity, on_change: str, steps: tuple):
    """An array of a pickle: its file is opened when something is asked of it."""
    array = NPYArray.__new__(NPYArray)
    array._recipe = (path, options, identity, on_change, steps)
    return array


def open(  # noqa: A001
    path: str | bytes | os.PathLike,
    *,
    offset: int = 0,
    dtype: Any = None,
    shape: int | tuple[int, ...] | None = None,
    order: str = "C",
    access: str = "automatic",
    advice: str = "normal",
    check: str = "size",
    max_header_size: int = 10_000,
    on_change: str = "raise",
) -> NPYArray:
    """Opens an array in a file. Its header is read, and nothing else.

    >>> scan = npycrop.open("scan.npy")
    >>> scan[150, 100:164, 200:264].shape
    (64, 64)

    Args:
        path: The file.
        offset: The byte at which the header begins, or the data of a file without one.
        dtype: Of a file without a header, with `shape`: as for `numpy.memmap`.
        shape: Of a file without a header.
        order: Of a file without a header: "C" or "F".
        access: "automatic", "mapped" or "pread": how bytes are read.
        advice: "normal", "random", "sequential" or "willneed": what the kernel is told of the pages.
        check: "size", "strict" or "none": what is checked after each crop.
        max_header_size: The most characters that the header may have.
        on_change: Whether an array that was pickled refuses a file that changed since, "raise", or not,
            "ignore".

    Raises:
        OSError: The file cannot be read.
        ValueError: It is no `.npy` file, or has less data than its header says.
    """
    options: dict[str, Any] = {}
    if (dtype is None) != (shape is None):
        raise ValueError("a file without a header needs both dtype and shape")
    if dtype is not None:
        options["type"] = type_text(dtype)[0]
        options["shape"] = tuple(int(n) for n in np.atleast_1d(np.asarray(shape, dtype=np.int64)))
        options["order"] = _word("order", order, ("C", "F"))
    options["access"] = _word("access", access, _library.ACCESS)
    options["advice"] = _word("advice", advice, _library.ADVICE)
    options["check"] = _word("check", check, _library.CHECK)
    options["offset"], options["max_header_size"] = int(offset), int(max_header_size)
    _word("on_change", on_change, ("raise", "ignore"))
    # Absolute: an array may go to a process in another folder.
    name = os.path.abspath(_library.path_bytes(path))
    file = File.open(name, tuple(sorted(options.items())))
    return NPYArray._make(file, file.pointer, (), on_change, None)


def _word(name: str, value: str, words) -> str:
    if value not in words:
        raise ValueError(f"{name} is {value!r}; it can be {', '.join(map(repr, words))}")
    return value


# MARK: The array


class NPYArray(Base):
    """An array in a file, of which a crop reads what it takes, and nothing else is loaded.

    `array[key]` gives what NumPy gives for the loaded array: a new array of the same type, or a NumPy
    scalar. Fields, conversions and padding are arrays over the same file, which read nothing until they
    are indexed. Any number of threads may use an array, and it may be pickled: by path, not by value.

    Made by `npycrop.open`.
    """

    chunks = None
    """None, as for every array whose elements lie one after the other."""

    # MARK: How it comes to be

    @classmethod
    def _make(cls, file, pointer, steps, on_change, dtype) -> NPYArray:
        array = cls.__new__(cls)
        array._recipe = None
        array._fill(file, pointer, steps, on_change, dtype)
        return array

    def _fill(self, file, pointer, steps, on_change, dtype) -> None:
        found = pointer.description()
        self._file, self._own, self._steps, self._on_change = file, pointer, steps, on_change
        self._lengths = tuple(found.shape[: found.rank])
        self._type = dtype_of(pointer.type_text()) if dtype is None else dtype
        # As _native.c has it: NumPy's, places on every axis, or a matter of Python.
        indexing = 1 if not self._is_padded else 0 if "none" in self._modes else 2
        if self._type.itemsize == 0:
            # `numpy.empty` gives such elements a byte, `numpy.ndarray` does not.
            indexing = 0
        is_random = dict(file.options).get("advice") == "random"
        # Last: an array that is attached is complete.
        self._attach(pointer.address, pointer, self._type, self._lengths, indexing, is_random)

    def _ready(self) -> None:
        """Opens the file of an array that came by a pickle."""
        if self._recipe is None:
            return
        # Attached once: another thread may already crop.
        with File.lock:
            if self._recipe is None:
                return
            path, options, identity, on_change, steps = self._recipe
            file = File.reopen(path, options, identity, on_change)
            pointer, dtype = file.pointer, None
            for step in steps:
                pointer, dtype = taken(pointer, step, dtype)
            self._fill(file, pointer, steps, on_change, dtype)
            self._recipe = None

    def _viewed(self, step: tuple) -> NPYArray:
        """The array after another step."""
        self._ready()
        pointer, dtype = taken(self._own, step, self._type if step[0] == "pad" else None)
        return self._make(self._file, pointer, (*self._steps, step), self._on_change, dtype)

    def __reduce__(self):
        if self._recipe is not None:
            return _restored, self._recipe
        file = self._file
        return _restored, (file.path, file.options, file.identity, self._on_change, self._steps)

    def __copy__(self) -> NPYArray:
        return self

    def __deepcopy__(self, _memo) -> NPYArray:
        return self

    def __dask_tokenize__(self) -> tuple:
        """What tells this array from others: reads no data."""
        self._ready()
        file = self._file
        # The text of the type: all records of one size have the same `dtype.str`.
        return (
            *("npycrop.NPYArray", file.shown, *file.identity, str(file.options)),
            *(str(self._lengths), self._own.type_text(), str(self._steps)),
        )

    # MARK: What it is

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        self._ready()
        return self._lengths

    @property
    def dtype(self) -> np.dtype:
        """The type of the elements of crops: that of the file, its byte order included, or of `astype`."""
        self._ready()
        return self._type

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        count = 1
        for length in self.shape:
            count *= length
        return count

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return self.dtype.itemsize

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return self.size * self.itemsize

    @property
    def fields(self) -> tuple[str, ...] | None:
        """The names of the fields; None if the elements are no records."""
        return self.dtype.names

    @property
    def path(self) -> str:
        """The file, by its absolute path."""
        return os.fsdecode(self._recipe[0]) if self._recipe else self._file.shown

    @property
    def header(self) -> Header:
        """What the head of the file says: of the whole array in it."""
        self._ready()
        return header_of(self._file.pointer)

    @property
    def offset(self) -> int:
        """The byte of the file at which the data of the whole array begins."""
        return self.header.data_offset

    @property
    def order(self) -> str:
        """The axis that is contiguous in the file: the last, "C", or the first, "F"."""
        return self.header.order

    @property
    def strides(self) -> tuple[int, ...]:
        """The bytes of the file from one index of each axis to the next."""
        self._ready()
        found = self._own.description()
        return tuple(found.strides[: found.rank])

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __repr__(self) -> str:
        return f"<npycrop.NPYArray {self.path!r}, shape {self.shape}, dtype {self.dtype}>"

    def _repr_inline_(self, max_width: int) -> str:
        return f"npycrop {self.dtype}"[:max_width]

    # MARK: What it is taken for

    def field(self, name: str) -> NPYArray:
        """One field of all records, as an array over the same file; `array[name]` is the same.

        Args:
            name: The field, or a path of fields with dots between them.
        """
        return self._viewed(("field", name))

    def astype(
        self,
        dtype: Any,
        casting: str = "unsafe",
        *,
        scale: float = 1,
        shift: float = 0,
    ) -> NPYArray:
        """The elements converted to another type while they are copied, as an array over the same file.

        >>> pixels = image.astype("float32", scale=1 / 255)

        Args:
            dtype: The type, of numbers, in any byte order.
            casting: "safe", "same_kind" or "unsafe": which conversions are allowed. Where NumPy has no
                rule, for numbers that an integer type does not hold, the nearest one is taken; NaN becomes 0.
            scale: What numbers are multiplied by once they are of the type, which is a float then.
            shift: What is added after that.

        Raises:
            TypeError: There is no such conversion, or the rule does not allow it.
        """
        _word("casting", casting, _library.CASTING)
        text, target = type_text(dtype)
        if target == self.dtype and scale == 1 and shift == 0:
            return self
        return self._viewed(("astype", text, casting, float(scale), float(shift)))

    def view(self, dtype: Any) -> NPYArray:
        """The bytes of each element taken for another type of the same size.

        Args:
            dtype: The type, or "bfloat16", "float8_e4m3fn" or "float8_e5m2", which `astype` converts.
        """
        return self._viewed(("view", type_text(dtype)[0]))

    def pad(self, mode: str | tuple[str, ...] = "constant", *, constant_values: Any = 0) -> NPYArray:
        """The array with something outside, so that crops may reach over its border.

        Places go on past both ends: index -1 is the place before the first element, not the last element.
        So a key has no list, and its slices are not clamped.

        >>> image.pad("reflect")[-8:56, 0:64].shape
        (64, 64)

        Args:
            mode: "constant", "edge", "reflect", "symmetric" or "wrap", as `numpy.pad` has them, or "none";
                one for all axes, or one for each.
            constant_values: What "constant" has: a value of the type of the result.
        """
        modes = (mode,) if isinstance(mode, str) else tuple(mode)
        for word in modes:
            _word("mode", word, _library.MODES)
        if len(modes) != self.ndim and not isinstance(mode, str):
            raise ValueError(f"{len(modes)} modes, but the array has {self.ndim} axes")
        # A value of Python, which is compared and pickled by what it is.
        value = constant_values
        if isinstance(value, np.generic | np.ndarray):
            value = value.item() if value.dtype.kind in "biufc" else self._element(value)
        elif not isinstance(value, int | float | complex) or isinstance(value, int) and abs(value) >= 1 << 63:
            value = self._element(value)
        return self._viewed(("pad", modes, value))

    def _element(self, value: Any) -> bytes:
        """The bytes of a value of the array's type."""
        return np.asarray(value).astype(self.dtype, casting="same_kind").tobytes()

    # MARK: Crops

    def crop(self, key: Any = Ellipsis, *, out: np.ndarray | None = None, threads: int = 1) -> np.ndarray:
        """`array[key]` for slices, indices and a list for each axis, on several threads or into memory.

        Lists along several axes select their product, as `oindex` has it.

        Args:
            key: What to take.
            out: A contiguous array of the shape and type of the result, which is returned.
            threads: How many threads copy; 0 for as many as pay.
        """
        self._ready()
        selection, shape = self._selection(key)
        result = self._room(shape, out)
        self._fill_result(selection, result, _threads(threads))
        return result

    @property
    def oindex(self) -> _Indexer:
        """Indexing in which the lists of several axes select their product: `array.oindex[[1, 5], :, mask]`."""
        return _Indexer(self.crop)

    @property
    def vindex(self) -> _Indexer:
        """Indexing in which lists are paired, and the axes of the pairs come first: `array.vindex[rows, columns]`."""
        return _Indexer(lambda key: self._advanced(key, always_first=True))

    def windows(
        self, origins: Any, size: Any, *, out: np.ndarray | None = None, threads: int = 0
    ) -> np.ndarray:
        """Many windows of one size in one call: faster than one after the other.

        >>> scan.windows([[0, 100, 200], [5, 0, 0]], (1, 64, 64)).shape
        (2, 1, 64, 64)

        Args:
            origins: The first index of each window along each axis: integers of shape (windows, axes).
            size: The number of elements along each of these axes. Axes after them are taken whole.
            out: A contiguous array of the shape and type of the result, which is returned.
            threads: How many threads copy; 0 for as many as pay.

        Raises:
            IndexError: A window reaches outside an array that is not padded.
        """
        self._ready()
        lengths = np.atleast_1d(integers(size, "size"))
        first = integers(origins, "origins")
        if first.ndim == 1 and len(lengths) == 1:
            first = first[:, None]
        if first.size == 0 and first.ndim < 2:
            first = first.reshape(0, len(lengths))
        if lengths.ndim != 1 or first.ndim != 2 or first.shape[1] != len(lengths):
            raise ValueError(
                f"origins have shape {first.shape}, but for {len(lengths)} sizes it is (windows, {len(lengths)})"
            )
        if len(lengths) > self.ndim:
            raise ValueError(f"windows have {len(lengths)} axes, but the array has {self.ndim}")
        if len(lengths) and lengths.min() < 0:
            raise ValueError(f"the size of a window is {tuple(lengths.tolist())}")
        shape = (len(first), *lengths.tolist(), *self.shape[len(lengths) :])
        result = self._room(shape, out)
        self._crop_windows(
            np.ascontiguousarray(first), np.ascontiguousarray(lengths), result, _threads(threads)
        )
        return result

    def read_direct(self, dest: np.ndarray, source_sel: Any = None, dest_sel: Any = None) -> None:
        """Reads into an array that there is, as h5py does: `dest[dest_sel] = array[source_sel]`."""
        source = Ellipsis if source_sel is None else source_sel
        place = dest if dest_sel is None else dest[dest_sel]
        is_view = isinstance(place, np.ndarray) and (place is dest or np.shares_memory(place, dest))
        if is_view and place.flags.c_contiguous and place.dtype == self.dtype and not self._is_padded:
            try:
                selection, shape = self._selection(source)
            except IndexError:
                shape = None
            if shape == place.shape:
                self._fill_result(selection, place)
                return
        dest[Ellipsis if dest_sel is None else dest_sel] = self[source]

    def cost(self, key: Any = Ellipsis) -> dict[str, int]:
        """What the crop of a region would cost now; nothing of the file is read.

        Returns:
            `byte_count`, `run_count`, `page_count`, `page_size`, `cached_page_count` (-1 where the kernel
            does not tell), `range_count`, `first_byte` and `end_byte`.
        """
        self._ready()
        selection, _ = self._selection(key)
        costs = _library.Costs()
        _library.call(
            *("cost", self._own.address, _library.axes_of(selection), len(selection)),
            _library.byref(costs),
        )
        return {name: getattr(costs, name) for name, _ in costs._fields_[:8]}

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        if copy is False:
            raise ValueError("an array of a file cannot be had without a copy")
        result = self._whole()
        return result if dtype is None else result.astype(dtype, copy=False)

    def _whole(self) -> np.ndarray:
        return self.crop(Ellipsis)

    def __iter__(self) -> Iterator[Any]:
        # Not one crop for each: as many together as are quickly read.
        length = len(self)
        step = max(1, (1 << 20) // max(self.nbytes // max(length, 1), 1))
        for start in range(0, length, step):
            yield from self[start : min(start + step, length)]

    # MARK: The file

    def close(self) -> None:
        """Closes the file for this array and all that were made from the same `open`."""
        if self._recipe is None:
            _library.call("close", self._own.address)

    def advise(self, advice: str) -> None:
        """Tells the kernel how the pages are going to be used: "normal", "random", "sequential", "willneed"."""
        self._ready()
        _library.call("advise", self._own.address, _library.ADVICE[_word("advice", advice, _library.ADVICE)])

    def is_current(self) -> bool:
        """Whether the path still leads to this file, unchanged since it was opened."""
        self._ready()
        return self._own.is_current()

    def __enter__(self) -> NPYArray:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    # MARK: Keys

    @property
    def _is_padded(self) -> bool:
        return any(step[0] == "pad" for step in self._steps)

    @property
    def _modes(self) -> tuple[str, ...]:
        """The mode of each axis of a padded array: axes that a field added later have none, unless all have one."""
        modes = next(step[1] for step in reversed(self._steps) if step[0] == "pad")
        rank = len(self._lengths)
        return modes * rank if len(modes) == 1 else (modes + ("none",) * rank)[:rank]

    def _room(self, shape: tuple[int, ...], out: np.ndarray | None) -> np.ndarray:
        """The memory of a result."""
        if out is None:
            return np.ndarray(shape, self._type)
        if not isinstance(out, np.ndarray):
            raise TypeError(f"out is a {type(out).__name__}; it has to be a numpy.ndarray")
        if out.shape != shape or out.dtype != self._type:
            raise ValueError(
                f"out has shape {out.shape} and dtype {out.dtype}; the result has {shape} and {self._type}"
            )
        if not out.flags.c_contiguous or not out.flags.writeable:
            raise ValueError("out has to be writable and contiguous in C order")
        return out

    def _other(self, key: Any) -> Any:
        """`array[key]` for a key that is not basic, and for one that is wrong."""
        if isinstance(key, str):
            if self.dtype.names is not None:
                return self.field(key)
        elif isinstance(key, list) and key and all(isinstance(name, str) for name in key):
            if self.dtype.names is not None:
                return self._whole()[key]
        if self._is_padded:
            return self._basic(key)
        return self._advanced(key)

    def _refuse(self, key: Any) -> Any:
        # Where NumPy has nothing against it, the result has no elements.
        result = refuse(key, self.shape)
        return np.ndarray(result.shape, self._type)

    def _selection(self, key: Any) -> tuple[list[tuple], tuple[int, ...]]:
        """Axes for the library, and the shape of the result: lists of several axes select their product."""
        try:
            if self._is_padded:
                parts = padded_parts(key, self.shape, self._modes)
            else:
                parts = parts_of(key, self.shape)
        except NotUnderstood:
            self._refuse(key)
            raise IndexError(f"{key!r} takes nothing of an array of shape {self.shape}") from None
        if any(part.kind == LIST and (part.axis is None or part.indices.ndim != 1) for part in parts):
            raise IndexError("a crop takes lists and masks of one axis; index the array")
        return product_of(parts)

    def _advanced(self, key: Any, always_first: bool = False) -> Any:
        """`array[key]` with lists, masks and arrays of indices, which are paired."""
        try:
            parts = parts_of(key, self.shape)
            lists = [part for part in parts if part.kind == LIST]
            if not lists:
                return self._basic(key)
            list_shape = np.broadcast_shapes(*(part.indices.shape for part in lists))
        except (NotUnderstood, ValueError):
            return self._refuse(key)
        place = 0 if always_first else place_of_lists(parts)
        others = tuple(
            1 if part.kind == NEW_AXIS else part.slice[1] for part in parts if not part.is_advanced
        )
        shape = list_shape + others
        if len(shape) > 64:
            return self._refuse(key)
        if 0 in shape:
            result = np.ndarray(shape, self._type)
        else:
            result = self._listed(parts, lists, list_shape).reshape(shape)
        return lists_first(result, len(list_shape), place)

    def _basic(self, key: Any) -> Any:
        """A key without paired lists that the fast way did not take, such as one with an array of no axis."""
        selection, shape = self._selection(key)
        result = np.ndarray(shape, self._type)
        self._fill_result(selection, result)
        has_ellipsis = any(part is Ellipsis for part in _parts(key))
        return result[()] if not shape and not has_ellipsis else result

    def _fill_result(self, selection: list[tuple], result: np.ndarray, threads: int = 1) -> None:
        _library.crop_axes(self._own, selection, result, threads)

    def _listed(self, parts: list[Part], lists: list[Part], list_shape: tuple[int, ...]) -> np.ndarray:
        """The elements of the paired lists, whose axes come first; not of the right shape yet."""
        real = [part for part in lists if part.axis is not None]
        if not real:
            # A mask without axes takes the rest once.
            selection, shape = product_of([part for part in parts if part.kind in (INDEX, SLICE)])
            result = np.ndarray(shape, self._type)
            self._fill_result(selection, result)
            return result
        if len(real) == 1 and real[0].indices.size == np.prod(list_shape, dtype=object):
            return self._listed_alone(parts, real[0])
        kept = [part for part in parts if part.kind in (INDEX, SLICE) or part.axis is not None]
        selection: list[tuple] = []
        shape: list[int] = []
        count = int(np.prod(list_shape, dtype=np.int64))
        # The library puts the axis of the lists where NumPy does; new axes are none of its business.
        place = place_of_lists([replace(part, position=n) for n, part in enumerate(kept)])
        for part in kept:
            if part.kind == SLICE:
                selection.append((SLICE, *part.slice))
                shape.append(part.slice[1])
            elif part.kind == INDEX:
                selection.append((INDEX, part.index))
            else:
                flat = np.broadcast_to(part.indices, list_shape).reshape(-1)
                selection.append((PAIRED, np.ascontiguousarray(flat)))
        shape.insert(place, count)
        result = np.ndarray(tuple(shape), self._type)
        self._fill_result(selection, result)
        return np.moveaxis(result, place, 0)

    def _listed_alone(self, parts: list[Part], listed: Part) -> np.ndarray:
        """The same for a single list: a product, whose listed axis goes first."""
        flat = replace(listed, indices=listed.indices.reshape(-1))
        kept = [
            flat if part is listed else part
            for part in parts
            if part.kind in (INDEX, SLICE) or part is listed
        ]
        selection, shape = product_of(kept)
        result = np.ndarray(shape, self._type)
        self._fill_result(selection, result)
        place = sum(part.kind == SLICE for part in kept[: kept.index(flat)])
        return np.moveaxis(result, place, 0)


class _Indexer:
    """`array.oindex` and `array.vindex`."""

    __slots__ = ("_take",)

    def __init__(self, take):
        self._take = take

    def __getitem__(self, key: Any) -> np.ndarray:
        return self._take(key)


def _parts(key: Any) -> tuple:
    return key if isinstance(key, tuple) else (key,)


def _threads(count: int) -> int:
    if count < 0:
        raise ValueError(f"the number of threads is {count}")
    return int(count)
