"""`array[key]` is what NumPy gives, for keys of every kind."""

import itertools
import random

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from conftest import check_key
from hypothesis import given
from hypothesis import strategies as st

SHAPES = [(), (1,), (7,), (0,), (3, 4), (3, 0, 2), (2, 3, 4), (1, 5, 1, 2), (2, 1, 3, 2, 2)]

TYPES = [
    *("?", "i1", "<i2", ">i4", "<u8", "<f2", "<f4", ">f8", "<f16", "<c8", ">c16"),
    *("S3", "<U2", ">U2", "V5", "<M8[ns]", ">m8[25s]", "M8[D]"),
    [("a", "<i2"), ("b", ">f4", (2,)), ("c", [("d", "u1"), ("e", "S2")])],
    {"names": ["x", "y"], "formats": ["u1", "<f8"], "offsets": [2, 8], "itemsize": 24},
]


def filled(shape, dtype, seed=0) -> np.ndarray:
    """An array of a type with values that differ."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape))
    if dtype.kind == "V" or dtype.kind == "S":
        data = np.random.default_rng(seed).integers(65, 90, count * dtype.itemsize, dtype=np.uint8)
        return np.frombuffer(data.tobytes(), dtype, count).reshape(shape).copy()
    numbers = np.arange(count)
    if dtype.kind == "U":
        return np.array([chr(65 + n % 26) + chr(97 + n % 25) for n in numbers], dtype).reshape(shape)
    if dtype.kind in "mM":
        return (
            numbers.astype("i8").view("m8[D]" if dtype.kind == "m" else "M8[D]").astype(dtype).reshape(shape)
        )
    return (numbers % 127).astype(dtype).reshape(shape)


def any_key(random: random.Random, shape):
    """A key for a shape, or one that does not fit it."""
    parts = []
    has_ellipsis = False
    axis = 0
    for _ in range(random.randint(0, len(shape) + 2)):
        size = shape[axis] if axis < len(shape) else 3
        kind = random.choices(
            ["int", "slice", "ellipsis", "new", "list", "array", "mask", "bool", "scalar", "odd"],
            [6, 8, 2, 2, 4, 3, 2, 1, 2, 0.3],
        )[0]
        if kind == "ellipsis":
            if has_ellipsis and random.random() < 0.9:
                continue
            has_ellipsis = True
            parts.append(Ellipsis)
            continue
        if kind == "new":
            parts.append(None)
            continue
        if kind == "bool":
            parts.append(random.choice([True, False, np.True_, np.False_]))
            continue
        reach = size + (random.random() < 0.1)

        def number():
            return random.randint(-reach, max(reach - 1, 0)) if reach else 0

        def end():
            return random.choice([None, number(), random.randint(-12, 12)])

        if kind == "int":
            parts.append(number())
        elif kind == "scalar":
            parts.append(random.choice([np.int8, np.uint16, np.int64])(abs(number())))
        elif kind == "slice":
            parts.append(slice(end(), end(), random.choice([None, 1, 2, -1, -3, 7, -(10**15)])))
        elif kind == "list":
            parts.append([number() for _ in range(random.randint(0, 4))])
        elif kind == "array":
            lengths = random.choice([(1,), (3,), (2, 1), (1, 3), (2, 3), ()])
            dtype = random.choice([np.int64, np.int16, ">i4"])
            parts.append(np.array([number() for _ in range(int(np.prod(lengths)))], dtype).reshape(lengths))
        elif kind == "mask":
            count = random.randint(1, max(1, min(2, len(shape) - axis)))
            lengths = shape[axis : axis + count] if random.random() < 0.95 else (size + 1,)
            parts.append(
                np.array([random.random() < 0.5 for _ in range(int(np.prod(lengths)))], bool).reshape(lengths)
            )
            axis += count - 1
        else:
            parts.append(
                random.choice([1.5, "x", [0.5], slice("a"), [[0], [1, 2]], np.array([1.0]), {}, b"1"])
            )
        axis += 1
    if len(parts) == 1 and random.random() < 0.5:
        return parts[0]
    return tuple(parts)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_key_gives_what_numpy_gives(saved, shape):
    array = filled(shape, "<i4")
    opened = saved(array)
    generator = random.Random(f"{shape}")
    for _ in range(1500):
        check_key(opened, array, any_key(generator, shape))


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_every_type_comes_as_it_is_in_the_file(saved, dtype):
    array = filled((3, 4), dtype)
    for order in "CF":
        opened = saved(np.asarray(array, order=order))
        assert opened.dtype == array.dtype
        for key in [
            (),
            ...,
            1,
            (1, 2),
            (1, 2, ...),
            (slice(None, None, -1), 0),
            ([2, 0], [1, 3]),
            array[:, 0] == array[1, 0],
        ]:
            check_key(opened, array, key)


def test_all_pairs_of_slices(saved):
    array = filled((4, 3), "<i2")
    opened = saved(array)
    ends = [None, -5, -1, 0, 1, 4]
    slices = [slice(*parts) for parts in itertools.product(ends, ends, [None, -2, -1, 1, 2])]
    for first in slices:
        check_key(opened, array, first)
        check_key(opened, array, (slices[7], first))


@pytest.mark.parametrize(
    "key",
    [
        10**30,
        -(10**30),
        slice(10**30),
        slice(None, -(10**30), -1),
        slice(0, 3, 10**30),
        slice(0, 2, 0),
        (1, 2, 3),
        (..., ...),
        [0, 10**30],
        {"a": 1},
        (None,) * 70,
    ],
)
def test_numbers_beyond_all_arrays(saved, key):
    array = filled((3, 4), "<f4")
    check_key(saved(array), array, key)


def test_objects_with_an_index(saved):
    class Two:
        def __index__(self):
            return 2

    array = filled((4, 3), "<f4")
    opened = saved(array)
    for key in [Two(), (Two(), 1), slice(Two(), None), ([Two()], 0)]:
        check_key(opened, array, key)


def test_a_tuple_of_another_class(saved):
    class Pair(tuple):
        pass

    array = filled((4, 3), "<f4")
    check_key(saved(array), array, Pair((1, slice(2))))


arrays = hnp.arrays(
    dtype=st.sampled_from(["<i4", ">f8", "?", "S3", "<M8[s]"]).map(np.dtype),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
    fill=st.nothing(),
)


@pytest.fixture(scope="session")
def opened_arrays(saved):
    """Arrays of many shapes, saved once."""
    found = {}

    def get(shape, dtype):
        if (shape, dtype) not in found:
            array = filled(shape, dtype)
            found[shape, dtype] = array, saved(array)
        return found[shape, dtype]

    return get


shapes = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4)
types = st.sampled_from(["<i4", ">f8", "S3"])


@given(st.data())
def test_hypothesis_basic_indices(opened_arrays, data):
    array, opened = opened_arrays(data.draw(shapes), data.draw(types))
    key = data.draw(hnp.basic_indices(array.shape, allow_newaxis=True, allow_ellipsis=True))
    check_key(opened, array, key)


@given(st.data())
def test_hypothesis_integer_array_indices(opened_arrays, data):
    shape = data.draw(hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4))
    array, opened = opened_arrays(shape, data.draw(types))
    key = data.draw(hnp.integer_array_indices(shape))
    check_key(opened, array, key)


@given(st.data())
def test_hypothesis_masks(opened_arrays, data):
    array, opened = opened_arrays(data.draw(shapes), data.draw(types))
    rank = data.draw(st.integers(0, array.ndim))
    mask = data.draw(hnp.arrays(bool, array.shape[:rank]))
    check_key(opened, array, mask)
    check_key(opened, array, (mask, ...))
