"""Windows out of `.npy` files that are too large to load.

>>> import npycrop
>>> scan = npycrop.open("scan.npy")
>>> scan[150, 100:164, 200:264]          # what NumPy gives, and nothing else is read
>>> scan.windows(origins, (1, 64, 64))   # many windows in one call
"""

from ._array import NPYArray, open
from ._errors import FileChangedError
from ._file import Header, header

__all__ = ["FileChangedError", "Header", "NPYArray", "header", "open"]
__version__ = "0.1.0"
