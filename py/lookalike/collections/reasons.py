"""Why a file could not be read, in the words of the person whose file it is."""

import errno

_WORDS = {
    errno.EACCES: "You have no permission to read it.",
    errno.EPERM: "You have no permission to read it.",
    errno.ENOENT: "It is no longer there.",
    errno.ENOTDIR: "It is no longer there.",
    errno.EISDIR: "It is a folder, and not a file.",
    errno.EIO: "The disk failed to read it.",
    errno.ESTALE: "It was moved, deleted or changed in the meantime; choose it again.",
    errno.ENOTCONN: "The drive or server that it lies on is not connected.",
    errno.EHOSTDOWN: "The drive or server that it lies on is not connected.",
    errno.ENODEV: "The drive or server that it lies on is not connected.",
    errno.ENXIO: "The drive or server that it lies on is not connected.",
    errno.ETIMEDOUT: "The drive or server that it lies on did not answer.",
    errno.ENAMETOOLONG: "Its path is too long for this system.",
    errno.ELOOP: "It is a link that leads back to itself.",
    errno.EMFILE: "Too many files are open at once.",
    errno.ENFILE: "Too many files are open at once.",
}


def reason_of(error: OSError | MemoryError) -> str:
    """Say why a file could not be read, in a sentence."""
    if isinstance(error, MemoryError):
        return "There is not enough memory to read it."
    words = _WORDS.get(error.errno or 0)
    return words or f"It could not be read ({error.strerror or error or type(error).__name__})."
