#!/usr/bin/env python3
"""Write the tables by which the Swift tests judge the library; NumPy is the referee.

    python3 make_tables.py OUTDIR          (needs numpy >= 2; nothing else)

Each table has one JSON object a line, and is the same whenever the same NumPy writes it.

regions.jsonl   a[text] of np.arange(prod(shape)).reshape(shape)
  text, shape       what was asked of which array
  result, elements  the result's shape and its elements in C order, or
  error             the name of the exception by which Python or NumPy refuses
  unsupported       true where NumPy accepts a form that `Region(numpy:)` refuses by decision:
                    True and False that are no list, or in one with integers, arithmetic,
                    inner parentheses, numbers that are not plain decimal ones, a list's index
                    that only fits in an unsigned word
  npycrop drops one pair of brackets around it all. So no text is in square ones, which mean a
  list to NumPy, and none with slices in round ones, which Python refuses.

dtypes.jsonl    np.dtype(text)
  text                       the type string
  str, itemsize, name, kind  what np.dtype made of it, or
  error                      the name of the exception
  composite                  true for a string of several types or of a type with a shape
  unsupported                true for objects, variable-width strings and what C's strtol lets
                             through ('U+3', 'f 4', 'M8[D/3]', 'M8[2generic]')

descrs.jsonl    the element type of which a header's descr is `text`
  text                   a list of fields or a tuple, as Python text
  descr, itemsize        what np.save would write of the type that NumPy makes of it, and its size
  fields                 name, title, descr and offset of each field, and the shape that it has of an
                         array without records, shape (0,), or null where NumPy refuses that; or
  error                  the name of the exception

headers.jsonl   the head of the file that np.save writes
  descr, shape, fortran  the header's descr as Python text, and the array asked for; an array
                         that is in C order too is written as such, whatever was asked
  version, header_hex    '1.0', '2.0' or '3.0', and all bytes before the data

casting.jsonl   np.can_cast(source, target, rule)
  source, target       two type strings of numbers
  safe, same_kind      the verdicts

conversions.jsonl   source.astype(target) of numbers at the edges of the types
  source, target         two type strings, or the name of a small float for the source
  source_hex             the numbers, little-endian
  target_hex             what they become, the nearest integer where C defines nothing

times.jsonl     a date or a span of time as a length and as text
  dtype, ticks         one element
  text                 what str gives, where NumPy's product of ticks and unit is not too large for it
  seconds, attoseconds the whole seconds toward zero since 1970, or of the span, and the rest, or
  none                 true where that is no exact length in 64 bits of seconds

prints.jsonl    repr(array) with NumPy's default options
  file_hex       the whole .npy file
  text           what is printed

padding.jsonl   np.arange(prod(shape)).reshape(shape) padded, and then indexed
  text, shape       a region whose coordinates are places: outside where they are negative, too
  modes             NumPy's mode for each axis
  result, elements  the result's shape and its elements in C order, -1 - axis where the place is
                    outside along an axis of mode constant, or
  error             the name of the exception by which np.pad refuses

offsets.jsonl   one array as three writers wrote it
  writer, file_hex       who, and the whole file
  data_offset            where the data begins
  crops                  [{region, hex}]: the bytes of array[region], C order
"""
import ast
import io
import itertools
import json
import math
import os
import random
import re
import string
import sys
import threading
import warnings

import numpy as np
from numpy.lib import format as npy
# Private, for want of a public call that chooses the version as np.save does.
from numpy.lib._format_impl import _write_array_header
from numpy.lib.stride_tricks import as_strided

SEED = 20240229
PARSER = threading.Lock()
RANDOM_REGIONS = 700


# ------------------------------------------------------------ regions: what NumPy makes of text

def parse_index(text):
    """The syntax tree of `_[text]`; a SyntaxError where the text reaches out of the brackets."""
    # Python's parser loses count of its depth in several threads at once.
    with PARSER:
        tree = ast.parse(f"_[{text}]", mode="eval")
    subscript = tree.body
    if not isinstance(subscript, ast.Subscript) or not isinstance(subscript.value, ast.Name):
        raise SyntaxError("more than stands between two brackets")
    return tree


def index_of(text):
    """The object by which Python would index for `a[text]`; raises what Python would."""
    names = {"__builtins__": {}, "_": np.s_, "np": np, "newaxis": None, "Ellipsis": ...}
    return eval(compile(parse_index(text), "<region>", "eval"), names)


def is_supported(text):
    """Whether text that NumPy accepts is of a form that `Region(numpy:)` documents."""
    stripped = text.strip()
    if stripped.startswith("(") and stripped.endswith(")"):
        stripped = stripped[1:-1]
    if "(" in stripped or re.search(r"\d[xob_]", stripped, re.IGNORECASE):
        return False
    index = parse_index(text).body.slice
    items = index.elts if isinstance(index, ast.Tuple) else [index]
    return all(map(is_supported_item, items))


def is_supported_item(item):
    """The same for what stands between two commas."""
    nothing = ("None", "newaxis", "np.newaxis")
    if isinstance(item, ast.Slice):
        ends = (item.lower, item.upper, item.step)
        return all(end is None or integer(end) is not None or ast.unparse(end) in nothing
                   for end in ends)
    if isinstance(item, ast.List):
        return is_index_list(item) or is_flag_list(item)
    return integer(item) is not None or ast.unparse(item) in ("...", "Ellipsis", *nothing)


def is_index_list(node):
    """Whether it is a list of indices, or of such lists."""
    if isinstance(node, ast.List):
        return all(map(is_index_list, node.elts))
    index = integer(node)
    return index is not None and -2**63 <= index < 2**63


def is_flag_list(node):
    """The same of True and False."""
    if isinstance(node, ast.List):
        return all(map(is_flag_list, node.elts))
    return isinstance(node, ast.Constant) and type(node.value) is bool


def integer(node):
    """The value of a number with any signs before it; None for anything else."""
    sign = 1
    while isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.UAdd, ast.USub)):
        sign = -sign if isinstance(node.op, ast.USub) else sign
        node = node.operand
    is_number = isinstance(node, ast.Constant) and type(node.value) is int
    return sign * node.value if is_number else None


def is_bracketed(text):
    """Whether one pair of square brackets encloses the whole text."""
    depth, stripped = 0, text.strip()
    for place, character in enumerate(stripped):
        depth += (character in "[(") - (character in "])")
        if depth == 0:
            return stripped.startswith("[") and place == len(stripped) - 1
    return False


def region_row(text, shape):
    """A line of regions.jsonl."""
    if is_bracketed(text):
        raise ValueError(f"{text!r} means a list to NumPy, and something else to npycrop")
    array = np.arange(math.prod(shape)).reshape(shape)
    row = {"text": text, "shape": list(shape)}
    try:
        result = np.asarray(array[index_of(text)])
    except Exception as error:                                 # the verdict is the point
        return row | {"error": type(error).__name__}
    row |= {"result": list(result.shape), "elements": result.ravel().tolist()}
    return row if is_supported(text) else row | {"unsupported": True}


# ------------------------------------------------------------ regions: texts at random

def random_region(rng, shape):
    """Text of a documented form, which NumPy accepts for the shape more often than not."""
    items = random_items(rng, shape)
    if rng.random() < 0.3:
        first = rng.randint(0, len(items))
        items[first:rng.randint(first, len(items))] = [rng.choice(("...", "...", "Ellipsis"))]
    elif rng.random() < 0.3:
        del items[rng.randint(0, len(items)):]
    for _ in range(rng.choice((0, 0, 0, 0, 1, 2))):
        items.insert(rng.randint(0, len(items)), rng.choice(("None", "newaxis", "np.newaxis")))
    if rng.random() < 0.04:
        items.append(rng.choice((":", "...")))
    if not items:
        return "()"
    text = rng.choice((",", ", ", ", ", " , ")).join(items)
    is_list_alone = len(items) == 1 and text.startswith("[") and text.endswith("]")
    if is_list_alone or rng.random() < 0.08:
        text += ","
    if ":" not in text and rng.random() < 0.1:
        return f"({text})"
    return text


def random_items(rng, shape):
    """A selection for each axis; an index list and the integers beside it are one item."""
    rank = len(shape)
    if not rank or rng.random() < 0.75:
        return [random_index(rng, n) if rng.random() < 0.25 and n or rng.random() < 0.02
                else random_slice(rng, n) for n in shape]
    axis = rng.randrange(rank)
    first, end = axis, axis + 1
    while first > 0 and rng.random() < 0.25:
        first -= 1
    while end < rank and rng.random() < 0.25:
        end += 1
    group = [random_list(rng, shape[k]) if k == axis else random_index(rng, shape[k])
             for k in range(first, end)]
    return ([random_slice(rng, n) for n in shape[:first]] + [", ".join(group)]
            + [random_slice(rng, n) for n in shape[end:]])


def random_index(rng, n):
    """An integer, one time in forty outside the axis."""
    if n == 0 or rng.random() < 0.025:
        return str(rng.choice((n, -n - 1, n + 5, 2**31, 2**63 - 1, -2**63, 2**63, -10**30)))
    if rng.random() < 0.4:
        return str(rng.randrange(-n, 0))
    return rng.choice(("", "", "", "", "", "+", "- -")) + str(rng.randrange(n))


def random_list(rng, n):
    """An index list: indices at random, or a run of them."""
    if rng.random() < 0.3:
        indices = map(str, range(rng.randint(0, n), rng.randint(0, n), rng.choice((1, 2, -1))))
    else:
        indices = (random_index(rng, n) for _ in range(rng.randint(0, 4) if n else 0))
    return "[" + ", ".join(indices) + "]"


def random_slice(rng, n):
    """A slice: a window within the axis, or ends just outside it and far away."""
    text = random_window(rng, n) if n and rng.random() < 0.8 else random_ends(rng, n)
    return text if rng.random() < 0.9 else text.replace(":", " : ")


def random_window(rng, n):
    """A slice of at least one element, its ends counted from either side or left out."""
    first, last = sorted((rng.randrange(n), rng.randrange(n)))
    step = rng.choice((1, 1, 1, 2, 3, -1, -1, -2, -3))
    start, end = (first, last + 1) if step > 0 else (last, first - 1)
    texts = [str(start - rng.choice((0, n))), str(end - rng.choice((0, n)))]
    if start == (0 if step > 0 else n - 1) and rng.random() < 0.5:
        texts[0] = ""
    if end == n:
        texts[1] = rng.choice(("", str(n), str(n + 3)))
    elif end == -1:
        texts[1] = rng.choice(("", str(-n - 1)))
    if step != 1 or rng.random() < 0.1:
        texts.append(str(step))
    return ":".join(texts)


def random_ends(rng, n):
    """A slice of any ends and any step, more often empty than not."""
    def end():
        kind = rng.random()
        if kind < 0.3:
            return ""
        if kind < 0.9:
            return str(rng.randint(-n - 2, n + 2))
        return str(rng.choice((10**6, -10**6, 2**63 - 1, -2**63, 2**63, -2**63 - 1, 10**25)))

    text = f"{end()}:{end()}"
    if rng.random() < 0.5:
        steps = (1, 2, 3, n + 1, -1, -1, -2, -3, -n - 1, 2**63 - 1, -2**63, 10**25, -10**25)
        text += ":" + ("0" if rng.random() < 0.05 else str(rng.choice(steps)))
    elif rng.random() < 0.2:
        text += ":"
    return text


# ------------------------------------------------------------ regions: texts by hand

HUGE = ("9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "-9223372036854775809", "18446744073709551615", "99999999999999999999999999",
        "-99999999999999999999999999")

SHAPES = ((), (0,), (1,), (5,), (3, 4), (0, 3), (3, 0), (2, 3, 4), (2, 1, 0, 3), (2, 3, 1, 2),
          (2, 2, 1, 3, 2))

# Tried on every shape.
TEXTS = """
() (...) (None) (0) (-1) (0,) (0,1) (0,1,) (0,None) (0,...,None) (...,0) (None,None)
: :: ::-1 ::2 ::-2 :: , ... ...,  ..., , Ellipsis Ellipsis,
None newaxis np.newaxis None, None,None
0 0, -1 -1, 0,0 -1,-1 0,0,0 0,0,0,0 0,0,0,0,0 0,0,0,0,0,0
:,: :,:,: :,:,:,: :,:,:,:,: :,:,:,:,:,: ::-1,::-1 ::-1,...,::-1 1:,:-1 :,0 0,: :,-1 ...,::2
...,0 0,... ...,: :,... :,...,: ...,0,0 0,...,0 ...,0,0,0 0,0,... ...,0,0,0,0,0,0
...,... ...,:,... ...,None,... ...,0,...
None,0 0,None ...,None None,... None,...,None 0,None,... :,None,: None,:,None,:,None
[0], [0],: :,[0] ...,[0] [0],... [0,0,0], [-1], [-1,0], [0,-1],... :,[0,-1] ...,[0,0]
[], [],: :,[] ...,[] [],... [],0 0,[] 0,[0] [0],0 0,[0],0 0,[0,0],... ...,0,[0,-1] ...,[0,-1],0
None,[0] [0],None None,[0],None :,0,[0,1] :,[0,1],0 ([0],) ([0],0) ([0,0]) [0,], [0,0,],:
[7], [-8], [0,9],: 0,[99] [99],0 [],99 99,[]
[0],[0] [0,1],[0,1] [],[] [0],:,[0] [0],:,0 0,:,[0] 0,...,[0] [0],...,0 0,None,[0] [0],None,0
:,0,...,[1] :,[0],None,0 [[0,1]], [[0],[1]],: 0,[[0,1]] (0,1), (), (),0 ((0,1)) 0,(1) (0),0
True False True,0 ...,True [True], [True,False,True], [False], True,True
[0,-1],[[0],[-1]] [[0,0]],...,[0] [0],[0],[0,0] [0,0],None,[0] [[],[]], [[0,0],[0,0]],:,0 [0],[],: [9],[0]
[True,False],[0] [[True,False,True,False],[False,False,True,True],[True,True,False,False]], ...,[True,False],[-1]
[[True]],...,0 [True,False],:,[0,0] [0,0],[0,0,0] [[0,1],[0]], [[0],0],
""".split()

# Tried on a few shapes each: spelling, numbers and what is no region at all.
SPELLINGS = (
    "", " ", ",", ",0", "0,,0", "0 0", "0,;", ":::", "0:1:1:1", "::0", "::-0", "0:0:0", "::+0",
    "....", "..", ".", "...0", "0...", "... ...", "...:", ". . .", "Ellipsis:", "ellipsis", " 0",
    "0 ", "\t0\t", " 0 , 0 ", "0\n", "\n0,\n0", "0 :", ": 1", " 0 : 2 : 1 ", "[ 0 , 1 ] ,",
    "( 0 )", " ( 0 , 0 ) ", "( )", "()  ", " (...) ", "0\r", "0\f", "0\v", "\u00a00", "0\u3000",
    "+1", "-1", "--1", "---1", "+-1", "-+1", "+ 1", "- - 1", "-\n1", "+0", "-0", "+1:+3:+1",
    "--1:", ":--2", "::--1", "::---1", "[+1], ", "[--1],", "-", "+", "--", "-:", "+:", ":-", "::-",
    "::+", "[-],", "-None", "+...", "00", "000", "-00", "[00],", "00:", "01", "-01", "007", "1:02",
    "::01", "[01],", "[0, 007],", "0x1", "0X1", "0o1", "0b1", "1_0", "0_0", "1_", "_1", "0x",
    "0b2", "1.0", "1.", ".5", "1e0", "0.0:", "0:1.0", "[0.0],", "1j", "0L", "0l", "1u", "1f",
    "'0'", '"0"', "b'0'", "['0'],", "[0.5],", "[None],", "[...],", "[:],", "[0:1],", "[0;1],",
    "[0 1],", "[0,,1],", "[,],", "[,0],", "[0", "0]", "[0,", "(0", "0)", "(0]", "[0),", "[0]]",
    "[[0]", "(())", "((),)", "0][0", "0], a[0", "0](0", "[0][0],", "[0](0),", "[0]:", ":[0]",
    "[0]:[1]", "0:[1]", "[0],[0]:", "1+1", "2-1", "2*1", "1//1", "~0", "~0:", "not 0", "0 or 1",
    "0 if 1 else 2", "0 == 0", "0 < 1", "1:2+1", "1 -1", "(1):(2)", "(0),", "(0),(0)", "((0))",
    "{0}", "{0:1}", "{}", "*[0]", "0,*[0]", "lambda: 0", "x", "all", "newaxes", "newaxis_",
    "newaxisx", "Newaxis", "none", "NONE", "Nonesuch", "None1", "None None", "None0", "0None",
    "np", "np.", "np.new", "np.newaxis.x", "numpy.newaxis", "nan", "inf", "slice(0,1)",
    "slice(None)", "range(2)", "None:", ":None", "::None", "None:None:None", "None:1:None",
    "1:None:-1", "newaxis:", "\uff11", "\u0661", "\u00b2", "\u2026", "\u20131", "\u22121",
    "0\u30010", "0\uff1a1", "\u2070", "0#", "# 0", "0 # zero", "0\\", "\\0", "$0", "@0", "`0`",
    "0!", "?", "0=0", "0:=1", "%", "&", "[\u0660],", "[True, 0],", "[0, True],", "True:", "0:True",
    "[[0],],", "[[]],", "[(0,)],", "[0, []],", "[[0], 0],",
)

SPELLING_SHAPES = ((5,), (3, 4))


def region_cases():
    """(text, shape) of every line of regions.jsonl."""
    ends = ("", "0", "2", "4", "5", "8", "-1", "-5", "-6")
    steps = ("", ":2", ":7", ":-1", ":-2", ":-7")
    for first, end, step in itertools.product(ends, ends, steps):
        yield f"{first}:{end}{step}", (5,)
    for shape in ((5,), (1,), (0,)):
        for index in range(-7, 8):
            yield str(index), shape
        for huge in HUGE:
            for form in ("{}", "{}:", ":{}", "::{}", "1::{}", "-2::{}", "{0}:{0}:{0}", "[{}],",
                         "[{}, -1],", "{}:0:-1", ":{}:-1", "{}::-2", "0:{}:3"):
                yield form.format(huge), shape
    for shape in SHAPES:
        for text in TEXTS:
            yield text, shape
        for text in ("0, " * 63 + "0", "None, " * 63 + "None", "None, " * 64 + "None",
                     "None, " * (64 - len(shape)), "None, " * (65 - len(shape)),
                     "0, " + "None, " * (65 - len(shape)), "None, " * 200):
            yield text, shape
    for shape in SPELLING_SHAPES:
        for text in SPELLINGS:
            yield text, shape
    rng = random.Random(SEED)
    for _ in range(RANDOM_REGIONS):
        rank = rng.choice((0, 1, 1, 2, 2, 3, 3, 4, 5))
        shape = tuple(rng.choice((0, 1, 2, 2, 3, 3, 4)) for _ in range(rank))
        if math.prod(shape) <= 150:
            yield random_region(rng, shape), shape


# ------------------------------------------------------------ dtypes

PREFIXES = ("", "<", ">", "=", "|")
SIZES = (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 64, 128)
TIME_CODES = ("M8", "m8", "datetime64", "timedelta64")
UNITS = ("Y", "M", "W", "D", "h", "m", "s", "ms", "us", "\u03bcs", "ns", "ps", "fs", "as",
         "generic")
# Not "D/0", by which NumPy 2.4 divides: the process dies of SIGFPE.
NO_UNITS = (
    "", "B", "\u00b5s", "y", "H", "S", "week", "Day", "NS", "D ", "[D]", "D]", "[D", "25", "s25",
    "D,h", "-3D", "1.5s", "2147483648D", "99999999999999999999D", "D/7", "D/-2",
)
MULTIPLES = ("1", "2", "25", "03", "0", "2147483647")
REMOVED_NAMES = (
    "bool8", "int0", "uint0", "float_", "complex_", "string_", "unicode_", "str0", "void0",
    "object0", "longfloat", "singlecomplex", "cfloat", "clongfloat", "longcomplex", "float96",
    "complex192", "int128", "uint128", "float256", "string", "byte_", "number", "generic",
    "record", "recarray", "buffer", "bfloat16", "float8_e5m2", "Float32", "FLOAT32", "float32 ",
    " float32", "float 32", "float032", "floats",
)
ODD_TEXTS = (
    "", " ", "<", ">", "|", "=", "!", "!f4", "@f4", "^i4", "<<f4", "<>f4", "||S3", "< f4", " f4",
    "f4 ", "f4\n", "f4\0", "f4f4", "f", "ff", "4f", "f4.0", "f-4", "f0x4", "f4_", "f004", "i0004",
    "S05", "S00", "U007", "V0000", "a5", "a0", "<a5", "S-1", "S1.5", "Sx", "S5x", "U 3x", "S+3",
    "U+3", "V 3", "f 4", "i+8", "M+8", "M8 ", "S2147483647", "S2147483648", "U536870911",
    "U536870912", "V2147483647", "V2147483648", "S99999999999999999999", "i99999999999999999999",
    "\u00e9", "f\uff14", "\uff46\uff14", "<\u0301f4", "f4\u0301", "S\u0663", "\u03bc", "M[ns]",
    "<M[ns]", "m[D]", "M8ns", "M8[ns", "M8ns]", "M8[ns]x", "M8[ns][ns]", "M4[ns]", "M16[ns]",
    "f8[ns]", "datetime64ns", "datetime64D", "datetime[ns]", "float32[ns]", "M8(ns)", "M8[ 3D]",
    "M8[+3D]", "M8[3 D]", "M8[D/3]", "M8[h/2]", "m8[Y/12]", "M8[D/1]", "m8[2D/3]", "M8[2generic]",
    "f8:a", "{}", "[]", "()", "None", "[('a', 'f4')]", "{'a': 'f4'}", "i4;f4", "u1 u2", "O8", "O4",
    "|O8", "O1", "Ox", "objects", "T8", "T0",
)
COMPOSITES = (
    "i4,f4", "<i4,>f4", "i4, f4", "i4 , f4", "f4,", "i4,f4,", "3f4", "1f4", "0f4", "10S3",
    "(2,)i2", "(2)f4", "(2,3)f4", "(2, 3)<f4", "()f4", "2,i2", "<3f4", "3<f4", "i4,O", ",", ",,",
    "i4,,f4", ",i4", "(2,i2", "2)i2", "(2,)", "(i4)", "3", "3,4", "i4,x", "S3,U2", "float32,int8",
    "M8[ns],f4", "(2,)i4,f4",
)


def dtype_texts():
    """The type strings of dtypes.jsonl."""
    letters = "?" + string.ascii_letters
    names = sorted(name for name in np.sctypeDict if isinstance(name, str))
    codes = [*letters, *(f"{letter}{size}" for letter in letters for size in SIZES), *TIME_CODES]
    codes += [f"{code}[{unit}]" for code in TIME_CODES for unit in UNITS]
    known = [code for code in codes if "error" not in dtype_row(code)]
    yield from codes
    yield from (prefix + code for prefix in PREFIXES for code in known + names)
    yield from (f"M8[{multiple}{unit}]" for multiple in MULTIPLES for unit in UNITS)
    yield from (f"{code}[{unit}]" for code in TIME_CODES for unit in NO_UNITS)
    yield from REMOVED_NAMES + ODD_TEXTS + COMPOSITES


def dtype_row(text):
    """A line of dtypes.jsonl."""
    try:
        dtype = np.dtype(text)
    except Exception as error:                                 # the verdict is the point
        return {"text": text, "error": type(error).__name__}
    row = {"text": text, "str": dtype.str, "itemsize": dtype.itemsize, "name": dtype.name,
           "kind": dtype.kind}
    if re.match(r"[<>=|]?[\d(]|.*,", text):
        return row | {"composite": True}
    if dtype.kind in "OT" or re.search(r"[ +/]|\dgeneric", text):
        return row | {"unsupported": True}
    return row


# ------------------------------------------------------------ descriptions

# With what np.dtype makes of them before it looks at a shape: types that have a size.
DESCRS = ("'<f8'", "'>U2'", "'|V3'", "[('x', '|i1'), ('', '|V1')]", "[]")
SUBARRAYS = ("1", "3", "(2,)", "(2, 3)", "[2]", "[2, 3]", "[]", "()", "(1,)", "(0,)", "(2, 0, 3)",
             "(-1,)", "(2147483647,)", "(2147483648,)", "(65536, 65536)", "(65536, 32767)",
             "(65536, 65536, 65536, 65536, 0)", "(0, 65536, 65536, 65536, 65536)",
             f"({'1, ' * 64})", f"({'1, ' * 65})")
FIELD_NAMES = ("'a'", "''", "('t', 'a')", "('t', '')", "('', 'a')", "('', '')")
RECORD_TEXTS = (
    "('<f8', ())", "('<f8', (2,))", "('<f8', 1)", "([('a', '<f8')], ())", "[('a', ('<f8',))]",
    "[('a', ())]", "[('a', ((('<i2', (2,)), (3,)), 4), [5])]",
    "[('a', '<f4'), ('', '<u2', (2,)), ('', '<u2', (2,))]", "[('', '<u2', (2,)), ('a', '<f4')]",
    "[('a', [('', ('<u2', 2)), ('b', ('>i2', (2,)), (2,)), ('', 'V1')]), ('', 'i1', (3,))]",
    "[('', [('', '<u2', (2,))])]", "[('', [('', '<u2', (2,))], (2,))]", "[('', 'V0'), ('a', 'i1')]",
    "[('', '<u2', (0,)), ('', '<u2', (0,)), ('a', 'i1')]", "[('', '<u2', ()), ('', '<u2', ())]",
    "[(('t', ''), '<u2', (2,)), ('', '<u2', (2,)), ('', '<u2')]", "[('a', ('i1', 2)), ('a', 'i1')]",
    "[('a', ([('b', ([('c', ('<f8', (2,)), (3,))], (4,)))], (5,)), (6,))]",
    "[('a', 'i1', (2147483647,)), ('', 'i1', (1,))]", "[('', 'i1', (2147483647,)), ('a', 'i1')]",
    "[('', 'i1', (2147483647,))]", "[('', 'i1', (2147483648,))]", "[('', 'i1', [])]",
    "[('a', ('i1', (65536,)), (32768,))]", "[('a', ('i1', (65536,)), (32767,))]",
)


def descr_texts():
    """The descriptions of descrs.jsonl."""
    yield from RECORD_TEXTS
    for descr, inner in itertools.product(DESCRS, (None, *SUBARRAYS)):
        if (descr, inner) == ("[]", "[]"):
            continue
        text = descr if inner is None else f"({descr}, {inner})"
        yield f"[('a', {text})]"
        outer = ["(3,)", "(2, 2)", "[2]", "()", "(0,)", "(65536, 65536)"]
        # On top of a type without a size NumPy takes a number for it, and `[]` for the type.
        if descr != "[]" and not re.search(r"\b0", inner or ""):
            outer += ["2", "[]"]
        yield from (f"[('a', {text}, {shape})]" for shape in outer)
    for name, descr, inner in itertools.product(FIELD_NAMES, DESCRS, (None, "(2,)", "()", "1")):
        yield f"[({name}, {descr}{'' if inner is None else ', ' + inner}), ('b', '|i1')]"
        if inner is not None:
            yield f"[({name}, ({descr}, {inner}))]"


def descr_row(text):
    """A line of descrs.jsonl."""
    try:
        dtype = npy.descr_to_dtype(ast.literal_eval(text))
    except Exception as error:                                 # the verdict is the point
        return {"text": text, "error": type(error).__name__}
    if dtype.subdtype:
        # More axes than the header says: the array cannot be given the header's shape.
        return {"text": text, "error": "ValueError"}
    fields = [{"name": name, "title": title[0] if title else None, "offset": offset,
               "descr": repr(npy.dtype_to_descr(element_of(part))),
               "shape": field_shape(dtype, name)}
              for name in dtype.names or () for part, offset, *title in [dtype.fields[name]]]
    return {"text": text, "descr": repr(npy.dtype_to_descr(dtype)), "itemsize": dtype.itemsize,
            "fields": fields}


def element_of(dtype):
    """The type of an element of a subarray of subarrays."""
    while dtype.subdtype:
        dtype, _ = dtype.subdtype
    return dtype


def field_shape(dtype, name):
    """The axes that a field has of no records, or None."""
    try:
        return np.empty(0, dtype)[name].shape
    except ValueError:
        return None


# ------------------------------------------------------------ headers

SCALARS = ("|b1", "|i1", "|u1", *(order + code for order in "<>" for code in (
    "i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8", "f16", "c8", "c16", "c32", "U1", "U7",
    "M8", "M8[ns]", "M8[25s]", "m8[D]", "m8[10ms]")), "|S1", "|S12", "|V3", "|V2", "|S0", "<U0",
    "|V0")

ODD_NAMES = (
    "it's", 'say "hi"', "it's \"both\"", "back\\slash", "\\'", "new\nline", "\r", "tab\t",
    "\x00nul", "\x01", "\x1b[0m", "\x7f", "\x80\x85\x9f", "no\xa0break", "soft\xadhyphen",
    "caf\xe9", "\xff\xd7", " ", "a b", "{'a': 1}", "#", "%s", ")],", "u'x'", "\u03c0",
    "\u65e5\u672c", "\U0001f600", "zero\u200bwidth", "\ufeffbom", "line\u2028paragraph\u2029",
    "\u2003em space", "\ue000", "\U000f0000", "\ufdd0", "e\u0301", "\u0301", "\U0001d11e\xe9",
    "\u0100", "True", "f0",
)

RECORDS = [
    [("x", "<f4"), ("y", "<f4")],
    [("id", ">u4"), ("name", "S8"), ("text", "<U3"), ("when", "M8[us]"), ("ok", "?")],
    [("pos", "<f8", (3,)), ("m", ">i2", (2, 3)), ("one", "u1", (1,)), ("none", "f4", (0,))],
    [("a", "i1"), ("in", [("b", "<f4"), ("c", [("d", ">c16")])])],
    [("cells", [("x", "i1"), ("y", ">i8")], (2, 2)), ("tail", "V5")],
    [(("a title", "name"), "<i4"), (("it's \u00e9", "n2"), "f8", (2,))],
    [(("\u65e5\u672c", "sun"), "<i4")],
    [("\u00e9", "i4"), ("e\u0301", "i4")],
    [("s", "S0"), ("u", "U0"), ("v", "V0"), ("e", [])],
    [("void", "V3"), ("f", "f4")],
    [("", "f4"), ("", "i4")],
    [],
    [("s", "S0")],
    [("c", ("<f8", (5,)), (2,))],
    [("q", [("m", ("<i2", (3,)), (4,)), ("e", "u1")]), ("r", ([("x", ">f4")], (2, 1)), (3,))],
    [(("a title", "n"), ((("<u2", (1,)), (2,)), 3), (4, 5))],
    {"names": ["a", "b"], "formats": ["u1", (("<i2", (2,)), (3,))], "offsets": [0, 5]},
    {"names": ["a"], "formats": ["<i4"], "offsets": [4], "itemsize": 12},
    {"names": ["a", "b"], "formats": ["u1", "<f8"], "offsets": [1, 8], "itemsize": 32},
    {"names": ["a", "b"], "formats": ["u1", ("u1", (3,))], "offsets": [0, 5],
     "titles": ["first", None]},
    {"names": ["in"], "formats": [{"names": ["x"], "formats": ["<i2"], "offsets": [2],
                                   "itemsize": 7}], "offsets": [1], "itemsize": 10},
    np.dtype("u1, <f8, <i2, S3", align=True),
    np.dtype([("a", "i1"), ("b", np.dtype("i1, f8", align=True), (2,)), ("c", "i2")], align=True),
    [(f"field_{number}", "<f4") for number in range(40)],
]

ORDER_SHAPES = ((), (0,), (1,), (5,), (3, 4), (1, 4), (4, 1), (1, 1), (0, 4), (4, 0), (2, 3, 4),
                (1, 3, 1), (2, 1, 2), (2, 0, 3), (10, 200, 3000), (99999, 2), (2**31, 3),
                (3, 2**31), (2**40, 2**20), (2**62,), (1, 2**62), (2**62, 0), (0, 2**62),
                (1,) * 63 + (2,), (1,) * 64, (2,) * 32)


def header_cases():
    """(type, shape, order) of every line of headers.jsonl."""
    for code in SCALARS:
        yield code, (3, 4), "C"
    for shape, order in itertools.product(ORDER_SHAPES, "CF"):
        yield "|u1", shape, order
    for record in RECORDS:
        yield record, (3,), "C"
        yield record, (2, 3), "F"
    for name in ODD_NAMES:
        yield [(name, "<f4")], (7,), "C"
    # Where the padding turns from 1 space to 64, and the data offset with it.
    for length in range(1, 66):
        yield [("n" * length, "<f4")], (), "C"
    # The longest header of version 1.0, the shortest of 2.0, and a long one of 3.0.
    longest = 65536 - len(b"\x93NUMPY\1\0HL{'descr': [('', '|u1')], 'fortran_order': False, "
                          b"'shape': (), } \n")
    yield [("n" * longest, "|u1")], (), "C"
    yield [("n" * (longest + 1), "|u1")], (), "C"
    yield [("\u03c0" + "n" * 66000, "|u1")], (), "C"


def virtual_array(dtype, shape, order):
    """An array of any size that has no memory of its own, but the strides of a real one."""
    # A record around the element keeps NumPy from turning its size of 0 into 1.
    element = np.zeros((), [("element", f"V{dtype.itemsize}")])
    strides, step = [], dtype.itemsize
    for length in shape if order == "F" else reversed(shape):
        strides.append(step)
        step *= max(length, 1)
    if order == "C":
        strides.reverse()
    return as_strided(element, shape, strides)["element"].view(dtype)


def header_row(dtype, shape, order):
    """A line of headers.jsonl."""
    fields = npy.header_data_from_array_1_0(virtual_array(np.dtype(dtype), shape, order))
    stream = io.BytesIO()
    _write_array_header(stream, fields)
    head = stream.getvalue()
    return {"descr": repr(fields["descr"]), "shape": list(shape), "fortran": order == "F",
            "version": f"{head[6]}.{head[7]}", "header_hex": head.hex()}


# ------------------------------------------------------------ casting

NUMBERS = "? i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 f16 c8 c16 c32".split()


def casting_row(pair):
    """A line of casting.jsonl."""
    source, target = map(np.dtype, pair)
    return {"source": source.str, "target": target.str,
            "safe": bool(np.can_cast(source, target, "safe")),
            "same_kind": bool(np.can_cast(source, target, "same_kind"))}


# ------------------------------------------------------------ conversions

# Where a float is halfway between two smaller ones, or so near that rounding twice shows.
HALFWAY = (1 + 2.0**-11, 1 + 3 * 2.0**-11, 1 + 2.0**-11 + 2.0**-40, 1 + 2.0**-24, 1 + 3 * 2.0**-24,
           1 + 2.0**-24 + 2.0**-50, 1 + 2.0**-53, 2.0**-24, 2.0**-25, 1.5 * 2.0**-25, 3 * 2.0**-25,
           2.0**-26, 2.0**-14 - 2.0**-25, 65504, 65519.996, 65520, 2.0**-126 - 2.0**-150, 2.0**-149,
           2.0**-150, 1.5 * 2.0**-150, 3.4028235677973366e38, 2049, 2051, 16777217, 16777219,
           2.0**53 + 2)
EDGES = (0, 1, 127, 128, 129, 255, 256, 257, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000, 2**31 - 1, 2**31,
         2**32 - 1, 2**32, 2**53 + 1, 2**53 + 3, 2**63 - 513, 2**63 - 1, 2**63, 2**64 - 1)


def conversion_rows():
    """The lines of conversions.jsonl."""
    # Here, since that module imports this one.
    from conversion_differential import NUMBERS, SMALL, SOURCES, cast, small_floats
    for source in SOURCES + list(SMALL):
        if source in SMALL:
            raw = np.array([0, 1, 7, 8, 0x3F, 0x40, 0x7B, 0x7C, 0x7E, 0x7F, 0x80, 0x81, 0xC4, 0xFE],
                           "u1")
            raw = (raw.astype("u2") << 8 | 0x81).astype("<u2") if source == "bfloat16" else raw
            raw = raw.view(f"V{SMALL[source]}")
            values = small_floats(raw, source)
        else:
            raw = values = edge_values(np.dtype(source))
        for target in NUMBERS:
            with np.errstate(all="ignore"):
                result = cast(values, np.dtype(target))
            yield {"source": source if source in SMALL else raw.dtype.str, "target": result.dtype.str,
                   "source_hex": raw.tobytes().hex(), "target_hex": result.tobytes().hex()}


def edge_values(dtype):
    """Numbers of a type at the edges of all types."""
    if dtype.kind in "?b":
        return np.array([0, 1, 2, 0x80, 0xFF], "u1").view("?")
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        edges = [sign * edge + more for edge in EDGES for sign in (1, -1) for more in (0, -1)]
        return np.array(sorted({edge for edge in edges if info.min <= edge <= info.max}), dtype)
    with np.errstate(all="ignore"):
        real = np.array([*HALFWAY, *EDGES, 0.5, 1.5, 2.9, 1e-320, 1e300], np.longdouble)
        real = np.concatenate([real, [np.inf, np.nan]])
        real = np.concatenate([real, -real]).astype(np.empty(0, dtype).real.dtype)
        return real if dtype.kind == "f" else (real + 1j * np.roll(real, 1)).astype(dtype)


# ------------------------------------------------------------ times

ATTOSECONDS = {"W": 604800 * 10**18, "D": 86400 * 10**18, "h": 3600 * 10**18, "m": 60 * 10**18,
               "s": 10**18, "ms": 10**15, "us": 10**12, "ns": 10**9, "ps": 10**6, "fs": 10**3,
               "as": 1}


def time_cases():
    """Dates and spans of every unit, some of several of it."""
    rng = random.Random(SEED)
    for kind in "Mm":
        for unit in ("Y", "M", *ATTOSECONDS):
            for multiple in ("", "7", "25"):
                far = 10**5 if unit in "YM" else 2**62
                ticks = {0, 1, -1, 59, -12, rng.randint(-far, far), rng.randint(-3000, 3000),
                         rng.randint(-3000, 3000), -2**63}
                for tick in sorted(ticks):
                    yield f"{kind}8[{multiple}{unit}]", tick
        yield f"{kind}8", 5


def time_row(text, ticks):
    """A line of times.jsonl."""
    unit, multiple = np.datetime_data(np.dtype(text))
    row, units = {"dtype": "<" + text, "ticks": ticks}, ticks * multiple
    days = 7 if text[0] == "M" and unit == "W" else 1
    is_text = unit != "generic" or text[0] == "m"
    if is_text and (ticks == -2**63 or abs(units * days) < 2**63):
        row["text"] = str(np.array(ticks, "i8").view(text)[()])
    if text[0] == "M" and unit in "YM":
        # Too far for dates of NumPy's, but the calendar repeats after 400 years.
        cycle = 400 if unit == "Y" else 4800
        days = int(np.datetime64(units % cycle, unit).astype("M8[D]").astype(int))
        length = (days + units // cycle * 146097) * ATTOSECONDS["D"]
    elif unit in ATTOSECONDS:
        length = units * ATTOSECONDS[unit]
    else:
        return row | {"none": True}
    seconds, rest = divmod(abs(length), 10**18)
    sign = -1 if length < 0 else 1
    if ticks == -2**63 or not -2**63 <= sign * seconds < 2**63:
        return row | {"none": True}
    return row | {"seconds": sign * seconds, "attoseconds": sign * rest}


# ------------------------------------------------------------ prints

def print_rows():
    """The lines of prints.jsonl: small arrays, and two that are summarised."""
    # Here, since that module imports this one.
    from print_differential import random_array
    rng = random.Random(SEED)
    arrays = [random_array(rng, most=200) for _ in range(70)]
    # That a record is aligned is not in the file.
    arrays = [array for array in arrays
              if array.nbytes <= 2000 and not array.dtype.isalignedstruct][:58]
    arrays += [np.arange(1200, dtype="i2").reshape(30, 40), np.linspace(-1, 1, 1001, dtype="f2")]
    for array in arrays:
        yield {"file_hex": saved(array).hex(), "text": repr(array)}


# ------------------------------------------------------------ padding

MODES = ("constant", "edge", "reflect", "symmetric", "wrap")


def padding_cases():
    """Regions that leave their array, by a little and by much."""
    rng = random.Random(SEED)
    for number in range(600):
        rank = rng.randint(1, 4)
        longest = (40, 12, 6, 4)[rank - 1]
        shape = tuple(0 if rng.random() < 0.03 else rng.randint(1, longest) for _ in range(rank))
        if rng.random() < 0.7:
            modes = [rng.choice(MODES)] * rank
        else:
            modes = [rng.choice(MODES) for _ in range(rank)]
        yield ", ".join(random_places(rng, n, rank) for n in shape), shape, modes


def random_places(rng, n, rank):
    """A slice, an index or a list of places; few of them where there are many axes."""
    far = rng.choice((0, 1, 2, n, 2 * n, 5 * n + 3)) if rank < 3 else rng.choice((0, 1, n + 1))
    kind = rng.random()
    if kind < 0.1:
        return str(rng.randint(-far, n + far))
    if kind < 0.15 and rank == 1:
        return str([rng.randint(-far, n + far) for _ in range(rng.randint(1, 6))]) + ","
    start, end = sorted((rng.randint(-far, n + far), rng.randint(-far, n + far)))
    if start == end and rng.random() < 0.9:
        end += rng.randint(1, n + 1)
    step = rng.choice((1, 1, 1, 2, 3, n + 1, 2 * n + 1, -1, -1, -2, -3, -n - 2))
    if step < 0:
        start, end = end, start
    start, end = (text if rng.random() < 0.95 else "" for text in (start, end))
    return f"{start}:{end}" + (f":{step}" if step != 1 else "")


def padding_row(text, shape, modes):
    """A line of padding.jsonl."""
    array = np.arange(math.prod(shape)).reshape(shape)
    row = {"text": text, "shape": list(shape), "modes": modes}
    index = index_of(text)
    index = list(index if isinstance(index, tuple) else (index,))
    for axis, (n, mode) in enumerate(zip(shape, modes)):
        places = index[axis]
        if isinstance(places, slice):
            step = 1 if places.step is None else places.step
            start = places.start if places.start is not None else 0 if step > 0 else n - 1
            end = places.stop if places.stop is not None else n if step > 0 else -1
            places = list(range(start, end, step))
        inside = [*np.ravel(places), 0]
        widths = [(0, 0)] * len(shape)
        widths[axis] = (max(0, -min(inside)), max(0, max(inside) - n + 1) if inside[:-1] else 0)
        value = {"constant_values": -1 - axis} if mode == "constant" else {}
        try:
            array = np.pad(array, widths, mode, **value)
        except ValueError as error:
            return row | {"error": type(error).__name__}
        index[axis] = np.array(places, int) + widths[axis][0]
    for axis in reversed(range(len(shape))):
        array = np.take(array, index[axis], axis)
    return row | {"result": list(array.shape), "elements": array.ravel().tolist()}


# ------------------------------------------------------------ writing

def write_table(directory, name, rows):
    """Writes the rows, one a line, and says how many they are."""
    lines = [json.dumps(row) + "\n" for row in rows]
    with open(os.path.join(directory, name), "w", encoding="ascii", newline="\n") as table:
        table.writelines(lines)
    print(f"{name}: {len(lines)} rows")


# ------------------------------------------------------------ offsets

def offset_cases():
    """The array of the question "is the offset of np.save always 128?", and two more of it."""
    x, _ = np.meshgrid(np.arange(4), np.arange(4))
    data = np.ascontiguousarray((np.dstack([x] * 3) % 256).astype(np.uint8))
    channels = [(f"{color}_channel", "u1") for color in ("red", "green", "blue")]
    yield "np.save", saved(data), data
    record = data.view(channels)[..., 0]
    yield "np.save of a record type with a long header", saved(record), record
    # NumPy up to 1.13 padded to multiples of 16, and left no room for an axis to grow.
    text = repr({"descr": "|u1", "fortran_order": False, "shape": data.shape})[:-1] + ", }"
    text += " " * (-(len(text) + 11) % 16) + "\n"
    head = b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()
    yield "NumPy before 1.14", head + data.tobytes(), data


def saved(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def offset_row(writer, file, array):
    """A line of offsets.jsonl: a file, where its data begins, and crops of it."""
    assert np.array_equal(np.load(io.BytesIO(file)), array)
    regions = ("0", "2, 1:3", "::2, ::-1")
    crops = [{"region": region, "hex": array[index_of(region)].tobytes().hex()}
             for region in regions]
    return {"writer": writer, "file_hex": file.hex(), "crops": crops,
            "data_offset": len(file) - array.nbytes}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    directory = sys.argv[1]
    os.makedirs(directory, exist_ok=True)
    warnings.simplefilter("ignore")
    write_table(directory, "regions.jsonl",
                itertools.starmap(region_row, dict.fromkeys(region_cases())))
    write_table(directory, "dtypes.jsonl", map(dtype_row, dict.fromkeys(dtype_texts())))
    write_table(directory, "descrs.jsonl", map(descr_row, dict.fromkeys(descr_texts())))
    write_table(directory, "headers.jsonl", itertools.starmap(header_row, header_cases()))
    write_table(directory, "casting.jsonl", map(casting_row, itertools.product(NUMBERS, NUMBERS)))
    write_table(directory, "conversions.jsonl", conversion_rows())
    write_table(directory, "times.jsonl", itertools.starmap(time_row, time_cases()))
    write_table(directory, "prints.jsonl", print_rows())
    write_table(directory, "padding.jsonl", itertools.starmap(padding_row, padding_cases()))
    write_table(directory, "offsets.jsonl", itertools.starmap(offset_row, offset_cases()))


if __name__ == "__main__":
    main()
