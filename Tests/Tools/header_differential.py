#!/usr/bin/env python3
"""Compare what npycrop and NumPy make of headers that are written oddly, or wrongly.

    python3 header_differential.py --npycrop .build/release/npycrop [--cases 10000] [--jobs 2]
    python3 header_differential.py --npycrop .build/release/npycrop --seed 7 --start 12 --cases 1

A case is the header of a small array (type, shape, order, version, spelling), in some cases as it
is, mostly changed in one to four places: shapes in and around types; fields without a name; tokens put in, taken out or doubled; digits, brackets, quotes, prefixes, escapes,
white space, comments, signs, suffixes; keys; values and characters that no header has; at times a
byte, the version or the length. Then comes data, as much as NumPy wants where it can read the
header. A case depends on the seed and on its number alone, so that the second line runs one of
them again.

The referee is np.load of the file, which accepts it or raises. It is not asked where its answer is
known and asking does harm: see `reading_by_numpy`. The command is `npycrop info --json`, which
accepts with exit 0 and nothing on standard error, or refuses with exit 1, one line there and
nothing else; whatever else it does is a failure. Where both accept, they must agree on shape,
order, type and size of an element, on its fields, and on where the data begins.

Where one accepts and the other refuses, the header must hold something of which REFUSED or
ACCEPTED say so, with the place where it was decided; `explanation` looks for it. A header that
both accept must hold nothing of REFUSED, so that no reason there explains more than it should.

What went wrong is told case by case, and the file kept. Then comes how often each decision was
the reason. The last line is 'N passed, M failed'; the exit status is 1 if M is not 0.
"""
import argparse
import ast
import collections
import concurrent.futures
import dataclasses
import io
import itertools
import json
import math
import os
import random
import re
import struct
import sys
import tempfile
import warnings

import numpy as np
from numpy.lib import format as npy
# Private, for want of public calls: that reads any version, and that drops Python 2's L.
from numpy.lib._format_impl import _filter_header, _read_array_header

from differential import is_latin1, positive, random_literal, random_record, random_scalar, run

# A header that asks for more data than this has not got it.
MOST_BYTES = 1 << 20
# What follows a header that NumPy cannot read, so that npycrop does not refuse it for its size.
SPARE_BYTES = 1 << 14
# As in NumPy.
MOST_CHARACTERS = 10_000
MOST_NESTED = 64

# ------------------------------------------------------------ decisions

# What npycrop refuses, though NumPy accepts it: the reason, and where it was decided.
REFUSED = {
    "shape of a type without a size": "ElementTypeTests: ('a', 'S', 3), which means S3 to NumPy",
    "adjacent strings": "PythonLiteral.swift: implicit concatenation",
    "triple quotes": "PythonLiteral.swift: '''...'''",
    "prefix other than u": "PythonLiteral.swift: u'...'; HeaderTests: b'...', r'...'",
    "escape \\N{...}": "HeaderTests: what is no literal",
    "lone surrogate": "HeaderTests: what is no literal, \\ud800",
    "backslash before CR": "PythonLiteralParser.escape",
    "backslash outside a string": "PythonLiteral.swift: spaces, tabs, newlines",
    "comment": "HeaderTests: what is no literal",
    "number not in plain digits": "HeaderTests: what is no literal, 0x10, 1_0, 3.0, 3j",
    "sign before a bracket": "PythonLiteralParser.integer",
    "space before L": "PythonLiteral.swift: 3L",
    "value of no header": "PythonLiteral.Value",
    "brackets too deep": "PythonLiteral.swift, Header grammar; PythonLiteralParser.mostNested",
    "boolean as length": "PythonLiteral.swift: (True, 6)",
    "lengths past 2^63 beside an empty axis": "HeaderTests: sizes that cannot be counted",
    "types or a shape in a string": "PythonLiteral.swift, descr: i4,f4 and 3f4 and (2,)i2",
    "type with a shape outside a field": "DescrFault.subarrayOutsideField",
    "more than a type and a shape": "ElementTypeTests: ('<i4', (2,), 3), of which NumPy reads two",
    "padding of objects": "ElementTypeTests: ('', 'O', (2,)), which NumPy skips",
    "descr no string or list": "PythonLiteral.swift, descr; DescrFault.notADescription",
    "field no tuple": "PythonLiteral.swift, descr: (name, descr); DescrFault.malformedField",
    "title no string": "PythonLiteral.swift, descr: (title, name); DescrFault.malformedField",
    "field's shape no lengths": "PythonLiteral.swift, descr; DescrFault.malformedField",
    "space or plus in a size": "make_tables.py, dtypes.jsonl: unsupported, 'f 4', 'U+3'",
    "time unit with a divisor": "make_tables.py, dtypes.jsonl: unsupported, 'M8[D/3]'",
    "multiple of no time unit": "make_tables.py, dtypes.jsonl: unsupported, 'M8[2generic]'",
}

# What npycrop accepts, though NumPy refuses it.
ACCEPTED = {
    "float of 8 bits": "ElementType+Descr.swift: what NumPy writes for those of other packages",
    "indented line": "PythonLiteral.swift: spaces, tabs, newlines anywhere between tokens",
    "fault in a value that a repeated key overrides": "PythonLiteral.swift: last wins",
}

LEXEME = re.compile(r"""
    (?P<comment> \#[^\r\n]*)
    | (?P<prefix> [A-Za-z]{0,2})
      (?P<quoted> '''(?:\\.|[^\\])*?''' | \"\"\"(?:\\.|[^\\])*?\"\"\"
                  | '(?:\\.|[^\\'\r\n])*' | "(?:\\.|[^\\"\r\n])*")
    | (?P<number> \.?[0-9](?:[eE][+-]|[\w.])*)
    | (?P<word> [^\W\d]\w*)
    | (?P<space> [ \t\f\r\n]+)
    | (?P<sign> [+-])
    | (?P<opening> [(\[{])
    | (?P<closing> [)\]}])
    | (?P<other> .)
    """, re.VERBOSE | re.DOTALL)


def explanation(text, numpy_accepts):
    """The decision why npycrop does not do with the header's text what NumPy does, or None."""
    if numpy_accepts:
        reasons = itertools.chain(reasons_in_lexemes(text), reasons_in_values(text))
    else:
        reasons = reasons_to_accept(text)
    return next(reasons, None)


def reasons_in_lexemes(text):
    """What npycrop refuses in the spelling of a header that NumPy accepts."""
    depth, last, is_spaced = 0, None, False
    for lexeme in LEXEME.finditer(text):
        kind, spelling = lexeme.lastgroup, lexeme[0]
        if kind == "space":
            is_spaced = True
            continue
        if depth > MOST_NESTED and kind != "closing":
            yield "brackets too deep"
        if kind == "comment":
            yield "comment"
        elif kind == "quoted":
            if last == "quoted":
                yield "adjacent strings"
            yield from reasons_in_string(lexeme["prefix"], spelling[len(lexeme["prefix"]):])
        elif kind == "number" and not re.fullmatch(r"(?:[1-9][0-9]*|0+)L?", spelling, re.ASCII):
            yield "number not in plain digits"
        elif kind == "word" and spelling == "L":
            # Next to its digits it is a part of the number.
            yield "space before L" if is_spaced else "value of no header"
        elif kind == "word" and spelling not in ("True", "False", "None"):
            yield "value of no header"
        elif kind == "opening":
            if last == "sign":
                yield "sign before a bracket"
            depth += 1
        elif kind == "closing":
            depth -= 1
        elif spelling == "\\":
            yield "backslash outside a string"
        elif spelling == ".":
            yield "value of no header"
        last, is_spaced = kind, False


def reasons_in_string(prefix, quoted):
    """What npycrop refuses in the spelling of a string that Python accepts."""
    if prefix not in ("", "u", "U"):
        yield "prefix other than u"
    elif quoted.startswith(("'''", '"""')):
        yield "triple quotes"
    else:
        for escape in re.findall(r"\\(u.{4}|U.{8}|.)", quoted, re.DOTALL):
            if escape == "N":
                yield "escape \\N{...}"
            elif escape == "\r":
                yield "backslash before CR"
            elif re.fullmatch(r"(?:u|U0000)[dD][89a-fA-F]..", escape):
                yield "lone surrogate"


def reasons_in_values(text):
    """What npycrop refuses in the meaning of a header that NumPy accepts."""
    tree = tree_of(text)
    if any(isinstance(node, ast.Set) for node in ast.walk(tree)):
        yield "value of no header"
    header = ast.literal_eval(tree)
    if any(isinstance(length, bool) for length in header["shape"]):
        yield "boolean as length"
    reasons = list(reasons_in_descr(header["descr"]))
    yield from reasons
    if npy.descr_to_dtype(header["descr"]).subdtype:
        yield "type with a shape outside a field"
    if 0 in header["shape"] and not reasons:
        # The bytes are counted from the first of the file on.
        count = math.prod(max(length, 1) for length in header["shape"])
        size = count * npy.descr_to_dtype(header["descr"]).itemsize
        if count >= 1 << 63 or size + len(text) >= 1 << 63:
            yield "lengths past 2^63 beside an empty axis"


def reasons_in_descr(descr):
    """What npycrop refuses of the descriptions of types that NumPy accepts."""
    if isinstance(descr, str):
        yield from reasons_in_type_string(descr)
    elif isinstance(descr, tuple):
        yield from reasons_in_descr(descr[0])
        yield from reasons_in_shape(*descr[:2])
        if len(descr) > 2:
            yield "more than a type and a shape"
    elif not isinstance(descr, list):
        yield "descr no string or list"
    else:
        for field in descr:
            if not isinstance(field, tuple):
                yield "field no tuple"
                continue
            if isinstance(field[0], tuple) and not isinstance(field[0][0], str):
                yield "title no string"
            yield from reasons_in_descr(field[1])
            if len(field) > 2:
                yield from reasons_in_shape(*field[1:])


def reasons_in_shape(descr, shape):
    """What npycrop refuses of the shapes that NumPy accepts for a type."""
    dtype = npy.descr_to_dtype(descr)
    if dtype.itemsize == 0 and dtype.names is None:
        yield "shape of a type without a size"
    lengths = shape if isinstance(shape, (tuple, list)) else (shape,)
    if shape == [] or any(type(length) is not int for length in lengths):
        yield "field's shape no lengths"


def reasons_in_type_string(text):
    """What npycrop refuses of the type strings that NumPy accepts."""
    time = re.fullmatch(r"[<>=|]?(?:M8|m8|datetime64|timedelta64)\[(.*)\]", text, re.DOTALL)
    if re.match(r"[<>=|]?[\d(]|.*,", text, re.DOTALL):
        yield "types or a shape in a string"
    elif re.fullmatch(r"[<>=|]?[A-Za-z](?=[\s+])\s*\+?[0-9]+", text):
        yield "space or plus in a size"
    elif time and "/" in time[1]:
        yield "time unit with a divisor"
    elif time and re.match(r"(?=[\s+])\s*\+?[0-9]", time[1]):
        yield "space or plus in a size"
    elif time and re.fullmatch(r"[0-9]+generic", time[1]):
        yield "multiple of no time unit"
    elif np.dtype(text).kind in "OT":
        yield "padding of objects"


def reasons_to_accept(text):
    """Why npycrop accepts a header that NumPy refuses: what is left is one that it accepts."""
    # Where Python begins a line with the dictionary or with the end, it takes spaces before for
    # the indentation of a block. Before the first line NumPy drops them.
    before, inner, after = re.fullmatch(r"([ \t\f\r\n]*)(.*?)([ \t\f\r\n]*)", text,
                                        re.DOTALL).groups()
    is_indented = (re.search(r"[\f\r\n][ \t]+$", before)
                   or re.search(r"[\r\n][ \t\f\r\n]*[ \t]$", after))
    try:
        if is_indented and isinstance(ast.literal_eval(tree_of(inner)), dict):
            yield "indented line"
    except Exception:                                          # it has other faults
        pass
    if re.search(r"['\"][<>=|]?f0*1['\"]", text):
        yield "float of 8 bits"
    # Python reads what it then forgets: keys that cannot be hashed, numbers past its limit.
    try:
        tree = tree_of(re.sub(r"(?a:\b\d{%d,})" % (sys.get_int_max_str_digits() + 1), "0", inner))
        last = {ast.literal_eval(key): (key, value)
                for key, value in zip(tree.body.keys, tree.body.values)}
        is_repeated = len(last) < len(tree.body.keys)
        tree.body.keys, tree.body.values = zip(*last.values())
        ast.literal_eval(tree)
        if is_repeated:
            yield "fault in a value that a repeated key overrides"
    except Exception:                                          # it has other faults
        pass


def tree_of(text):
    """The syntax tree of the header as NumPy reads it; raises what Python would."""
    # As ast.literal_eval does.
    try:
        return ast.parse(text.lstrip(" \t"), mode="eval")
    except SyntaxError:
        return ast.parse(_filter_header(text).lstrip(" \t"), mode="eval")


# ------------------------------------------------------------ cases

@dataclasses.dataclass
class Case:
    """A file."""
    number: int
    # What was written for the header, and all bytes of the file.
    head: bytes
    contents: bytes


KEYS = ("descr", "fortran_order", "shape")
TYPE_STRINGS = (
    "<f4", ">f8", "=i4", "|u1", "f", "?", "b1", "|b1", "float64", "int", "uint8", "bool_", "c16",
    "S5", "a3", "U2", "V7", "S0", "U0", "V0", "S", "U", "V", "c", "M8", "m8[ns]", "<M8[25s]",
    "M8[us]", "M8[\u03bcs]", "M8[\u00b5s]", "datetime64[D]", "timedelta64[3h]", "M8[generic]",
    "m8[0D]", "f16", "c32", "f2", "i3", "u9", "f1", "V2147483647", "V2147483648", "O", "|O", "O8",
    "object", "T", "", " ", "<", "<<f4", "!f4", "f4 ", " f4", "f4\\0", "F4", "Float32", "unicode",
    "str", "bytes", "void", "float32 ", "f04", "S05", "e", "g", "G", "n", "l", "L", "q", "p", "P",
    "i4,f4", "3f4", "(2,)i2", "(2)f4", "<f4,", "2,i2", "S 4", "U+3", "V\\t3", "S-1", "f 4", "i+8",
    "M8[+3D]", "M8[ 3D]", "M8[h/2]", "m8[D/3]", "M8[D/7]", "M8[2generic]", "M8[D", "M8ns", "M8[]",
    "M8[3]", "M8[D]x", "i4;f4", "\u00e9", "f\uff14", "[('a', 'f4')]", "{}", "None", "S2147483647",
    "U536870911", "U536870912", "S99999999999999999999", "i99999999999999999999",
)
# Whole values of each key, good and bad; each may stand for another's, too.
VALUES = {
    "descr": (
        "[('a', '<f4')]", "[('a', '<f4', 2)]", "[('a', '<f4', [2])]", "[('a', '<f4', (0, 3))]",
        "[('a', '<f4', ())]", "[('a', '<f4', (2,)), ('b', 'c8')]", "[('a', '<f4', (True,))]",
        "[('a', '<f4', True)]", "[('a', '<f4', '<i4')]", "[('a', '<f4', None)]", "[('a', 'O')]",
        "[('a', '<f4', (-1,))]", "[('a', '<f4', (2.0,))]", "[('a', '<f4', (2L,))]", "[]", "[()]",
        "[('a', '<f4', (2,), 1)]", "[('a',)]", "['a?']", "['ab']", "[['a', '<f4']]", "[{}]",
        "(('a', '<f4'),)", "('<f4', (2,))", "('<f4', ())", "('<f4',)", "('<f4', 2)", "{}", "set()",
        "('<f4', '<i4')", "('<f4', [2])", "{('a', '<f4')}", "{('a', '<f4'): 1}", "{'a': '<f4'}",
        "[('', 'V3')]", "[('', 'V')]", "[('', '<f4')]", "[('', '<f4'), ('', '<i4')]",
        "[('', []), ('', 'V2', 3)]", "[('', [('', 'V2')])]", "[('', ('V1', 2))]", "[('f0', []), ]",
        "[('f0', 'i1'), ('', 'i1')]", "[('a', ('<f4', 2))]", "[('a', {})]", "[('a', [])]",
        "[('a', [], 2)]", "[('a', 'V0', (2,))]", "[('a', [], (2, 3))]", "[('a', 'S0', ())]",
        "[('a', 'S', 3)]", "[('b', 'U0', [2])]", "[('a', 'V', 2)]", "[('a', 'S0'), ('b', 'V0')]",
        "[(('t', 'a'), '<f4')]", "[((3, 'a'), '<f4')]", "[((None, 'a'), '<f4')]", "[(3, '<f4')]",
        "[(('', ''), 'V1')]", "[(('', 'a'), 'V1')]", "[(('t', ''), 'V1')]", "[(('t', ''), 'i1')]",
        "[(('a', 'a'), '<f4')]", "[(['t', 'a'], '<f4')]", "[(('t', 'a', 'b'), '<f4')]",
        "[('a', 'i1'), ('a', 'i1')]", "[('a', 'i1'), (('a', 'b'), 'i1')]", "[(('a',), 'i1')]",
        "[(('t', 'a'), 'i1'), (('t', 'b'), 'i1')]", "[(('t', 'a'), 'i1'), ('t', 'i1')]",
        "[('a', 'V2147483647'), ('b', 'i1')]", "[('a', 'i1', 2147483648)]", "[('a', '<f4',)]",
        "[('a', 'i1', (65536, 65536))]", "[('a', 'i1', (65536, 65536, 0))]", "['<f4', 'a']",
        "[('a', 'i1', (0, 4294967296))]", "[('a', 'i1', (2147483647, 0))]", "[('a', '<f4') ]",
        "[('a\\0', 'i1'), ('a', 'i1')]", "[('\u00e9', 'i1')]", "[('\\ud800', 'i1')]", "b'<f4'",
        "[('e\u0301', 'i1'), ('\u00e9', 'i1')]", "[('a', 'M8[D/3]')]", "[('a', ' f4')]", "f'<f4'",
        "[('a', [('b', [('c', '<f4')], (2,))])]", "[('a', [('b', [('c', 'O')])])]", "('<f4')",
        "[('a', '<f4', (" + "1, " * 64 + "))]", "[('a', '<f4', (" + "1, " * 65 + "))]", "'<f4',",
        "[('a', ('<f8', (2,)), (3,))]", "[('a', (('<u2', (2,)), [1, 2]), 3)]", "[('a', '<f4', [])]",
        "[('a', ('<f4', (2,)), [])]", "[('a', ('<f4', [2]), ())]", "[('a', ('<f4', (0,)), 3)]",
        "[('a', ('<f4', (0,)), (3,))]", "[('a', ('<f4', (3,)), (0, 2))]", "[('a', ([], 2), (2,))]",
        "[('a', ([('b', ('<i2', 2), 2)], (1,)), [2])]", "[(('t', 'a'), ('|V2', (2,)), (2,))]",
        "[('a', ('S', 3))]", "[('a', ('S3', 3), 1)]", "[('a', ('U', (3,)))]", "[('a', ('V0', ()))]",
        "[('a', ('<f4', (2,), (2,)))]", "[('a', ('<f4',))]", "[('a', ())]", "[('a', ('<f4', '<i4'))]",
        "[('a', ('i1', (65536,)), (65536,))]", "[('a', ('i1', (65536,)), (32767, 0))]",
        "[('a', 'i1', (65536, 65536, 65536, 65536, 0))]", "[('a', [], (65536, 65536))]",
        "[('a', ('i1', (" + "1, " * 64 + ")), (" + "1, " * 64 + "))]", "('<f4', (1,))", "('<f4', 1)",
        "('<f4', (0,))", "([('a', '<f4')], ())", "([('a', '<f4')], (2,))", "(('<f4', ()), [])",
        "[('', '<u2', (2,)), ('', '<u2', (2,)), ('a', 'i1')]", "[('', ('<u2', 2)), ('a', 'i1')]",
        "[('', [('b', '<f4')], (2,)), ('a', 'i1')]", "[('', 'O', (2,)), ('a', 'i1')]",
        "[('', '<u2', ()), ('a', 'i1')]", "[('', '<u2', (0,)), ('', 'i1', 1)]", "[('', 'V3', [])]",
        "[('a', [('', 'i1', 3), ('b', 'i1'), ('', ('i1', 2))], (2,)), ('', 'f8', (1,))]",
        "[(('t', ''), '<u2', (2,)), ('', 'i1', (2,))]", "[('', 'i1', (2147483647,)), ('a', 'i1')]",
    ),
    "fortran_order": ("True", "False", "None", "0", "1", "true", "'True'", "(True)", "(False,)",
                      "not 1", "-True", "[False]", "((False))", "TRUE", "1 == 1"),
    "shape": (
        "()", "( )", "[]", "(3)", "(3,)", "((3),)", "((3,))", "[3]", "[3, 2]", "6", "(-1, 2)",
        "(-1,)", "(True, 6)", "(False,)", "(03, 4)", "(3L, 2L)", "(3L,)", "(3 L,)", "(0L,)",
        "(00,)", "(+3,)", "(- 0,)", "(-0,)", "+(3,)", "(+(3),)", "(3.0,)", "(3e0,)", "(0x3,)",
        "(0o3, 0b1)", "(1_0,)", "(3j,)", "(1+2j,)", "('3',)", "(None,)", "((3, 4))", "((3, 4),)",
        "(2**3,)", "3,", "(2**62, 0)", "(4611686018427387904, 0)", "(99999, 99999)",
        "(9223372036854775807,)", "(9223372036854775808,)", "(0, 9223372036854775807)",
        "(0, 0, 0)", "(-2, 0)", "(0, -1)", "(4294967296, 4294967296)",
        "(4294967296, 4294967296, 0)", "(18446744073709551616, 0)", "(3, 2, )", "( 3 ,)", "(,)",
        "(3,,)", "(2,621, 401)", "np.int64(3)", "(np.int64(3),)", "(+0,)", "int(3)", "((),)",
        "{1, 2}", "{3}", "*(3,)", "(*(3,),)", "9" * 19, "(" + "9" * 5000 + ",)",
        "(" + "1, " * 64 + ")", "(" + "1, " * 65 + ")", "(0000,)", "(3l,)", "(0, 0, -0L)",
        "(3LL,)",
    ),
}
OTHER_VALUES = ("None", "...", "b'x'", "lambda: 0", "nan", "{1: 2}", "{**{}}", "{[]: 1}", "{{}}",
                "1 if 1 else 2", "1.5", "1e400", "2j", "u'x'", "r'x'", "['x', (1, {2: None})]")
SUBARRAYS = ("1", "2", "3", "(2,)", "(2,)", "(1, 3)", "[2]", "[2, 1]", "()", "[]", "(1,)", "(0,)",
             "(0, 2)", "(2, 0)", "(-1,)", "-1", "(True,)", "None", "'i4'", "[('x', 'i1')]", "(2L,)",
             "(65536, 65536)", "2147483647", "(65536, 65536, 65536, 65536, 0)", "((2,),)", "{}")
TOKENS = (
    "(", ")", "[", "]", "{", "}", ",", ":", ",", "'", '"', "'''", '"""', "''", "L", "l", "LL", "+",
    "-", "*", "**", ".", "...", "=", ";", "/", "%", "@", "!", "\\", "#", "# x\n", "#\n", "#\r", "0",
    "1", "3", "00", "03", "1L", "1.", "0x1", "1_0", "1e1", "2j", "True", "False", "None", "u", "b",
    "x", "if", "and", "set()", "_", "'descr'", "'shape'", "'fortran_order'", "'x'", "u'x'", "()",
    "[]", "{}", "\uff11", "\u00b2", "\u0661", "\u00b5", "\uff34rue", "\u00e9", "\u2019", "\u3000",
)
SPACES = (
    " ", "  ", "\t", "\n", "\n ", "\r", "\r\n", "\f", "\v", "\\\n", "\\\r\n", "\\\r", "\\",
    "\u00a0", "\u0085", "\u001c", "\u001a", "\u2003", "\u2028", "\ufeff", "\0", "#\n",
    "# comment\n", "\x1b",
)
PREFIXES = ("u", "U", "b", "B", "r", "R", "f", "F", "br", "rb", "ur", "bu", "fr", "Rb", "u ", "L")
ESCAPES = (
    "\\a", "\\b", "\\f", "\\n", "\\r", "\\t", "\\v", "\\\\", "\\'", '\\"', "\\q", "\\8", "\\ ",
    "\\", "\\\n", "\\\r", "\\\r\n", "\\0", "\\7", "\\101", "\\777", "\\400", "\\x41", "\\x4",
    "\\xZZ", "\\u0041", "\\u004", "\\ud800", "\\ud83d\\ude42", "\\U0001F642", "\\U00110000",
    "\\U0000D800", "\\N{DASH}", "\\N{SPACE}", "\\N{EM DASH}", "\\N", "\\N{", "\\u+041", "\\x+1",
    "\\xff", "\\x80",
)
LEXICAL_PARTS = re.compile(r"""[A-Za-z]{0,2}(?:'(?:\\.|[^\\'])*'|"(?:\\.|[^\\"])*")"""
                           r"""|\d\w*|[^\W\d]\w*|\s+|.""", re.DOTALL)


def random_case(seed, number):
    """The case of this number: always the same."""
    rng = random.Random(f"{seed}/{number}")
    dtype = random_record(rng) if rng.random() < 0.4 else random_scalar(rng)
    shape = tuple(rng.choice((0, 1, 1, 2, 2, 3, 4)) for _ in range(rng.choice((0, 1, 1, 2, 2, 3))))
    fields = {"descr": npy.dtype_to_descr(dtype), "fortran_order": rng.random() < 0.4,
              "shape": shape}
    if rng.random() < 0.5:
        text = "{" + "".join(f"'{key}': {value!r}, " for key, value in fields.items()) + "}"
    else:
        text = random_literal(rng, fields)
    for _ in range(rng.choice((0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4))):
        text = rng.choice(MUTATIONS)(rng, text)
    head = random_head(rng, text)
    try:
        shape, _, dtype, offset = read_header(head)
        wanted = offset - len(head) + math.prod(shape) * dtype.itemsize
        tail = rng.choice((0, 0, 0, 1, 5, 64)) if rng.random() < 0.95 else -1
        data = rng.randbytes(max(wanted + tail, 0) if wanted < MOST_BYTES else 100)
    except Exception:                                          # whatever NumPy refuses it for
        data = rng.choice((b" ", b"\0", b"\xa5")) * SPARE_BYTES
    return Case(number, head, head + data)


def random_head(rng, text):
    """The bytes before the data: mostly well formed but for the text."""
    version = rng.choice((1, 1, 1, 2, 3))
    if not is_latin1(text) and rng.random() < 0.85:
        version = 3
    text += " " * rng.choice((0, 0, 1, 2, 3, 40))
    if rng.random() < 0.01:
        # About as many characters as there may be. Not spaces: by thousands of those NumPy's
        # second try at what is no literal takes a minute.
        text += "\n" * max(MOST_CHARACTERS - len(text) + rng.randint(-2, 2), 0)
    text += rng.choice(("\n", "\n", "\n", "", "\r", "\r\n", "\f", "\t", "\n\n "))
    is_utf8 = version == 3 or not is_latin1(text)
    encoded = text.encode("utf-8" if is_utf8 else "latin-1")
    if version == 3 and rng.random() < 0.02 and is_latin1(text):
        encoded = text.encode("latin-1")
    length = len(encoded)
    if rng.random() < 0.03:
        length = max(length + rng.choice((-40, -2, -1, 1, 2, 16, 60_000)), 0)
    prefix = bytearray(b"\x93NUMPY" + bytes((version, 0)))
    if rng.random() < 0.02:
        prefix[rng.choice((6, 6, 6, 7))] = rng.choice((0, 1, 2, 3, 4, 255))
    if rng.random() < 0.01:
        prefix += struct.pack(rng.choice(("<I", "<H", ">H", ">I")), length & 0xFFFF)
    else:
        prefix += struct.pack("<H" if version == 1 else "<I", min(length, 0xFFFF))
    head = prefix + encoded
    if rng.random() < 0.04:
        place = rng.randrange(len(head))
        head[place] ^= 1 << rng.randrange(8)
    return bytes(head)


# ------------------------------------------------------------ mutations

def parts_of(text):
    """The text in pieces: strings, numbers, words, white space, and single characters."""
    return LEXICAL_PARTS.findall(text)


def changed(rng, text, is_wanted, change):
    """The text with a change to one of the pieces that are wanted, if there are any."""
    parts = parts_of(text)
    places = [place for place, part in enumerate(parts) if is_wanted(part)]
    if places:
        place = rng.choice(places)
        parts[place] = change(parts[place])
    return "".join(parts)


def is_number(part):
    return part[0].isdecimal()


def is_string(part):
    return part[-1] in "'\"" and len(part) > 1


def insert_token(rng, text):
    parts = parts_of(text)
    parts.insert(rng.randrange(len(parts) + 1), rng.choice(TOKENS))
    return "".join(parts)


def delete_token(rng, text):
    return changed(rng, text, lambda part: not part.isspace(), lambda part: "")


def double_token(rng, text):
    between = rng.choice(("", " ", ", "))
    return changed(rng, text, lambda part: not part.isspace(), lambda part: part + between + part)


def replace_token(rng, text):
    return changed(rng, text, lambda part: not part.isspace(), lambda part: rng.choice(TOKENS))


def swap_tokens(rng, text):
    parts = parts_of(text)
    if len(parts) > 1:
        one, other = rng.sample(range(len(parts)), 2)
        parts[one], parts[other] = parts[other], parts[one]
    return "".join(parts)


def change_number(rng, text):
    def change(part):
        digits = re.match(r"\d+", part)[0]
        number = int(digits) if len(digits) < 20 and digits.isascii() else 3
        return rng.choice((
            str(rng.randrange(10)), part + str(rng.randrange(10)), "0" + part, "00", "-0", "+0L",
            hex(number), oct(number), bin(number), part + "_0", "_" + part, part + ".", part + ".0",
            part + "e0", part + "j", part + "L", part + "L", part + " L", part + "\tL", part + "LL",
            part + "\nL", part + "l", part + "L L", part + "u", "-" + part, "+" + part, "- " + part,
            "+\n" + part, "--" + part, "+-" + part, f"({part})", f"+({part})", f"-({part})",
            f"({part},)", f"[{part}]", part + " - 0", part + "+0j", part + "*1", f"'{part}'",
            "True", "None", str(2**31), str(2**62), str(2**63 - 1), str(2**63), str(2**64),
            "9" * 30, f"int({part})", "~" + part, part + "if", part + "\u00b2", part + "\u00e9"))
    return changed(rng, text, is_number, change)


def change_bracket(rng, text):
    return changed(rng, text, lambda part: part in "()[]{}", lambda part: rng.choice("()[]{}"))


def bracket_token(rng, text):
    depth = rng.choice((1, 1, 2, 2, 60, 61, 62, 63, 64, 65, 66, 90, 199, 250))
    opening, closing = rng.choice(("()", "()", "()", "[]", ("(", ",)"), ("{1:", "}"), ("{", "}")))
    return changed(rng, text, lambda part: part[0].isalnum() or is_string(part),
                   lambda part: opening * depth + part + closing * depth)


def change_quotes(rng, text):
    def change(part):
        prefix, quote, inner = re.match(r"""(\w*)(["'])(.*).""", part, re.DOTALL).groups()
        middle = rng.randrange(len(inner) + 1)
        other = "'" if quote == '"' else '"'
        return rng.choice((
            f"{prefix}{other}{inner}{other}", f"{prefix}{quote * 3}{inner}{quote * 3}",
            f"{prefix}{other * 3}{inner}{other * 3}", f"{quote}{inner}", f"{inner}{quote}", inner,
            f"{quote}{inner}{other}", f"{quote * 2}{inner}{quote * 2}", f"`{inner}`",
            f"{quote}{inner[:middle]}{quote}{rng.choice(('', ' ', chr(10), 'u'))}"
            f"{quote}{inner[middle:]}{quote}", f"{part}{quote * 2}", f"{quote * 2} {part}",
            f"\u2018{inner}\u2019"))
    return changed(rng, text, is_string, change)


def change_prefix(rng, text):
    return changed(rng, text, is_string,
                   lambda part: rng.choice(PREFIXES) + part.lstrip("uUbBrRfF"))


def change_inside(rng, text):
    """Changes characters of a string, by escapes or others."""
    def change(part):
        start = part.index(part[-1]) + 1
        place = rng.randint(start, max(len(part) - 1, start))
        before, character, after = part[:place], part[place:-1][:1], part[place + 1:-1]
        kind = rng.random()
        if kind < 0.4 and character:
            code = ord(character)
            character = rng.choice((
                f"\\x{code:02x}", f"\\x{code:02X}", f"\\{code:o}", f"\\{code:03o}",
                f"\\u{code:04x}", f"\\U{code:08X}", "\\" + character))
        elif kind < 0.6:
            character += rng.choice(ESCAPES)
        elif kind < 0.8:
            character += rng.choice(SPACES)
        else:
            character = rng.choice("\0 <>=|0123456789,()[]/+-bifcSUVMmO\u00e9\u03bc").strip("\0")
            # The divisor of a time unit must not be 0: NumPy dies of it.
            character = character.replace("/", "/2")
        return before + character + after + part[-1]
    return changed(rng, text, is_string, change)


def change_type(rng, text):
    """Puts another type in the place of a string which is a type."""
    return changed(rng, text, is_type_or_name, lambda part: f"'{rng.choice(TYPE_STRINGS)}'")


def is_type_or_name(part):
    return is_string(part) and not re.search("|".join(KEYS), part)


def give_shape(rng, text):
    """Gives a type a shape: in a tuple, behind it, or both."""
    def change(part):
        inner, outer = rng.choice(SUBARRAYS), rng.choice(SUBARRAYS)
        return rng.choice((f"({part}, {inner})", f"({part}, {inner}), {outer}",
                           f"(({part}, {inner}), {outer})", f"{part}, {inner}", f"({part},)",
                           f"({part}, {inner}, {outer})", f"({part}, {part})"))
    return changed(rng, text, is_type_or_name, change)


def add_field(rng, text):
    """A field more, at the beginning of a record: mostly padding."""
    name = rng.choice(("''", "''", "''", "''", "('', '')", "('t', '')", "'extra'"))
    descr = rng.choice(("'u1'", "'<u2'", "'V3'", "'O'", "'S'", "[('x', '>f4')]", "[]"))
    shape = rng.choice(SUBARRAYS)
    field = rng.choice((f"({name}, {descr}, {shape})", f"({name}, {descr}, {shape})",
                        f"({name}, ({descr}, {shape}))", f"({name}, {descr})"))
    return changed(rng, text, lambda part: part == "[", lambda part: f"[{field}, ")


def random_value(rng, key):
    """The text of a value, mostly of a kind that the key could have."""
    kind = rng.random()
    if kind < 0.05:
        return rng.choice(OTHER_VALUES)
    return rng.choice(VALUES[key if kind < 0.95 else rng.choice(KEYS)])


def change_value(rng, text):
    """Puts another value in the place of one of the header's.

    Finds it by the key before and the key or the bracket after.
    """
    key = rng.choice(("descr", "descr", "shape", "shape", "fortran_order"))
    value = random_value(rng, key)
    pattern = rf"""(["']{key}["']\s*:)(.*?)(\s*,\s*["'](?:{'|'.join(KEYS)})["']\s*:|,?\s*\}}\s*$)"""
    return re.sub(pattern, lambda found: found[1] + value + found[3], text, count=1,
                  flags=re.DOTALL)


def change_space(rng, text):
    parts = parts_of(text)
    place = rng.choice((0, len(parts), *[rng.randint(0, len(parts))] * 8))
    parts.insert(place, "".join(rng.choices(SPACES, k=rng.choice((1, 1, 1, 2)))))
    return "".join(parts)


def change_character(rng, text):
    place = rng.randrange(len(text) + 1)
    character = rng.choice((chr(rng.randrange(256)), chr(rng.randrange(32, 127)), "\0",
                            rng.choice("\u00e9\u00df\u0100\u03c0\u2028\ufeff\U0001f600")))
    return text[:place] + character + text[place + rng.randrange(2):]


def change_case(rng, text):
    return changed(rng, text, lambda part: part[0].isalpha(),
                   lambda part: rng.choice((part.lower(), part.upper(), part[:-1])))


def add_key(rng, text):
    """A key more: one that is there, or one of no header."""
    key = rng.choice((*KEYS, *KEYS, "x", "", "Shape", "sh\\x61pe", "sh\\\nape", "descr "))
    key = rng.choice((f"'{key}'", f"'{key}'", f'"{key}"', f"u'{key}'", f"b'{key}'", f"('{key}')",
                      f"('{key}',)", "3", "None"))
    pair = f"{key}: {random_value(rng, rng.choice(KEYS))}"
    if rng.random() < 0.6:
        return text.replace("{", "{" + pair + ", ", 1)
    return text.rstrip().rstrip("}").rstrip().rstrip(",") + ", " + pair + "}"


def drop_key(rng, text):
    key = rng.choice(KEYS)
    pattern = rf"""["']{key}["']\s*:.*?(?=["'](?:{'|'.join(KEYS)})["']|\}}\s*$)"""
    return re.sub(pattern, "", text, count=1, flags=re.DOTALL)


def add_around(rng, text):
    return rng.choice((
        text + rng.choice((" {}", "x", ";", ",", "\n;", "\0", "}", ")", "\\", "\\\n", " #", "# x",
                           "\n# x\n", "\n\n", "\n ", "\n\t\n", "\n  x", "\f", "\v", "''", "[0]",
                           ".x", "\ufeff", "*", "\r", "\r ", " if 1 else 2", "L", " L", "0", "\n{}",
                           "\u00a0")),
        rng.choice(("\n", "\n ", "\n\t", " \n", "\t", "  ", "\f", "\f ", " \f", "\r", "\r\n", "\r ",
                    "\r\n ", "\\\n", "#\n", "# coding: latin-1\n", "\ufeff", "\0", "\v", "{", "(",
                    "x=", "\n\n\n  ", "\n \n", " \n\f", "u", "+", "*", "\x1c", "\u00a0")) + text,
        f"({text})", f"(({text}))", f"[{text}]", f"({text},)", f"{{{text}}}", f"( \n{text}\n )"))


# Those that mostly leave nothing to accept are rarer.
MUTATIONS = (
    insert_token, delete_token, double_token, replace_token, swap_tokens, change_bracket,
    change_character, change_case, drop_key,
    *(change_number, change_value, change_type, change_inside, change_space) * 4,
    *(bracket_token, change_quotes, change_prefix, add_key, add_around, give_shape, add_field) * 2,
)


# ------------------------------------------------------------ the referee

@dataclasses.dataclass
class Reading:
    """What NumPy makes of a file that it accepts."""
    shape: tuple
    fortran_order: bool
    dtype: np.dtype
    offset: int


def header_text(contents):
    """The header as NumPy decodes it; None where there is none."""
    layout = {b"\1\0": ("<H", "latin-1"), b"\2\0": ("<I", "latin-1"), b"\3\0": ("<I", "utf-8")}
    if contents[:6] != npy.MAGIC_PREFIX or contents[6:8] not in layout:
        return None
    form, encoding = layout[contents[6:8]]
    start = 8 + struct.calcsize(form)
    try:
        length, = struct.unpack(form, contents[8:start])
        text = contents[start:start + length]
        return text.decode(encoding) if len(text) == length else None
    except (struct.error, UnicodeDecodeError):
        return None


def is_deadly(text):
    """Whether a string of the header may have a divisor of 0, by which NumPy divides.

    C's strtol reads it, and an int takes what fits. So all are deadly but plain small numbers.
    """
    if len(text) > MOST_CHARACTERS:
        return False
    try:
        nodes = ast.walk(tree_of(text))
    except Exception:                                          # then there are no strings
        return False
    return any(isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
               and re.search(r"/(?![1-9][0-9]{0,5}(?![0-9]))",
                             node.value if isinstance(node.value, str)
                             else node.value.decode("latin-1"))
               for node in nodes)


def read_header(contents):
    """Shape, order, type and data offset; raises where NumPy would."""
    text = header_text(contents)
    if text is not None and is_deadly(text):
        raise ValueError("a divisor that NumPy is not asked to divide by")
    stream = io.BytesIO(contents)
    shape, fortran_order, dtype = _read_array_header(stream, npy.read_magic(stream))
    return shape, fortran_order, dtype, stream.tell()


def reading_by_numpy(path, contents):
    """What NumPy makes of the file; raises where it refuses.

    It is not asked of time units with a divisor of 0, of which its process dies: those count as
    refused, as they do with every other divisor by npycrop. Nor of more data than the file has and
    memory should be asked for, which it refuses once it has read the little that there is.
    """
    reading = Reading(*read_header(contents))
    size = math.prod(reading.shape) * reading.dtype.itemsize
    if size > max(MOST_BYTES, len(contents)):
        raise ValueError("more data than the file has")
    np.load(path, allow_pickle=False)
    return reading


# ------------------------------------------------------------ running a case

def outcome(case, npycrop, directory):
    """What both made of the case in a word or two, and what went wrong. Keeps the file then."""
    path = os.path.join(directory, f"case-{case.number}.npy")
    with open(path, "wb") as file:
        file.write(case.contents)
    try:
        reading, numpy_says = reading_by_numpy(path, case.contents), "accepts"
    except Exception as error:                                 # the verdict is the point
        reading, numpy_says = None, f"{type(error).__name__}: {str(error)[:200]}"
    status, printed, said = run([npycrop, "info", "--json", path])
    text = header_text(case.contents)
    fault = None
    if not is_proper(status, printed, said):
        fault = "npycrop neither accepts nor refuses"
    elif reading and status == 0:
        result = "accepted by both"
        fault = difference(reading, json.loads(printed))
        reason = explanation(text, True)
        if reason and not fault:
            fault = f"npycrop should refuse it: {reason}"
    elif not reading and status == 1:
        result = "refused by both"
    else:
        reason = text and explanation(text, bool(reading))
        if reason:
            kind, decisions = ("refused", REFUSED) if reading else ("accepted", ACCEPTED)
            result = f"{kind} by decision: {reason} ({decisions[reason]})"
        else:
            fault = "no decision explains it"
    if not fault:
        os.remove(path)
        return result, None
    return "failed", (f"{fault}\n  NumPy: {numpy_says}\n"
                      f"  npycrop: exit {status}, {said!r}, printed {printed[:80]!r}")


def is_proper(status, printed, said):
    """Whether the command did as it should, be it to accept or to refuse."""
    if status == 0:
        return not said
    return status == 1 and not printed and said.endswith(b"\n") and said.count(b"\n") == 1


def difference(reading, report):
    """What npycrop reports of a file otherwise than NumPy, or None."""
    wanted = {"shape": list(reading.shape), "fortran_order": reading.fortran_order,
              "itemsize": reading.dtype.itemsize, "data_offset": reading.offset}
    found = {key: report[key] for key in wanted}
    if found != wanted:
        return f"{found}, expected {wanted}"
    fields = list(map(reported, report["fields"]))
    if fields != fields_of(reading.dtype):
        return f"fields {fields}, expected {fields_of(reading.dtype)}"
    descr = report["descr"]
    try:
        dtype = npy.descr_to_dtype(ast.literal_eval(descr) if descr.startswith("[") else descr)
    except Exception as error:                                 # as for a header
        return f"type {descr}, of which NumPy says {error!r}"
    # A record all of padding is void.
    if dtype != (reading.dtype if reading.dtype.names else np.dtype(reading.dtype.str)):
        return f"type {dtype!r}, expected {reading.dtype!r}"
    return None


def reported(field):
    """A field of the report: name, title, offset, axes, and the fields of a record in it."""
    return (field["name"], field.get("title"), field["offset"], tuple(field["shape"]),
            list(map(reported, field["fields"])))


def fields_of(dtype):
    """The same of a type of NumPy."""
    fields = []
    for name in dtype.names or ():
        part, offset, *title = dtype.fields[name]
        shape = ()
        while part.subdtype:
            part, lengths = part.subdtype
            shape += lengths
        fields.append((name, title[0] if title else None, offset, shape, fields_of(part)))
    return fields


def report(case, seed, fault, directory):
    """Tells what went wrong with a case."""
    print(f"FAILED case {case.number}: --seed {seed} --start {case.number} --cases 1")
    print(f"  {fault}")
    print(f"  header {case.head!r} and {len(case.contents) - len(case.head)} bytes")
    print(f"  file {os.path.join(directory, f'case-{case.number}.npy')}", flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--npycrop", required=True)
    parser.add_argument("--cases", type=positive, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--jobs", type=positive, default=2)
    arguments = parser.parse_args()
    npycrop = os.path.abspath(arguments.npycrop)
    directory = tempfile.mkdtemp(prefix="npycrop-headers-")
    # NumPy warns of Python 2's integers and of old names, Python of escapes that it does not know.
    warnings.simplefilter("ignore")

    def run_case(number):
        case = random_case(arguments.seed, number)
        return case, *outcome(case, npycrop, directory)

    counts, failed = collections.Counter(), 0
    numbers = range(arguments.start, arguments.start + arguments.cases)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for case, result, fault in pool.map(run_case, numbers):
            counts[result] += 1
            if fault:
                failed += 1
                report(case, arguments.seed, fault, directory)
    if not failed:
        os.rmdir(directory)
    for result, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        print(f"{count:7} {result}")
    print(f"{arguments.cases - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
