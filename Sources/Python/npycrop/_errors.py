"""The exceptions that are not Python's own."""


class FileChangedError(OSError):
    """The file became shorter than the array, or is not the one that it was.

    Can be pickled, and made of one text, as worker processes do.
    """
