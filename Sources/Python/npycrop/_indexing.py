"""NumPy's indexing: what a key takes of an array of a shape."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ._library import INDEX, LIST, NEW_AXIS, PAIRED, SLICE  # noqa: F401


class NotUnderstood(Exception):
    """A key that takes nothing of the array: NumPy says why."""


def refuse(key, shape: tuple[int, ...]) -> np.ndarray:
    """Has NumPy raise what is wrong with a key.

    Returns what the key gives of an array without memory, should NumPy find nothing wrong with it.
    """
    # Strides of 0, so that an array of any size is a single byte.
    nothing = np.lib.stride_tricks.as_strided(np.zeros(1, np.int8), shape, (0,) * len(shape))
    return nothing[key]


def _index(number, size: int) -> int:
    index = number.__index__()
    if index < 0:
        index += size
    if not 0 <= index < size:
        raise NotUnderstood
    return index


def _slice(part: slice, size: int) -> tuple[int, int, int]:
    try:
        start, stop, step = part.indices(size)
    except (TypeError, ValueError):
        raise NotUnderstood from None
    return start, len(range(start, stop, step)), step


def basic_selection(key, shape: tuple[int, ...]):
    """What a key of basic indexing takes: axes, the shape of the result, whether it is a single element.

    None for every other key, and for one that is wrong.
    """
    parts = key if isinstance(key, tuple) else (key,)
    ellipses = sum(part is Ellipsis for part in parts)
    missing = len(shape) - sum(part is not None and part is not Ellipsis for part in parts)
    if ellipses > 1 or missing < 0:
        return None
    selection, result, axis = [], [], 0
    try:
        for part in parts if ellipses else (*parts, Ellipsis):
            if part is None:
                selection.append((NEW_AXIS,))
                result.append(1)
            elif part is Ellipsis:
                for _ in range(missing):
                    selection.append((SLICE, 0, shape[axis], 1))
                    result.append(shape[axis])
                    axis += 1
            elif isinstance(part, slice):
                start, count, step = _slice(part, shape[axis])
                selection.append((SLICE, start, count, step))
                result.append(count)
                axis += 1
            elif type(part) is int or isinstance(part, np.integer):
                selection.append((INDEX, _index(part, shape[axis])))
                axis += 1
            else:
                return None
    except NotUnderstood:
        return None
    if len(result) > 64 or len(selection) > 64:
        return None
    return selection, tuple(result), not result and not ellipses


# MARK: Lists, masks and arrays of indices


@dataclass
class Part:
    """What a part of a key takes: a slice, a new axis, an index, or indices that are broadcast with others."""

    kind: int
    """SLICE, NEW_AXIS, INDEX or LIST."""
    axis: int | None = None
    """The axis of the array; None for one that is new, and for a mask without axes."""
    slice: tuple[int, int, int] = (0, 1, 1)
    """Start, count and step."""
    index: int = 0
    indices: np.ndarray | None = None
    position: int = 0
    """Which part of the key it comes from."""

    @property
    def is_advanced(self) -> bool:
        return self.kind in (INDEX, LIST)


def _arrays(part) -> list[np.ndarray] | int:
    """The arrays of indices that a part stands for: one, or as many as a mask has axes.

    A mask without axes is an array of no or one index of no axis, told by its type, `bool`.
    """
    if isinstance(part, (bool, np.bool_)):
        return [np.asarray(part)]
    if not isinstance(part, np.ndarray):
        try:
            array = np.asarray(part)
        except (TypeError, ValueError):
            raise NotUnderstood from None
        # An empty list has no type of its own.
        part = array.astype(np.intp) if array.size == 0 and array.dtype != bool else array
    if part.dtype == bool or part.dtype.kind in "iu":
        return [part]
    raise NotUnderstood


def _inside(indices: np.ndarray, size: int) -> np.ndarray:
    """Indices counted from the start of their axis."""
    indices = indices.astype(np.int64, casting="same_kind", copy=False)
    if indices.size == 0:
        return indices
    if indices.min() < -size or indices.max() >= size:
        raise NotUnderstood
    return np.where(indices < 0, indices + size, indices) if indices.min() < 0 else indices


def parts_of(key, shape: tuple[int, ...]) -> list[Part]:
    """The parts of a key of any kind, with one for each axis of the array.

    Raises NotUnderstood where the key is wrong.
    """
    keys = tuple(key) if isinstance(key, tuple) else (key,)
    # How many axes each takes comes first, for the ellipsis.
    prepared: list = []
    taken = 0
    for part in keys:
        if part is None or part is Ellipsis:
            prepared.append(part)
            continue
        if isinstance(part, slice) or type(part) is int or isinstance(part, np.integer):
            prepared.append(part)
            taken += 1
            continue
        if hasattr(type(part), "__index__") and not isinstance(part, (bool, np.bool_, np.ndarray)):
            prepared.append(part.__index__())
            taken += 1
            continue
        (array,) = _arrays(part)
        prepared.append(array)
        taken += array.ndim if array.dtype == bool else 1
    ellipses = sum(part is Ellipsis for part in prepared)
    missing = len(shape) - taken
    if ellipses > 1 or missing < 0:
        raise NotUnderstood
    parts: list[Part] = []
    axis = 0
    for position, part in enumerate(prepared if ellipses else (*prepared, Ellipsis)):
        before = len(parts)
        if part is None:
            parts.append(Part(NEW_AXIS))
        elif part is Ellipsis:
            for _ in range(missing):
                parts.append(Part(SLICE, axis, (0, shape[axis], 1)))
                axis += 1
        elif isinstance(part, slice):
            parts.append(Part(SLICE, axis, _slice(part, shape[axis])))
            axis += 1
        elif not isinstance(part, np.ndarray):
            parts.append(Part(INDEX, axis, index=_index(part, shape[axis])))
            axis += 1
        elif part.dtype == bool and part.ndim == 0:
            parts.append(Part(LIST, None, indices=np.zeros(int(part), np.int64)))
        elif part.dtype == bool:
            if part.shape != shape[axis : axis + part.ndim]:
                raise NotUnderstood
            for indices in np.nonzero(part):
                parts.append(Part(LIST, axis, indices=indices.astype(np.int64, copy=False)))
                axis += 1
        elif part.ndim == 0:
            parts.append(Part(INDEX, axis, index=_index(part, shape[axis])))
            axis += 1
        else:
            parts.append(Part(LIST, axis, indices=_inside(part, shape[axis])))
            axis += 1
        for added in parts[before:]:
            added.position = position
    return parts


def place_of_lists(parts: list[Part]) -> int:
    """The axis of the result at which the axes of the lists stand: NumPy's rule."""
    # An index counts as a list where there is one. With something between them, if only an ellipsis that stands for
    # nothing, they come first.
    positions = sorted({part.position for part in parts if part.is_advanced})
    if positions[-1] - positions[0] + 1 != len(positions):
        return 0
    return next(number for number, part in enumerate(parts) if part.is_advanced)


def lists_first(result: np.ndarray, list_rank: int, place: int) -> np.ndarray:
    """Moves the first axes, those of the lists, to their place."""
    return np.ascontiguousarray(np.moveaxis(result, range(list_rank), range(place, place + list_rank)))


def product_of(parts: list[Part]) -> tuple[list[tuple], tuple[int, ...]]:
    """Axes for the library, and the shape of what they take, where lists select their product."""
    selection: list[tuple] = []
    shape = []
    for part in parts:
        if part.kind == INDEX:
            selection.append((INDEX, part.index))
        elif part.kind == NEW_AXIS:
            selection.append((NEW_AXIS,))
            shape.append(1)
        elif part.kind == SLICE:
            selection.append((SLICE, *part.slice))
            shape.append(part.slice[1])
        else:
            selection.append((LIST, np.ascontiguousarray(part.indices)))
            shape.append(part.indices.size)
    return selection, tuple(shape)


# MARK: Padded arrays


def padded_parts(key, shape: tuple[int, ...], modes: tuple[str, ...]) -> list[Part]:
    """The parts of a key of a padded array, whose places go on past both ends of the axes that have a mode.

    Raises NotUnderstood where there are too many parts.
    """
    keys = key if isinstance(key, tuple) else (key,)
    taken = sum(part is not None and part is not Ellipsis for part in keys)
    ellipses = sum(part is Ellipsis for part in keys)
    if taken > len(shape) or ellipses > 1:
        raise NotUnderstood
    parts: list[Part] = []
    axis = 0
    for part in keys if ellipses else (*keys, Ellipsis):
        if part is None:
            parts.append(Part(NEW_AXIS))
        elif part is Ellipsis:
            for _ in range(len(shape) - taken):
                parts.append(Part(SLICE, axis, (0, shape[axis], 1)))
                axis += 1
        elif modes[axis] == "none":
            # NumPy's, as without padding.
            parts += [replace(found, axis=axis) for found in parts_of((part,), shape[axis : axis + 1])]
            axis += 1
        else:
            parts.append(_places(part, axis, shape[axis]))
            axis += 1
    return parts


def _places(part, axis: int, size: int) -> Part:
    if isinstance(part, slice):
        step = 1 if part.step is None else part.step.__index__()
        if step == 0:
            raise ValueError("slice step cannot be zero")
        first, end = (0, size) if step > 0 else (size - 1, -1)
        start = first if part.start is None else part.start.__index__()
        stop = end if part.stop is None else part.stop.__index__()
        return Part(SLICE, axis, (start, len(range(start, stop, step)), step))
    indices = integers(part, "the places along an axis")
    if indices.ndim == 0:
        return Part(INDEX, axis, index=int(indices))
    return Part(LIST, axis, indices=indices)


def integers(numbers, name: str) -> np.ndarray:
    """Integers of 64 bits."""
    array = np.asarray(numbers)
    if array.size == 0 and array.dtype.kind == "f":
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} are {array.dtype}; they have to be integers")
    return array.astype(np.int64, casting="same_kind", copy=False)
