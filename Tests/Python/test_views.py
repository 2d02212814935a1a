"""Fields, conversions, padding, windows: NumPy is the referee for each."""

import itertools

import npycrop
import numpy as np
import pytest
from conftest import check_key
from test_indexing import filled


def test_what_an_array_is(saved, tmp_path):
    array = np.asfortranarray(filled((3, 4, 5), ">f4"))
    np.save(tmp_path / "a.npy", array)
    opened = npycrop.open(tmp_path / "a.npy")
    assert opened.shape == (3, 4, 5) and opened.ndim == 3 and len(opened) == 3
    assert opened.size == 60 and opened.nbytes == 240 and opened.itemsize == 4
    assert opened.dtype == np.dtype(">f4") and opened.order == "F" and opened.chunks is None
    assert opened.strides == array.strides and opened.offset == 128
    assert opened.path == str(tmp_path / "a.npy") and opened.fields is None
    assert "shape (3, 4, 5)" in repr(opened) and opened._repr_inline_(8) == "npycrop "
    assert npycrop.header(tmp_path / "a.npy") == ((3, 4, 5), np.dtype(">f4"), "F", 128, (1, 0), 0)
    with pytest.raises(TypeError, match="unsized"):
        len(saved(np.array(3)))


def test_the_whole_array(saved):
    array = filled((3, 4), "<i2")
    opened = saved(array)
    np.testing.assert_array_equal(np.asarray(opened), array)
    assert np.asarray(opened, dtype="f8").dtype == np.float64
    with pytest.raises(ValueError, match="copy"):
        np.array(opened, copy=False)
    np.testing.assert_array_equal(list(opened), list(array))
    assert [type(n) for n in saved(array[0])] == [np.int16] * 4


def test_it_offers_nothing_that_would_read_it_by_accident(saved):
    opened = saved(filled((3,), "<i2"))
    for name in [
        "__array_function__",
        "__array_ufunc__",
        "__array_interface__",
        "__array_namespace__",
        "copy",
        "_meta",
        "array",
    ]:
        assert not hasattr(opened, name)
    with pytest.raises(TypeError):
        memoryview(opened)


def test_fields(saved):
    array = filled((4, 3), [("a", "<i2"), ("b", ">f4", (2,)), ("c", [("d", "u1"), ("e", "S2")])])
    opened = saved(array)
    assert opened.fields == ("a", "b", "c")
    for name in "abc":
        assert opened[name].shape == array[name].shape
        for key in [..., 1, (0, 1), (slice(None, None, -2), [2, 0])]:
            check_key(opened[name], array[name], key)
    np.testing.assert_array_equal(opened["c"]["d"][:], array["c"]["d"])
    np.testing.assert_array_equal(opened["c.d"][:], array["c"]["d"])
    np.testing.assert_array_equal(opened[["a", "c"]], array[["a", "c"]])
    with pytest.raises(ValueError, match="no field 'z'"):
        opened["z"]


@pytest.mark.parametrize("source", ["u1", ">i2", "<i8", "<f4", "?", "<f2"])
def test_conversions(saved, source):
    array = filled((5, 6), source)
    opened = saved(array)
    for target in ["f4", ">f8", "c8", "i4"]:
        converted = opened.astype(target)
        assert converted.dtype == np.dtype(target)
        check_key(converted, array.astype(target), (slice(1, 4), slice(None, None, -2)))
    check_key(
        opened.astype("f4", scale=0.5, shift=2),
        array.astype("f4") * np.float32(0.5) + np.float32(2),
        (1, [4, 2]),
    )
    assert opened.astype(source) is opened


def test_conversions_that_are_not_allowed(saved):
    opened = saved(filled((3,), "<f8"))
    with pytest.raises(TypeError, match="float32"):
        opened.astype("f4", "safe")
    with pytest.raises(TypeError):
        opened.astype("i4", scale=2)
    with pytest.raises(TypeError):
        opened.astype("S3")
    with pytest.raises(ValueError, match="casting is 'no'"):
        opened.astype("f4", "no")


def test_other_types_of_the_same_bytes(saved):
    array = filled((3, 4), "<i4")
    check_key(saved(array).view("f4"), array.view("f4"), (slice(1, None), 2))
    upper = (np.arange(6, dtype="<f4").view("<u4") >> 16).astype("<u2")
    np.testing.assert_array_equal(saved(upper).view("bfloat16").astype("f4")[:], np.arange(6, dtype="f4"))
    with pytest.raises(TypeError, match="size"):
        saved(array).view("f8")


@pytest.mark.parametrize("mode", ["constant", "edge", "reflect", "symmetric", "wrap"])
def test_padding_is_numpys(saved, mode):
    array = filled((5, 7), "<i2")
    options = {"constant_values": -3} if mode == "constant" else {}
    padded = saved(array).pad(mode, **options)
    expected = np.pad(array, 4, mode, **options)
    for rows, columns in itertools.product(
        [slice(-4, 2), slice(3, 9), slice(-4, 9), slice(8, -5, -3)], [slice(-2, 3), slice(0, 7)]
    ):
        moved = tuple(
            slice(s.start + 4, s.stop + 4 if s.stop + 4 >= 0 else None, s.step) for s in (rows, columns)
        )
        np.testing.assert_array_equal(padded[rows, columns], expected[moved])
    assert padded[-1, 0] == expected[3, 4] and type(padded[-1, 0]) is np.int16
    np.testing.assert_array_equal(padded[[-1, 5], ..., None], expected[[3, 9], 4:11, None])
    np.testing.assert_array_equal(
        padded.windows([[-4, -4], [2, 3]], (3, 3)), [expected[:3, :3], expected[6:9, 7:10]]
    )
    np.testing.assert_array_equal(padded[...], array)


def test_padding_of_some_axes_and_of_what_is_converted(saved):
    array = filled((4, 5), "u1")
    opened = saved(array)
    some = opened.pad(("none", "edge"))
    np.testing.assert_array_equal(some[-1, -2:3], np.pad(array, ((0, 0), (2, 2)), "edge")[-1, :5])
    with pytest.raises(IndexError):
        some[4, 0]
    with pytest.raises(IndexError):
        some[0, 0, 0]
    real = opened.astype("f4", scale=2).pad(constant_values=0.5)
    assert real[-1, 0] == 0.5 and real[1, 1] == 12
    assert opened.pad(constant_values=9).astype("f4", scale=2)[-1, 0] == 9
    with pytest.raises(ValueError, match="fill value"):
        opened.pad(constant_values=-1)[-1, 0]
    with pytest.raises(ValueError, match="2 axes"):
        opened.pad(("edge", "edge", "edge"))


def test_padding_with_values_of_every_type(saved):
    for dtype, value in [
        ("?", True),
        ("<c8", 1 + 2j),
        ("<M8[D]", np.datetime64("2020-02-02")),
        ("S3", b"ab"),
        ("<U2", "xy"),
        (">f8", np.float64(0.1)),
        ("<u8", 2**64 - 1),
    ]:
        array = filled((3,), dtype)
        expected = np.array([value]).astype(dtype)[0]
        assert saved(array).pad(constant_values=value)[-1] == expected


def test_product_and_paired_lists(saved):
    array = filled((5, 6, 3), "<i4")
    opened = saved(array)
    rows, columns = [4, 0, -2], [1, 1, 5]
    np.testing.assert_array_equal(opened.oindex[rows, columns], array[np.ix_(rows, columns)])
    np.testing.assert_array_equal(
        opened.oindex[rows, :, array[0, 0] >= 1], array[np.ix_(rows, range(6), [1, 2])]
    )
    np.testing.assert_array_equal(opened.oindex[1, columns, None], array[1][columns][:, None])
    np.testing.assert_array_equal(opened.vindex[rows, columns], array[rows, columns])
    np.testing.assert_array_equal(opened.vindex[:, columns, [0, 1, 2]], array[:, columns, [0, 1, 2]].T)
    np.testing.assert_array_equal(opened.vindex[:, [5], :], array[:, [5], :].transpose(1, 0, 2))
    with pytest.raises(IndexError, match="one axis"):
        opened.oindex[[[1], [2]]]
    with pytest.raises(IndexError, match="out of bounds"):
        opened.oindex[[5]]


@pytest.mark.parametrize("threads", [0, 1, 3])
def test_windows(saved, threads):
    array = filled((40, 50, 3), "<f4")
    opened = saved(array)
    generator = np.random.default_rng(1)
    origins = generator.integers(0, (33, 41), size=(100, 2))
    expected = np.stack([array[y : y + 8, x : x + 10] for y, x in origins])
    found = opened.windows(origins, (8, 10), threads=threads)
    assert found.dtype == array.dtype and found.flags.c_contiguous
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(opened.windows(origins.astype("u1")[::-1], [8, 10]), expected[::-1])
    out = np.empty_like(expected)
    assert opened.windows(origins.tolist(), (8, 10), out=out, threads=threads) is out
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(
        saved(array[:, 0, 0]).windows([3, 30], 5), [array[3:8, 0, 0], array[30:35, 0, 0]]
    )
    assert opened.windows([], (8, 10)).shape == (0, 8, 10, 3)


def test_windows_that_cannot_be(saved):
    array = filled((6, 5), "<f4")
    opened = saved(array)
    for origins, size, error in [
        ([[5, 0]], (2, 2), IndexError),
        ([[-1, 0]], (2, 2), IndexError),
        ([[0, 0]], (2,), ValueError),
        ([[0, 0, 0]], (1, 1, 1), ValueError),
        ([[0, 0]], (-1, 2), ValueError),
        ([[0.5, 0]], (2, 2), TypeError),
        ([[0, 0]], (2.0, 2), TypeError),
    ]:
        with pytest.raises(error):
            opened.windows(origins, size)
    for out in [np.empty((1, 2, 2), "f8"), np.empty((1, 2, 3), "f4"), np.empty((1, 2, 4), "f4")[..., ::2]]:
        with pytest.raises(ValueError, match="out"):
            opened.windows([[0, 0]], (2, 2), out=out)
    with pytest.raises(TypeError, match="list"):
        opened.windows([[0, 0]], (2, 2), out=[0])


def test_crops_into_memory(saved):
    array = filled((6, 5), "<f4")
    opened = saved(array)
    out = np.empty((2, 5), "f4")
    assert opened.crop(np.s_[1:3], out=out) is out
    np.testing.assert_array_equal(out, array[1:3])
    np.testing.assert_array_equal(opened.crop(np.s_[::-1], threads=2), array[::-1])
    dest = np.zeros((4, 5), "f4")
    opened.read_direct(dest, np.s_[:2], np.s_[2:])
    np.testing.assert_array_equal(dest[2:], array[:2])
    wide = np.zeros((6, 5), "f8")
    opened.read_direct(wide)
    np.testing.assert_array_equal(wide, array)
    with pytest.raises(ValueError, match="out"):
        opened.crop(np.s_[1:3], out=np.empty((3, 5), "f4"))


def test_a_file_without_a_header(tmp_path):
    array = filled((3, 4), ">i2")
    (tmp_path / "raw").write_bytes(b"xyz" + array.tobytes("F"))
    opened = npycrop.open(tmp_path / "raw", dtype=">i2", shape=(3, 4), order="F", offset=3)
    np.testing.assert_array_equal(opened[...], array)
    assert opened.header.version is None
    with pytest.raises(ValueError, match="both dtype and shape"):
        npycrop.open(tmp_path / "raw", dtype="i2")
    records = npycrop.open(tmp_path / "raw", dtype=[("a", "u1"), ("b", "<i2")], shape=2)
    assert records["b"].shape == (2,) and records.dtype.itemsize == 3


def test_what_a_crop_would_cost(tmp_path):
    np.save(tmp_path / "a.npy", np.zeros((100, 1000), "f4"))
    cost = npycrop.open(tmp_path / "a.npy").cost(np.s_[5, 10:20])
    assert cost["byte_count"] == 40 and cost["range_count"] == 1 and cost["page_count"] in (1, 2)


def test_closing(tmp_path):
    np.save(tmp_path / "a.npy", np.arange(10))
    with npycrop.open(tmp_path / "a.npy") as opened:
        half = opened.astype("f4")
        other = npycrop.open(tmp_path / "a.npy")
    for closed in (opened, half):
        with pytest.raises(ValueError, match="closed"):
            closed[0]
    assert other[3] == 3
    opened.close()


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(FileNotFoundError) as found:
        npycrop.open(tmp_path / "none.npy")
    assert found.value.filename == str(tmp_path / "none.npy")
    with pytest.raises(IsADirectoryError):
        npycrop.open(tmp_path)
    (tmp_path / "text.npy").write_text("no array at all")
    with pytest.raises(ValueError, match="text.npy"):
        npycrop.open(tmp_path / "text.npy")
    np.save(tmp_path / "objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="objects"):
        npycrop.open(tmp_path / "objects.npy")
    np.save(tmp_path / "short.npy", np.zeros(100))
    (tmp_path / "short.npy").write_bytes((tmp_path / "short.npy").read_bytes()[:-1])
    with pytest.raises(ValueError, match="short.npy"):
        npycrop.header(tmp_path / "short.npy")
    for option in [
        {"access": "fast"},
        {"advice": "x"},
        {"check": "x"},
        {"order": "A", "dtype": "f4", "shape": 1},
        {"on_change": "x"},
    ]:
        with pytest.raises(ValueError, match="it can be"):
            npycrop.open(tmp_path / "short.npy", **option)
