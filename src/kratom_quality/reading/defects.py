"""What libraries raise over broken files beside the errors they name; too little memory is not among it."""

import struct
import zlib

LIBRARY_DEFECTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    BufferError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)
