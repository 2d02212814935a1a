#!/usr/bin/env python3
"""Compare crops that npycrop pads with what numpy.pad and a slice make of them, at random.

    python3 padding_differential.py --npycrop .build/release/npycrop [--cases 3000] [--jobs 2]
    python3 padding_differential.py --npycrop .build/release/npycrop --seed 7 --start 12 --cases 1

A case is a file (shape, type, order, way of writing the header, bytes before and after the data),
a region of it that may reach outside, and what stands there. It depends on the seed and on its
number alone, so that the second line runs one of them again. For each case

  npycrop crop FILE REGION --pad MODE [--fill V] --raw
                                     gives the bytes of np.pad(a, …)[REGION moved by the padding]
  … --raw --output-order F           (1 in 8) the same bytes in Fortran order
  … -o OUT.npy                       (1 in 4) writes the file that np.save writes for the crop
  … -o OUT.npy --output-order F      (1 in 8) the same for the crop in Fortran order

and where NumPy refuses the region or to pad, or the type of the file does not hold the value to
fill with, npycrop exits 1 with one line on standard error and nothing else.

With a mode, the numbers of a region are places on a line that goes on past both ends of the axis:
negative ones are before the array, and no slice is clamped. Axes of mode 'none' follow NumPy's
rules. Where axes have modes of their own, NumPy pads one after the other, the first one first.

NumPy pads numbers of elements, by which the elements are then gathered, since it does not pad
texts and records. A constant is a negative number there, one for each axis.

What went wrong is told case by case, and the file kept. The last line is 'N passed, M failed';
the exit status is 1 if M is not 0.
"""
import dataclasses
import math
import os
import random
import sys
import threading

import numpy as np

from differential import (Case, crop_of, output_fault, random_header, random_record,
                          random_scalar, random_shape, random_spelling, raw_fault, read_array,
                          refusal_fault, report, run_cases, saved)
from make_tables import index_of, random_index, random_list, random_slice

# Of a file, and of a padded array: what NumPy makes whole, and npycrop does not.
MOST_FILE_ELEMENTS = 1000
MOST_ELEMENTS = 200_000
MOST_BYTES = 4_000_000

# npycrop counts places this far from the array and refuses those behind.
FARTHEST = 2**61

MODES = ("constant", "edge", "reflect", "symmetric", "wrap")
ALIASES = {
    "constant": ("zeros", "Constant"), "edge": ("replicate", "nearest", "EDGE"),
    "reflect": ("mirror", "reflect_101", "reflect-101"), "symmetric": ("Symmetric",),
    "wrap": ("circular", "periodic", "grid-wrap"), "none": ("None",),
}

FLOAT_DIGITS = {2: 4, 4: 8, 8: 16, 16: 17}
TEXTS = ("", "x", "-1", "0", "a b", "1,2", "no", "N/A", "caf\u00e9", "\u03c0", "\U0001f600", "nan",
         "twelve bytes", "more than any of the types has room for")


# Python 3.11 is known to raise SystemError where two threads parse, which np.load does as well.
REFEREE = threading.Lock()


class Refused(Exception):
    """What NumPy lets pass, or cannot be asked, and npycrop refuses by decision."""


@dataclasses.dataclass
class PaddedCase(Case):
    """A file, what to ask of it, and what stands outside."""
    # Of each axis; or one of all, where another number than the rank is no mistake.
    modes: list
    # The values to fill with, as Python has them: one or one an axis; none for zeros.
    fills: list
    padding_options: list
    has_fortran_bytes: bool


# ------------------------------------------------------------ cases

def random_case(seed, number):
    """The case of this number: always the same."""
    rng = random.Random(f"{seed}/{number}")
    has_header = rng.randrange(6) > 0
    rank = 0 if has_header and rng.random() < 0.01 else rng.choice((1, 1, 2, 2, 3, 3, 4))
    shape, order = random_file_shape(rng, rank), rng.choice("CF")
    if has_header:
        dtype = random_record(rng) if rng.random() < 0.2 else random_scalar(rng)
        if rng.random() < 0.06:
            dtype = np.dtype("?")
        head, options = random_header(rng, dtype, shape, order), []
    else:
        dtype = random_scalar(rng, least=1)
        head = rng.randbytes(rng.choice((0, 1, 7, 16, 80, 100, 4095, 4096)))
        options = ["--dtype", random_spelling(rng, dtype.str), "--offset", str(len(head)),
                   "--shape", ",".join(map(str, shape))]
        if order == "F" or rng.random() < 0.3:
            options += ["--order", order]
    modes = random_modes(rng, rank)
    fills, fill_text = [], None
    if "constant" in modes and rng.random() < 0.8:
        fills, fill_text = random_fills(rng, dtype, modes, rank)
    padding = ["--pad", ",".join(spelled(rng, mode) for mode in modes)]
    if fill_text is not None:
        # An empty value is none if joined.
        is_joined = fill_text and rng.random() < 0.5
        padding += [f"--fill={fill_text}"] if is_joined else ["--fill", fill_text]
    mode_of = [modes[axis % len(modes)] for axis in range(rank)]
    region, argument = random_region(rng, shape, mode_of, dtype.itemsize)
    # Integers alone would be a list in brackets, and npycrop refuses what can be either.
    is_list_too = not any(sign in region for sign in (":", ".", "[", "N", "n", "E"))
    if not region.startswith("(") and not is_list_too and rng.random() < 0.15:
        argument = f"[{argument}]"
    return PaddedCase(
        number=number, dtype=dtype, shape=shape, order=order, head=head,
        data=rng.randbytes(math.prod(shape) * dtype.itemsize),
        # A file of no bytes at all cannot be mapped by np.memmap.
        tail=rng.randbytes(rng.choice((0, 0, 0, 1, 5, 64)) or not has_header),
        options=options, region=region, argument=argument, modes=modes, fills=fills,
        padding_options=padding, has_fortran_bytes=rng.randrange(8) == 0,
        output_orders="C" * (rng.randrange(4) == 0) + "F" * (rng.randrange(8) == 0))


def random_file_shape(rng, rank):
    """Lengths of few elements: short axes are those that padding goes round often."""
    room = rng.choice((12, 60, 300, MOST_FILE_ELEMENTS, MOST_FILE_ELEMENTS))
    return random_shape(rng, rank, room, zeros=0.02, ones=0.16)


def random_modes(rng, rank):
    """One mode for all axes or one for each; at times for more or fewer than there are."""
    if rank < 2 or rng.random() < 0.5:
        count = 1
    else:
        count = rank
    if rank and rng.random() < 0.01:
        count = rank + rng.choice((-1, 1)) or 2
    if count == 1:
        return [rng.choice((*MODES * 6, "none"))]
    # Several constants show which axis is padded last.
    modes = rng.sample((*MODES, "constant"), rng.randint(1, 3)) + ["none"] * rng.randint(0, 1)
    return [rng.choice(modes) for _ in range(count)]


def spelled(rng, mode):
    """The mode, at times by another of its names."""
    return rng.choice(ALIASES[mode]) if rng.random() < 0.05 else mode


# ------------------------------------------------------------ values to fill with

def random_fills(rng, dtype, modes, rank):
    """The values, as Python has them, and the option's text; None where there is to be none."""
    if dtype.kind in "SU":
        # A comma is part of it.
        fill = rng.choice(TEXTS)
        return [fill], fill
    if dtype.kind == "V" and rng.random() < 0.8:
        return [], None
    count = 1
    if rng.random() < 0.6:
        # Values of their own make a mode of all axes one for each.
        count = len(modes) if len(modes) > 1 else max(rank, 1)
    texts = [random_fill(rng, dtype) for _ in range(count)]
    return [value_of(text) for text in texts], rng.choice((",", ", ")).join(texts)


def random_fill(rng, dtype):
    """The text of a value that the type has, or one time in twelve has not."""
    kind, size, is_wrong = dtype.kind, dtype.itemsize, rng.random() < 0.08
    if kind == "V":
        return "7"
    if kind == "b":
        return rng.choice(("2", "-1", "0.5", "nan") if is_wrong else
                          ("0", "1", "true", "false", "True", "1.0"))
    if kind in "iu":
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
        if is_wrong:
            return rng.choice((str(least - 1), str(most + 1), "0.5", "nan", "inf", "1j",
                               str(10**30), "1" + "0" * 50))
        return rng.choice((str(rng.randint(least, most)), str(rng.randint(least, most)),
                           str(least), str(most), str(rng.randint(0, 99)), "0", "7.0", "1e2",
                           "true"))
    if kind in "mM":
        if is_wrong:
            return rng.choice((str(2**63), str(-2**63 - 1), "0.5", "nan", "1j"))
        return rng.choice((str(rng.randint(-2**63, 2**63 - 1)), str(rng.randint(-9, 9)), "NaT"))
    if kind == "f":
        return random_float(rng, size, is_wrong) if not is_wrong or size < 8 else "1+2j"
    size //= 2
    parts = [random_float(rng, size, is_wrong and size < 8 and k == 0) for k in range(2)]
    form = rng.choice(("{0}", "{1}j", "{0}{sign}{1}j", "{0}{sign}{1}j", "({0}{sign}{1}j)"))
    sign = "" if parts[1][0] in "+-" else "+"
    return (form if not is_wrong else "{0}").format(*parts, sign=sign)


def random_float(rng, size, is_wrong):
    """The text of a number for a floating-point type of a size."""
    limit = {2: 65000.0, 4: 3.4e38}.get(size, 1.7e308)
    if is_wrong and size < 8:
        return rng.choice((repr(limit * 1.1), repr(-limit * 100)))
    if rng.random() < 0.3:
        return rng.choice(("0", "-0.0", "1", "-1", "nan", "inf", "-inf", "255", "1e-7", "1e-45"))
    if rng.random() < 0.3:
        return str(rng.randint(-60000, 60000) if size == 2 else rng.randint(-2**63, 2**63 - 1))
    if rng.random() < 0.3:
        # Close to the middle between two numbers of the type, where rounding twice shows.
        bits = {2: 11, 4: 24}.get(size, 30)
        nudge = rng.choice((0, 2.0**-40, -2.0**-40))
        return repr(1 + rng.randrange(1 << 10) * 2.0**-(bits - 1) + 2.0**-bits + nudge)
    value = rng.uniform(-1, 1) * limit ** rng.uniform(-1, 1)
    return f"{value:.{rng.randint(1, FLOAT_DIGITS[size])}e}" if rng.random() < 0.5 else repr(value)


def value_of(text):
    """What the text means, as Python has it."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text == "NaT":
        return -2**63
    for kind in (int, float, complex):
        try:
            return kind(text)
        except ValueError:
            pass
    raise AssertionError(text)


def fill_element(value, dtype):
    """The value as an element of the file, as NumPy casts it; Refused where that is another one."""
    refusal = Refused(f"{value!r} is no {dtype!r}")
    kind, size = dtype.kind, dtype.itemsize
    if kind in "SU":
        # NumPy would cut off what is too long, and has no bytes for what is not ASCII.
        data = value.encode("utf-8" if kind == "S" else
                            "utf-32-be" if dtype.str[0] == ">" else "utf-32-le")
        if len(data) > size:
            raise refusal
        return data + bytes(size - len(data))
    if kind == "V":
        raise refusal
    if kind in "biumM":
        is_time = kind in "mM"
        if isinstance(value, complex) or is_time and isinstance(value, float):
            raise refusal
        if value != value or value in (math.inf, -math.inf) or int(value) != value:
            raise refusal
        least, most = ((0, 1) if kind == "b" else (-2**63, 2**63 - 1) if is_time
                       else (np.iinfo(dtype).min, np.iinfo(dtype).max))
        if not least <= value <= most:
            raise refusal
        # NumPy casts to '>m8' in the byte order of the machine, so that its integers stand for it.
        number = np.array(int(value))
        return number.astype(f"{dtype.str[0]}i8" if is_time else dtype).tobytes()
    if kind == "f" and isinstance(value, complex):
        raise refusal
    cast = np.array(value).astype(dtype)
    if np.isfinite(value) and not np.isfinite(cast):
        raise refusal
    return without_gaps(cast, dtype)


def without_gaps(number, dtype):
    """The bytes of a number: those that the x87's 80 bits leave free are not always 0 in NumPy."""
    unit = dtype.itemsize // (2 if dtype.kind == "c" else 1)
    data = number.astype(dtype.newbyteorder("<")).tobytes()
    units = [data[first:first + unit] for first in range(0, len(data), unit)]
    if unit == 16 and np.finfo(np.longdouble).nmant == 63:
        units = [one[:10] + bytes(6) for one in units]
    return b"".join(one[::-1] if dtype.str[0] == ">" else one for one in units)


# ------------------------------------------------------------ regions

def random_region(rng, shape, modes, item_size):
    """Text of a documented form for NumPy, and the text that means the same to npycrop.

    They differ where npycrop is sent farther out than NumPy could pad.
    """
    most = min(MOST_ELEMENTS, MOST_BYTES // max(item_size, 1))
    items = random_items(rng, shape, modes, random_widths(rng, shape, modes, most))
    if rng.random() < 0.25:
        first = rng.randint(0, len(items))
        items[first:rng.randint(first, len(items))] = [(rng.choice(("...", "Ellipsis")),) * 2]
    elif rng.random() < 0.15:
        del items[rng.randint(0, len(items)):]
    for _ in range(rng.choice((0, 0, 0, 0, 0, 1, 2))):
        items.insert(rng.randint(0, len(items)), (rng.choice(("None", "newaxis")),) * 2)
    if rng.random() < 0.02:
        # Behind an ellipsis the others are then of other axes, along which no move shows the same.
        items = [(near, near) for near, _ in items] + [(rng.choice((":", "...")),) * 2]
    if not items:
        return "()", "()"
    comma = rng.choice((",", ", ", ", ", " , "))
    near, far = (comma.join(texts) for texts in zip(*items))
    is_list_alone = len(items) == 1 and near.startswith("[") and near.endswith("]")
    if is_list_alone or rng.random() < 0.08:
        near, far = near + ",", far + ","
    if ":" not in near and rng.random() < 0.1:
        near, far = f"({near})", f"({far})"
    return near, far


def random_widths(rng, shape, modes, most):
    """How far outside each axis the region may go, for a padded array of so many elements."""
    most = min(most, rng.choice((200, 2000, 20_000, 20_000, most)))
    widths, room = [0] * len(shape), most // math.prod(max(n, 1) for n in shape)
    for axis in rng.sample(range(len(shape)), len(shape)):
        n = max(shape[axis], 1)
        width = rng.choice((0, 1, 2, 3, n - 1, n, n + 1, 3 * n, 10 * n, 50 * n,
                            rng.randint(0, 5 * n), int(2 ** rng.uniform(0, 16))))
        width = max(min(width, (room * n - shape[axis]) // 2), 0)
        # Also past an empty axis, which is a mistake but for constants.
        is_padded = modes[axis] != "none" and (shape[axis] or rng.random() < 0.7)
        widths[axis] = width if is_padded else 0
        room //= -(-(shape[axis] + 2 * widths[axis]) // n) or 1
    return widths


def random_items(rng, shape, modes, widths):
    """A pair of texts for each axis, for NumPy and npycrop; a list and its integers are one."""
    rank = len(shape)
    axes = list(zip(shape, modes, widths))
    if not rank or rng.random() < 0.75:
        return [index_item(rng, *axis) if rng.random() < 0.12 else slice_item(rng, *axis)
                for axis in axes]
    place = rng.randrange(rank)
    first, end = place, place + 1
    while first > 0 and rng.random() < 0.25:
        first -= 1
    while end < rank and rng.random() < 0.25:
        end += 1
    group = [list_item(rng, *axes[k]) if k == place else index_item(rng, *axes[k])
             for k in range(first, end)]
    return ([slice_item(rng, *axis) for axis in axes[:first]]
            + [tuple(map(", ".join, zip(*group)))]
            + [slice_item(rng, *axis) for axis in axes[end:]])


def index_item(rng, n, mode, width):
    """An integer."""
    if mode == "none":
        return (random_index(rng, n),) * 2
    place = random_place(rng, n, width)
    return str(place), str(place + distance(rng, n, mode, place, place))


def list_item(rng, n, mode, width):
    """An index list: places at random, or a run of them."""
    if mode == "none":
        return (random_list(rng, n),) * 2
    if rng.random() < 0.3:
        ends = random_place(rng, n, width), random_place(rng, n, width)
        places = list(range(*ends, rng.choice((1, 1, 2, 3, -1, -2))))[:100]
    else:
        places = [random_place(rng, n, width) for _ in range(rng.randint(0, 6))]
    far = [place + distance(rng, n, mode, place, place) for place in places]
    return tuple("[" + ", ".join(map(str, texts)) + "]" for texts in (places, far))


def slice_item(rng, n, mode, width):
    """A slice of places; at times empty, with ends left out or ends that nobody can count to."""
    if mode == "none":
        return (random_slice(rng, n),) * 2
    if rng.random() < 0.06:
        return (rng.choice((":", "::", "::-1", "::2", f":{n}:")),) * 2
    low, high = sorted((random_place(rng, n, width), random_place(rng, n, width)))
    if rng.random() < 0.5 and n + width:
        low, high = -width, n - 1 + width
    step = random_step(rng, n)
    start, end = (low, high + 1) if step > 0 else (high, low - 1)
    if rng.random() < 0.03:
        start, end = end, start
    kind = rng.random()
    if kind < 0.12:
        texts = ["", str(end)] if rng.random() < 0.5 else [str(start), ""]
    elif kind < 0.13:
        texts = [str(start), str(end)]
        ends = (2 * FARTHEST, -2 * FARTHEST, 2**63 - 1, -2**63, 10**25, -10**25)
        texts[rng.randrange(2)] = str(rng.choice(ends))
    elif kind < 0.14:
        step = 0
        texts = [str(start), str(end)]
    elif kind < 0.24 and range(start, end, step):
        return far_slice(rng, n, mode, range(start, end, step))
    else:
        sign = "+" if start >= 0 and rng.random() < 0.05 else ""
        texts = [sign + str(start), str(end)]
    if step != 1 or rng.random() < 0.1:
        texts.append(str(step))
    text = (":" if rng.random() < 0.9 else " : ").join(texts)
    return text, text


def far_slice(rng, n, mode, places):
    """A slice, and one of as many places elsewhere that shows the same."""
    near = f"{places.start}:{places.stop}:{places.step}"
    start = places[0] + distance(rng, n, mode, min(places), max(places))
    step, period = places.step, period_of(n, mode)
    direction = 1 if step > 0 else -1
    if period and rng.random() < 0.3:
        step += direction * period * rng.randint(0, 2**58 // (period * len(places)))
    end = start + (len(places) - 1) * step + direction
    return near, f"{start}:{end}:{step}"


def distance(rng, n, mode, low, high):
    """How far places from low to high can be moved and show the same; most often not at all."""
    if rng.random() < 0.9 or not n:
        return 0
    farthest = int(2 ** rng.uniform(0, 59.9))
    period = period_of(n, mode)
    if period:
        return rng.choice((-1, 1)) * (farthest // period) * period
    return -farthest if high < 0 else farthest if low >= n else 0


def period_of(n, mode):
    """After how many places an axis shows the same again; 0 where it does not."""
    return {"wrap": n, "symmetric": 2 * n, "reflect": max(2 * n - 2, 1)}.get(mode, 0) if n else 0


def random_place(rng, n, width):
    """A place on the axis or at most so far outside; often one of those at which things change."""
    if rng.random() < 0.15:
        place = rng.choice((-width, -1, 0, n - 1, n, n - 1 + width))
        if -width <= place < n + width:
            return place
    # There is none on an empty axis without padding.
    return rng.randint(-width, max(n - 1 + width, -width))


def random_step(rng, n):
    """A step of either direction, up to beyond the axis; mostly 1 or -1."""
    step = rng.choice((1,) * 20 + (2, 3, n - 1, n, n + 1, 2 * n - 2, 2 * n - 1, 2 * n,
                       2 * n + 1, rng.randint(1, 3 * n + 1), rng.randint(1, 3 * n + 1)))
    if rng.random() < 0.01:
        step = rng.choice((2**40, 2**63 - 1, 2**63, 10**25))
    return max(step, 1) * rng.choice((1, 1, -1))


# ------------------------------------------------------------ the referee

def padded_crop(case, array):
    """The crop as an array of raw elements in the file's order; raises where it is refused."""
    rank = array.ndim
    if len(case.modes) not in (1, rank):
        raise Refused("another number of modes than of axes")
    modes = [case.modes[axis % len(case.modes)] for axis in range(rank)]
    fills = fill_elements(case, array.dtype, rank)
    items = expanded(case.region, rank)
    shifted, widths, axis = [], [], 0
    for item in items:
        if item is None:
            shifted.append(None)
            continue
        n, mode = array.shape[axis], modes[axis]
        if mode == "none":
            shifted.append(item)
            widths.append((0, 0))
        else:
            width, item = padded_item(item, n)
            shifted.append(item)
            widths.append(width)
        axis += 1
    numbers = np.arange(array.size, dtype=np.int64).reshape(array.shape)
    numbers = padded(numbers, widths, modes)
    numbers = np.asarray(numbers[tuple(shifted)])
    elements = crop_of(array, "...").ravel()
    outside = np.frombuffer(b"".join(reversed(fills)), elements.dtype) \
        if array.dtype.itemsize else np.empty(rank, "V1")
    return np.asarray(np.concatenate((elements, outside))[numbers])


def fill_elements(case, dtype, rank):
    """The bytes of the element that stands outside each axis."""
    if len(case.fills) > 1 and len(case.modes) == 1 and len(case.fills) != rank:
        raise Refused("another number of values than of axes")
    elements = []
    for axis in range(max(rank, len(case.modes))):
        is_used = case.fills and case.modes[axis % len(case.modes)] == "constant"
        elements.append(fill_element(case.fills[axis % len(case.fills)], dtype) if is_used
                        else np.zeros(1, dtype).tobytes())
    return elements[:rank]


def expanded(region, rank):
    """The region as a selection for each axis, and None for those that are new."""
    items = index_of(region)
    items = list(items) if isinstance(items, tuple) else [items]
    selected = sum(item is not None and item is not ... for item in items)
    if selected > rank or sum(item is ... for item in items) > 1:
        raise IndexError("too many selections")
    place = next((k for k, item in enumerate(items) if item is ...), len(items))
    items[place:place + 1] = [slice(None)] * (rank - selected)
    return items


def padded_item(item, n):
    """By how much an axis must be padded for a selection of places, and its place in the result."""
    if isinstance(item, slice):
        step = 1 if item.step is None else item.step
        start, stop = (0, n) if step > 0 else (n - 1, -1)
        start = start if item.start is None else item.start
        stop = stop if item.stop is None else item.stop
        places = range(start, stop, step)
    else:
        places = item if isinstance(item, list) else [item]
    if isinstance(item, slice) and not all(-2**63 <= end < 2**63 for end in (start, stop)):
        raise Refused("an end that npycrop cannot hold")
    if not places:
        return (0, 0), slice(0, 0) if isinstance(item, slice) else item
    low, high = ((places[0], places[-1]) if isinstance(places, range)
                 else (min(places), max(places)))
    low, high = min(low, high), max(low, high)
    if max(-low, high) > FARTHEST:
        raise Refused("too far outside")
    before, behind = max(-low, 0), max(high - n + 1, 0)
    if isinstance(item, slice):
        stop += before
        return (before, behind), slice(start + before, stop if stop >= 0 else None, step)
    if isinstance(item, list):
        return (before, behind), [place + before for place in item]
    return (before, behind), item + before


def padded(numbers, widths, modes):
    """The numbers of elements padded by NumPy; a constant outside an axis is -1 - axis."""
    if not any(map(any, widths)):
        return numbers
    kinds = set(modes)
    if kinds == {"constant"}:
        marks = [(-1 - axis, -1 - axis) for axis in range(numbers.ndim)]
        return np.pad(numbers, widths, "constant", constant_values=marks)
    if len(kinds) == 1:
        return np.pad(numbers, widths, modes[0])
    for axis, mode in enumerate(modes):
        if any(widths[axis]):
            one = [width if k == axis else (0, 0) for k, width in enumerate(widths)]
            options = {"constant_values": -1 - axis} if mode == "constant" else {}
            numbers = np.pad(numbers, one, mode, **options)
    return numbers


# ------------------------------------------------------------ running a case

def faults(case, npycrop, directory):
    """What npycrop does otherwise than NumPy: a sentence each. Keeps the file if there is any."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    output = os.path.join(directory, f"case-{case.number}-output.npy")
    with open(path, "wb") as file:
        file.write(case.head + case.data + case.tail)
    with REFEREE:
        array = read_array(case, path)
        try:
            crop, refusal = padded_crop(case, array), None
        except (IndexError, ValueError, OverflowError, Refused) as error:
            crop, refusal = None, error
    assert array.shape == case.shape and array.dtype.itemsize == case.dtype.itemsize
    command = [npycrop, "crop", path, case.argument]
    options = case.padding_options + case.options
    byte_orders = "C" + "F" * case.has_fortran_bytes
    byte_runs = [command + options + ["--raw"] + order_options(order) for order in byte_orders]
    file_runs = [command + ["-o", output] + order_options(order) + options
                 for order in case.output_orders]
    if refusal:
        found = [refusal_fault(one, output, refusal) for one in byte_runs + file_runs]
    else:
        has_bytes = array.dtype.itemsize > 0
        found = [raw_fault(one, crop.tobytes(order) if has_bytes else b"")
                 for one, order in zip(byte_runs, byte_orders)]
        found += [output_fault(one, output, saved(array.dtype, crop, order))
                  for one, order in zip(file_runs, case.output_orders)]
    found = [fault for fault in found if fault]
    if not found:
        os.remove(path)
    return found


def order_options(order):
    """The options for a result in the order."""
    return ["--output-order", order] if order == "F" else []


if __name__ == "__main__":
    sys.exit(run_cases(__doc__, "padding", random_case, faults, report))
