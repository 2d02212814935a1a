#!/usr/bin/env python3
"""Compare crops at places of lists with NumPy's advanced indexing, at random.

    python3 lists_differential.py --npycrop .build/release/npycrop [--cases 6000] [--jobs 2]
    python3 lists_differential.py --npycrop .build/release/npycrop --seed 7 --start 12 --cases 1

A case is a file (shape, type, order, way of writing the header, bytes before and after the data)
and places of it. It depends on the seed and on its number alone, so that the second line runs one
of them again. The places are

  paired    REGION with several lists: broadcast, apart, nested, with masks, integers, slices, new
            axes and an ellipsis among them, or with np.ix_
  points    --points TABLE, a .npy file or text, with a REGION for the axes after them or without
  windows   --points TABLE --size LENGTHS
  indices   --indices FILE, and mask: --mask FILE, each with a REGION or without

For each of them npycrop gives the bytes of the same index in NumPy: with --raw, in a .npy file in C
or in Fortran order, and for some with --pad, whose referee is np.pad on numbers of elements, or with
--as float64, whose referee is astype. Where NumPy refuses the index, npycrop exits 1 with one line on
standard error and nothing else.

What went wrong is told case by case, and the file kept. The last line is 'N passed, M failed';
the exit status is 1 if M is not 0.
"""
import dataclasses
import math
import os
import random
import sys

import numpy as np

from differential import (Case, output_fault, random_header, random_record, random_scalar,
                          random_shape, raw_fault, read_array, refusal_fault, report, run_cases,
                          saved)
from make_tables import index_of, random_slice

MODES = ("constant", "edge", "reflect", "symmetric", "wrap")
CONVERTED = [order + code for order in "<>" for code in "i1 u1 i2 u2 i4 u4 f2 f4 f8".split()]


@dataclasses.dataclass
class ListCase(Case):
    """A file, and places of it."""
    kind: str
    # What stands before the region's own index: index arrays.
    places: tuple
    # The file that holds them: its ending and its bytes, and the option that names it.
    table: tuple
    size: tuple
    mode: str
    is_converted: bool


# ------------------------------------------------------------ cases

def random_case(seed, number):
    """The case of this number: always the same."""
    rng = random.Random(f"lists/{seed}/{number}")
    kind = rng.choice(("paired", "paired", "points", "windows", "indices", "mask"))
    mode = rng.choice(MODES) if kind in ("points", "windows", "paired") and rng.random() < 0.3 else ""
    # NumPy makes the padded array whole.
    rank = rng.randint(1, 3 if mode else 5)
    shape = random_shape(rng, rank, 40 if mode else rng.choice((40, 400, 4000)))
    order = rng.choice("CF")
    is_converted = rng.random() < 0.2
    if is_converted:
        dtype = np.dtype(rng.choice(CONVERTED))
    else:
        dtype = random_record(rng) if rng.random() < 0.15 else random_scalar(rng)
    places, table, size, region = (), (), (), None
    if kind == "paired":
        region = random_paired(rng, shape, mode)
    elif kind in ("points", "windows"):
        count = rng.choice((1, 2, 5, 40, 300))
        axes = rng.randint(1, rank)
        size = tuple(rng.randint(0 if rng.random() < 0.05 else 1, max(1, min(n, 6)) + (rng.random() < 0.03))
                     for n in shape[:axes]) if kind == "windows" else ()
        places = tuple(random_coordinates(rng, n, count, size[k] if size else 1, mode, bool(size))
                       for k, n in enumerate(shape[:axes]))
        table = ("--points", *random_table(rng, np.stack(places, 1), True))
    elif kind == "indices":
        places = (random_coordinates(rng, shape[0], rng.choice((0, 1, 3, 31, 33, 200)), 1, "", False),)
        table = ("--indices", *random_table(rng, places[0], False))
    else:
        axes = rng.randint(1, rank)
        lengths = tuple(n + (rng.random() < 0.02) for n in shape[:axes])
        density = rng.choice((0, 0.1, 0.5, 1))
        mask = np.array([rng.random() < density for _ in range(math.prod(lengths))], bool).reshape(lengths)
        places = (mask,)
        table = ("--mask", *random_mask_file(rng, mask))
    if kind in ("points", "indices", "mask"):
        taken = len(places) if kind != "mask" else places[0].ndim
        if rng.random() < 0.5:
            region = random_rest(rng, shape[taken:], mode)
    head = random_header(rng, dtype, shape, order)
    return ListCase(
        number=number, dtype=dtype, shape=shape, order=order, head=head,
        data=random_data(rng, dtype, math.prod(shape), is_converted),
        tail=rng.randbytes(rng.choice((0, 0, 5, 64))), options=[], region=region, argument=region,
        output_orders="C" * (rng.randrange(3) == 0) + "F" * (rng.randrange(6) == 0), kind=kind,
        places=places, table=table, size=size, mode=mode, is_converted=is_converted)


def random_data(rng, dtype, count, is_converted):
    """Bytes of elements; of numbers that are converted, small ones, which have no NaN."""
    if not is_converted:
        return rng.randbytes(count * dtype.itemsize)
    return np.array([rng.randint(0, 100) for _ in range(count)]).astype(dtype).tobytes()


def random_coordinates(rng, length, count, size, mode, is_window):
    """Indices along an axis, in no order, at times one that is outside."""
    if mode:
        low, high = -2 * length - 3, 2 * length + 3
    elif is_window:
        low, high = 0, length - size
    else:
        low, high = -length, length - 1
    if rng.random() < 0.3:
        low = max(low, 0)
    if low > high:
        return np.zeros(count, np.int64)
    found = np.array([rng.randint(low, high) for _ in range(count)], np.int64)
    if count and not mode and rng.random() < 0.02:
        found[rng.randrange(count)] = rng.choice((length, -length - 1, 2**62, -2**63, 2**63 - 1))
    return found


def random_table(rng, array, is_table):
    """A file of the numbers: its ending and its bytes."""
    kind = rng.choice(("npy", "csv", "txt"))
    if kind == "npy":
        dtypes = [t for t in ("<i8", ">i8", "<i4", "i2", "i1", "<u8", "u1")
                  if ((array >= np.iinfo(t).min) & (array.astype(object) <= np.iinfo(t).max)).all()]
        return "npy", npy_bytes(np.asarray(array, rng.choice(dtypes), order=rng.choice("CF")))
    lines = array if is_table else array.reshape(-1, 1)
    separator = rng.choice((",", ", ", ";")) if kind == "csv" else rng.choice((" ", "\t", "  "))
    text = "z" + separator + "y\n" if kind == "csv" and is_table and rng.random() < 0.5 else ""
    text += "# places\n" if rng.random() < 0.2 else ""
    end = rng.choice(("\n", "\n", "\r\n"))
    if not is_table and rng.random() < 0.3:
        return kind, (text + separator.join(map(str, array))).encode()
    return kind, (text + "".join(separator.join(map(str, line)) + end for line in lines)).encode()


def random_mask_file(rng, mask):
    if mask.ndim == 1 and rng.random() < 0.3:
        return "txt", "\n".join(str(int(flag)) for flag in mask).encode()
    return "npy", npy_bytes(np.asarray(mask, order=rng.choice("CF")))


def npy_bytes(array):
    """What np.save writes."""
    import io
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def random_rest(rng, shape, mode):
    """Text for the axes after the places."""
    if mode:
        starts = [rng.randint(-n - 2, n + 2) for n in shape]
        return ", ".join(f"{k}:{k + rng.randint(0, 5)}" for k in starts) or "..."
    items = [random_slice(rng, n) if rng.random() < 0.7 or n == 0 else str(rng.randrange(-n, n))
             for n in shape]
    if rng.random() < 0.3:
        items.insert(rng.randint(0, len(items)), "None")
    if rng.random() < 0.3:
        items.append("...")
    if len(items) > 1 and rng.random() < 0.3:
        items.pop()
    return ", ".join(items) or "..."


def random_paired(rng, shape, mode):
    """Text with several lists, or one that stands apart from an integer."""
    rank = len(shape)
    if rng.random() < 0.05 and not mode:
        lists = ", ".join(random_list(rng, n, (rng.randint(1, 5),), "") for n in shape)
        return f"np.ix_({lists})"
    common = rng.choice(((1,), (3,), (4,), (2, 3), (3, 1), (2, 1, 2), (40,), (0,)))
    items, axis = [], 0
    wanted = rng.sample(range(rank), min(rank, rng.choice((1, 2, 2, 3))))
    while axis < rank:
        n = shape[axis]
        kind = rng.random()
        if axis in wanted:
            if kind < 0.12 and not mode:
                # A mask of this axis or of this one and the next.
                axes = 2 if axis + 1 < rank and axis + 1 not in wanted and rng.random() < 0.4 else 1
                lengths = shape[axis:axis + axes]
                flags = np.zeros(math.prod(lengths), bool)
                true = min(flags.size, rng.choice((1, common[-1], common[-1])))
                flags[rng.sample(range(flags.size), true)] = True
                if flags.size and flags.size < 300:
                    items.append(str(flags.reshape(lengths).tolist()))
                    axis += axes
                    continue
            own = list(common[rng.randrange(len(common)):] if rng.random() < 0.3 else common)
            for k in range(len(own)):
                if rng.random() < 0.2:
                    own[k] = 1
            if rng.random() < 0.02:
                own[-1] = 7
            items.append(random_list(rng, n, tuple(own), mode))
        elif kind < 0.2 and n:
            items.append(str(rng.randrange(-n, n)))
        elif mode:
            start = rng.randint(-n - 2, n + 2)
            items.append(f"{start}:{start + rng.randint(0, 5)}")
        else:
            items.append(random_slice(rng, n))
        axis += 1
    if rng.random() < 0.3:
        items.insert(rng.randint(0, len(items)), "None")
    if rng.random() < 0.3:
        items.insert(rng.randint(0, len(items)), "...")
    elif rng.random() < 0.2:
        while len(items) > 1 and ":" in items[-1]:
            items.pop()
    text = ", ".join(items)
    # One pair of brackets around it all means nothing.
    return text + "," if text.startswith("[") and len(items) == 1 else text


def random_list(rng, length, shape, mode):
    """An index list of a shape, as text."""
    numbers = random_coordinates(rng, length, math.prod(shape), 1, mode, False)
    return str(numbers.reshape(shape).tolist())


# ------------------------------------------------------------ the referee

def index_of_case(case):
    """NumPy's index."""
    if case.region is None:
        return case.places
    index = index_of(case.region)
    return case.places + (index if isinstance(index, tuple) else (index,))


def crop_of(case, array):
    """The crop: bytes of elements, as an array of the crop's shape."""
    size = array.dtype.itemsize
    elements = array.view(np.dtype(("V", size))) if size else np.zeros(array.shape, "V1")
    if case.is_converted:
        elements = array.astype("<f8")
    if case.mode:
        elements = np.concatenate([elements.reshape(-1), np.zeros(1, elements.dtype)])
        numbers = np.arange(array.size).reshape(array.shape)
    else:
        numbers = None
    if case.size:
        return windows_of(case, elements, numbers, array.shape)
    index = index_of_case(case)
    if numbers is None:
        return np.asarray(elements[index])
    width = [2 * n + 8 + max(case.size or (0,)) for n in array.shape]
    if case.mode == "constant":
        padded = np.pad(numbers, [(w, w) for w in width], constant_values=array.size)
    else:
        padded = np.pad(numbers, [(w, w) for w in width], mode=case.mode)
    return np.asarray(elements[padded[moved(index, width, len(array.shape))]])


def moved(index, width, rank):
    """The index into the padded array of places of the array; what is not told is the array's own."""
    index = list(index) if isinstance(index, tuple) else [index]
    taken = sum(1 for item in index if item is not None and item is not Ellipsis)
    rest = [slice(w, -w) for w in width]
    at = next((k for k, item in enumerate(index) if item is Ellipsis), None)
    if at is None:
        at, index = len(index), index + [Ellipsis]
    before = sum(1 for item in index[:at] if item is not None)
    after = sum(1 for item in index[at + 1:] if item is not None)
    middle = rest[before:rank - after]
    # An ellipsis stands between lists even where it stands for no axis.
    index[at:at + 1] = middle if middle else [Ellipsis]
    axis, result = 0, []
    for item in index:
        if item is None or item is Ellipsis:
            result.append(item)
            continue
        w = width[axis]
        if isinstance(item, slice):
            if item in middle and before <= axis < rank - after:
                result.append(item)
            else:
                result.append(slice(item.start + w, item.stop + w))
        else:
            result.append(np.asarray(item, np.int64) + w if not isinstance(item, int) else item + w)
        axis += 1
    return tuple(result)


def windows_of(case, elements, numbers, shape):
    """The windows, one after the other."""
    count, axes = len(case.places[0]), len(case.size)
    if numbers is None:
        inside = all((0 <= p).all() and (p <= n - s).all()
                     for p, n, s in zip(case.places, shape, case.size))
        if not inside:
            raise IndexError("a window is outside")
        return np.stack([elements[tuple(slice(p[k], p[k] + s) for p, s in zip(case.places, case.size))]
                         for k in range(count)])
    width = [2 * n + 20 for n in shape]
    if case.mode == "constant":
        padded = np.pad(numbers, [(w, w) for w in width], constant_values=numbers.size)
    else:
        padded = np.pad(numbers, [(w, w) for w in width], mode=case.mode)
    rest = tuple(slice(w, -w) for w in width[axes:])
    return np.stack([
        elements[padded[tuple(slice(p[k] + w, p[k] + w + s)
                              for p, s, w in zip(case.places, case.size, width)) + rest]]
        for k in range(count)])


# ------------------------------------------------------------ running a case

def faults(case, npycrop, directory):
    """What npycrop does otherwise than NumPy: a sentence each. Keeps the files if there is any."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    output = os.path.join(directory, f"case-{case.number}-output.npy")
    table = os.path.join(directory, f"case-{case.number}-places.{case.table[1]}" if case.table else "-")
    with open(path, "wb") as file:
        file.write(case.head + case.data + case.tail)
    if case.table:
        with open(table, "wb") as file:
            file.write(case.table[2])
    array = read_array(case, path)
    command = [npycrop, "crop", path, *([case.argument] if case.region is not None else [])]
    options = [case.table[0], table] if case.table else []
    options += ["--size", ",".join(map(str, case.size))] if case.size else []
    options += ["--pad", case.mode] if case.mode else []
    options += ["--as", "float64"] if case.is_converted else []
    options += random.Random(case.number).choice(([], [], ["--access", "positioned-reads"], ["--access", "mapped"]))
    runs = [["--raw"], *(["-o", output, "--output-order", order] if order == "F"
                         else ["-o", output] for order in case.output_orders)]
    try:
        crop = crop_of(case, array)
    except (IndexError, ValueError, OverflowError) as error:
        if "extend empty axis" in str(error):
            # NumPy pads no empty axis, even where nothing of it is taken.
            found = []
        else:
            found = [refusal_fault(command + run + options, output, error) for run in runs]
    else:
        dtype = np.dtype("<f8") if case.is_converted else array.dtype
        order_of_raw = crop.tobytes() if dtype.itemsize else b""
        found = [raw_fault(command + runs[0] + options, order_of_raw)]
        for run, order in zip(runs[1:], case.output_orders):
            # The windows of a batch keep their order; each is in that order itself.
            if order == "F" and case.size:
                continue
            found.append(output_fault(command + run + options, output, saved(dtype, crop, order)))
    found = [fault for fault in found if fault]
    if not found:
        os.remove(path)
        if case.table:
            os.remove(table)
    return found


def report_lists(case, seed, found, directory):
    """Tells what went wrong with a case, and what its places are."""
    report(case, seed, found, directory)
    print(f"  {case.kind}, mode {case.mode!r}, size {case.size}, places "
          f"{[p.tolist() if p.size < 60 else p.shape for p in case.places]}", flush=True)


if __name__ == "__main__":
    sys.exit(run_cases(__doc__, "lists", random_case, faults, report_lists))
