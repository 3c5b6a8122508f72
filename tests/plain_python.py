"""The site's Python for whoever loads Pyodide alone, which reads no packed archives."""

import gzip

from lookalike_build.archive import PACKED


def write_plain(folder):
    """Put what is in each packed archive of a folder beside it."""
    for path in sorted(folder.glob(f"*{PACKED}")):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
