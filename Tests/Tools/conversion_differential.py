#!/usr/bin/env python3
"""Compare fields, views and conversions of npycrop with what NumPy makes of them, at random.

    python3 conversion_differential.py --npycrop .build/release/npycrop [--cases 3000] [--jobs 2]
    python3 conversion_differential.py --npycrop .build/release/npycrop --seed 7 --start 12 --cases 1

The first 144 cases are the conversions of 12 real types into each other: of every value of 8 or 16
bits, and of random ones of 32 or 64. Any other case is a file of numbers, or of records with fields of
numbers, texts and records, in either byte order and memory order and at any offset, and a region of
it. It depends on the seed and on its number alone. For each case

  npycrop crop FILE REGION [--field PATH] [--view TYPE] [--as TYPE --casting RULE
      [--scale S] [--shift O]] [--pad MODE [--fill V]] --raw

gives the bytes of np.pad(a[field].view(type), …)[REGION].astype(type, casting=rule) * scale + shift,
each step in the type asked for, or of float16 in float32, and -o OUT.npy the file that np.save writes;
where NumPy refuses the conversion npycrop exits 1 with one line on standard error. Where C defines
nothing, for floats that no integer holds, the result is the nearest integer, or 0 for NaN; NaNs are
equal whatever their bits are.

What went wrong is told case by case, and the file kept. The last line is 'N passed, M failed';
the exit status is 1 if M is not 0.
"""
import dataclasses
import math
import os
import random
import sys

import numpy as np

from differential import (crop_of, difference, quoted, random_header, random_record, random_shape,
                          refusal_fault, report, run, run_cases)
from make_tables import index_of, random_region

NUMBERS = "? i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16".split()
REAL = NUMBERS[:12]
SOURCES = NUMBERS + ["f16", "c32"]
SMALL = {"bfloat16": 2, "float8_e4m3fn": 1, "float8_e5m2": 1}
MODES = ("constant", "edge", "reflect", "symmetric", "wrap")
MOST_ELEMENTS = 2000
MOST_PADDED = 300


@dataclasses.dataclass
class Case:
    """A file, the part of it that is taken, and what becomes of that."""
    number: int
    dtype: np.dtype
    shape: tuple
    order: str
    head: bytes
    data: bytes
    path: list
    view: str
    target: str
    casting: str
    scale: float
    shift: float
    region: str
    result_order: str
    has_file: bool
    # What stands outside the array; None where the region does not leave it.
    mode: str = None
    fill: int = 0
    has_header = True


def random_case(seed, number):
    """The case of this number: always the same. The first are all pairs of real numbers."""
    rng = random.Random(f"{seed}/{number}")
    if number < len(REAL) ** 2:
        return pair_case(rng, number)
    shape = random_shape(rng, rng.randint(0, 4), MOST_ELEMENTS)
    order = rng.choice("CF")
    view = rng.choice(list(SMALL)) if rng.random() < 0.08 else None
    if view:
        dtype = np.dtype(f"V{SMALL[view]}")
    elif rng.random() < 0.3:
        dtype = random_record(rng)
    else:
        dtype = np.dtype(rng.choice("<>") + rng.choice(SOURCES))
    path, field, taken = [], dtype, shape
    while field.names and (not path or rng.random() < 0.8):
        name = rng.choice(field.names)
        path.append(name)
        field = field.fields[name][0]
        if field.subdtype:
            field, inner = field.subdtype
            taken += inner
    is_number = view or field.kind in "?biufc"
    target = rng.choice(NUMBERS) if is_number and rng.random() < 0.85 or rng.random() < 0.05 else None
    affine = target in ("f2", "f4", "f8") and rng.random() < 0.4
    if target and rng.random() < 0.2:
        target = np.dtype(target).newbyteorder(">").str
    region, mode = random_region(rng, taken), None
    if target and taken and 0 not in taken and math.prod(taken) < MOST_PADDED and rng.random() < 0.2:
        mode = rng.choice(MODES)
        places = [sorted(rng.sample(range(-n - 3, 2 * n + 4), 2)) for n in taken]
        region = ", ".join(f"{start}:{stop}" for start, stop in places)
    return Case(
        number=number, dtype=dtype, shape=shape, order=order,
        head=random_header(rng, dtype, shape, order),
        data=random_data(rng, dtype, math.prod(shape)), path=path, view=view, target=target,
        casting=rng.choice(("safe", "same_kind", "unsafe", "unsafe", "unsafe")) if target else None,
        scale=rng.choice((1 / 255, 0.5, -3.0, 1e-3)) if affine else None,
        shift=rng.choice((None, 0.0, 1.0, -0.25)) if affine else None,
        region=region, result_order=rng.choice("CCF"), has_file=rng.random() < 0.25, mode=mode,
        fill=rng.randint(0, 1))


def pair_case(rng, number):
    """Every value of a type of 8 or 16 bits, or many of a wider one, as another type."""
    source, target = (REAL[k] for k in divmod(number, len(REAL)))
    dtype = np.dtype(rng.choice("<>") + source)
    if dtype.itemsize <= 2:
        values = np.arange(256 ** dtype.itemsize, dtype=f"{dtype.byteorder}u{dtype.itemsize}")
        data = values.tobytes()
    else:
        data = random_data(rng, dtype, 20_000)
        data += rng.randbytes(20_000 * dtype.itemsize)
    shape = (len(data) // dtype.itemsize,)
    return Case(
        number=number, dtype=dtype, shape=shape, order="C",
        head=random_header(rng, dtype, shape, "C"), data=data, path=[], view=None, target=target,
        casting="unsafe", scale=None, shift=None, region=":", result_order="C", has_file=False)


def random_data(rng, dtype, count):
    """Bytes: of any bits, or of numbers that are not far from 0."""
    if dtype.names or dtype.kind in "V" or rng.random() < 0.4:
        return rng.randbytes(count * dtype.itemsize)
    values = np.array([rng.choice((0, 1, -1, rng.gauss(0, 3), rng.gauss(0, 300), rng.gauss(0, 1e5),
                                   rng.gauss(0, 1e10), 65504, 65520, 1e-7)) for _ in range(count)])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        values = np.clip(values, float(info.min), float(info.max) * 0.999)
    if dtype.kind == "c":
        values = values + 1j * np.roll(values, 1)
    return values.astype(dtype).tobytes()


# ------------------------------------------------------------ the referee

def expected(case, array):
    """The crop that is asked for; raises where it is refused."""
    for name in case.path:
        array = array[name]
    if case.view:
        array = small_floats(array, case.view)
        if not case.target:
            return array[index_of(case.region)]
    if case.mode:
        crop, is_outside = padded(array, case.region, case.mode)
    elif not case.target:
        # Raw elements keep padding, and texts that are none.
        crop = crop_of(array, case.region)
        return crop if array.dtype.itemsize else crop.ravel()[:0]
    else:
        crop = array[index_of(case.region)]
    if isinstance(crop, np.generic):
        # A scalar is in native order.
        crop = np.array(crop, array.dtype)
    delivered = np.dtype(case.target)
    target = delivered.newbyteorder("=")
    source = crop.dtype
    if source.kind not in "?biufc":
        raise TypeError("no numbers")
    # A small float holds what NumPy has no name for: float32 stands for it, which is as wide.
    if case.view:
        if not can_cast_small(case.view, target, case.casting):
            raise TypeError("cannot cast")
    elif not np.can_cast(source, target, case.casting):
        raise TypeError("cannot cast")
    result = cast(crop, target)
    if case.scale is not None:
        wide = np.float32 if target == np.float16 else target.type
        if target == np.float16:
            # Both steps in float32, then rounded once.
            result = cast(crop, np.dtype("f4"))
        result = result * wide(case.scale)
        if case.shift:
            result = result + wide(case.shift)
        result = result.astype(target)
    result = np.asarray(result).astype(delivered)
    if case.mode:
        # One of the result, neither scaled nor moved.
        result[is_outside] = case.fill
    return result


def padded(array, region, mode):
    """A box of places of the array by np.pad, and which of them are outside in mode constant."""
    axes, outside = [], []
    for text, n in zip(region.split(", "), array.shape):
        start, stop = map(int, text.split(":"))
        before, behind = max(-start, 0), max(stop - n, 0)
        options = {"constant_values": -1} if mode == "constant" else {}
        axis = np.pad(np.arange(n), (before, behind), mode, **options)[start + before:stop + before]
        axes.append(np.maximum(axis, 0))
        outside.append(axis < 0)
    is_outside = np.zeros(tuple(map(len, axes)), bool)
    for k, mask in enumerate(outside):
        is_outside |= mask.reshape([-1 if axis == k else 1 for axis in range(len(axes))])
    return array[np.ix_(*axes)], is_outside


def can_cast_small(view, target, casting):
    """As np.can_cast, of a float of 16 or 8 bits that float16 holds only if it has 8."""
    if casting == "unsafe":
        return True
    if casting == "same_kind":
        return target.kind in "fc"
    return target.kind == "c" or target.kind == "f" and (target != np.float16 or SMALL[view] == 1)


def small_floats(array, view):
    """The values of small floats, found by their definition."""
    raw = np.frombuffer(array.tobytes(), "<u2" if SMALL[view] == 2 else "u1").reshape(array.shape)
    if view == "bfloat16":
        return (raw.astype("u4") << 16).view("f4")
    if view == "float8_e5m2":
        return (raw.astype("u2") << 8).view("f2").astype("f4")
    exponent, fraction = (raw >> 3) & 15, raw & 7
    value = np.where(exponent == 0, fraction / 8 * 2.0**-6,
                     (1 + fraction / 8) * 2.0 ** (exponent.astype(float) - 7))
    value = np.where((raw & 0x7F) == 0x7F, np.nan, value)
    return np.where(raw & 0x80, -value, value).astype("f4")


def cast(crop, target):
    """astype, with the nearest integer where C defines nothing."""
    native = crop.astype(crop.dtype.newbyteorder("="))
    if native.dtype == bool:
        # Of any byte that is not 0, which NumPy keeps as it is.
        native = native.view("u1") != 0
    if native.dtype.kind in "fc" and target.kind in "iu":
        real = native.real
        info = np.iinfo(target)
        whole = np.trunc(real)
        behind = np.longdouble(info.max) + 1
        result = np.zeros(real.shape, target)
        fits = (whole >= np.longdouble(info.min)) & (whole < behind)
        result[fits] = whole[fits].astype(target)
        result[whole >= behind] = info.max
        result[whole < np.longdouble(info.min)] = info.min
        return result
    return native.astype(target)


# ------------------------------------------------------------ running a case

def faults(case, npycrop, directory):
    """What npycrop does otherwise than NumPy: a sentence each. Keeps the file if there is any."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    output = os.path.join(directory, f"case-{case.number}-output.npy")
    with open(path, "wb") as file:
        file.write(case.head + case.data)
    array = np.ndarray(case.shape, case.dtype, case.data, order=case.order)
    command = [npycrop, "crop", path, case.region] + options(case)
    if case.result_order == "F":
        command += ["--output-order", "F"]
    try:
        crop = expected(case, array)
    except (IndexError, ValueError, OverflowError, TypeError) as error:
        found = [refusal_fault(command + ["--raw"], output, error)]
    else:
        found = [fault(case, command, output, crop)]
    found = [fault for fault in found if fault]
    if not found:
        os.remove(path)
    return found


def options(case):
    """The options of the case."""
    words = []
    if case.path:
        words += ["--field", ".".join(case.path)]
    if case.view:
        words += ["--view", case.view]
    if case.target:
        target = np.dtype(case.target)
        words += ["--as", target.name if target.isnative else target.str, "--casting", case.casting]
    if case.scale is not None:
        words += ["--scale", repr(case.scale)]
    if case.shift is not None:
        words += ["--shift", repr(case.shift)]
    if case.mode:
        words += ["--pad", case.mode] + (["--fill", str(case.fill)] if case.mode == "constant" else [])
    return words


def fault(case, command, output, crop):
    """What is wrong with a crop, or None."""
    if case.has_file and case.target:
        status, _, said = run(command + ["-o", output])
        if status != 0:
            return f"{quoted(command)}: exit {status}, {said!r}"
        found = np.load(output)
        os.remove(output)
        if found.shape != crop.shape or found.dtype != crop.dtype:
            return f"{quoted(command)}: {found.shape} {found.dtype}, expected {crop.shape} {crop.dtype}"
        found = found.tobytes(case.result_order)
    else:
        status, found, said = run(command + ["--raw"])
        if status != 0:
            return f"{quoted(command)}: exit {status}, {said!r}"
    if case.view and not case.target:
        # The bytes are those of the file.
        return None if len(found) == crop.size * SMALL[case.view] else f"{quoted(command)}: size"
    wanted = crop.tobytes(case.result_order)
    if crop.dtype.kind in "fc" and len(found) == len(wanted):
        one = np.frombuffer(found, crop.dtype).view(part_of(crop.dtype))
        other = np.frombuffer(wanted, crop.dtype).view(part_of(crop.dtype))
        same = (one == other) & (np.signbit(one) == np.signbit(other)) | (one != one) & (other != other)
        return None if same.all() or found == wanted else f"{quoted(command)}: {one[~same][:4]}, expected {other[~same][:4]}"
    return None if found == wanted else f"{quoted(command)}: {difference(found, wanted)}"


def part_of(dtype):
    """The type of a real number, or of a part of a complex one."""
    return np.dtype(f"{dtype.byteorder}f{dtype.itemsize // 2}") if dtype.kind == "c" else dtype


if __name__ == "__main__":
    sys.exit(run_cases(__doc__, "conversion", random_case, faults, report))
