"""What browsers do not get of Python, numpy and Pillow, and why; all else is for any score.py."""

OF_LIBRARY = {
    # A browser has no terminal, no windows, and one process; the build installs what there is.
    "no terminal": ("_pyrepl/", "cmd.py", "curses/", "getpass.py", "pty.py", "tty.py"),
    "no windows": ("antigravity.py", "idlelib/", "turtledemo/", "webbrowser.py"),
    "no processes": (
        *("concurrent/futures/interpreter.py", "concurrent/futures/process.py"),
        *("concurrent/interpreters/", "multiprocessing/"),
    ),
    "no installing": ("ensurepip/", "venv/", "zipapp.py"),
    # It has no sockets: urllib asks, and is given the page's courier. (http.server has classes that
    # the tests' fake services are made of, and bdb one that pytest catches.)
    "no sockets": (
        *("ftplib.py", "imaplib.py", "mailbox.py", "poplib.py", "smtplib.py"),
        *("wsgiref/", "xmlrpc/"),
    ),
    "no debugger": ("cProfile.py", "doctest.py", "pdb.py", "profile.py", "pstats.py"),
    "no help": ("modulefinder.py", "pyclbr.py", "pydoc.py", "pydoc_data/", "tabnanny.py"),
    "no tools": ("compileall.py", "pickletools.py", "symtable.py", "trace.py"),
    "not Windows": ("asyncio/windows_", "encodings/mbcs.py", "encodings/oem.py"),
    # Modules in C take the place of these, or are not there for them.
    "spare": ("_pydatetime.py", "_pydecimal.py", "_pyio.py"),
    "incomplete": ("sqlite3/", "tkinter/"),
}
"""Beginnings of names in the archive of the standard library, by why they are of no use."""

OF_WHEELS = {
    "for compilers and type checkers": (".a", ".c", ".h", ".pxd", ".pyi", "py.typed"),
    # Nothing imports it: numpy.linalg has a module of its own.
    "spare": ("numpy/linalg/lapack_lite.cpython-314-wasm32-emscripten.so",),
    "no windows": ("PIL/ImageTk.py", "PIL/_tkinter_finder.py"),
    # They import a package that is not there; Pillow does without.
    "incomplete": ("PIL/FpxImagePlugin.py", "PIL/MicImagePlugin.py"),
    "for numpy's own build": ("numpy/_core/cversions.py",),
}
"""Ends of names in wheels, by why they are of no use."""

FOLDERS_OF_WHEELS = ("/tests/", "numpy/_pyinstaller/", "numpy/f2py/")
"""Parts of names: tests, what is for another packager, what starts compilers."""

EMPTIED = (
    # They give the functions written in C their docstrings.
    *("numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py"),
    # `from numpy import *` imports it.
    "numpy/f2py/__init__.py",
)
"""Modules of wheels that something imports, without needing what is in them."""


def beginnings() -> tuple[str, ...]:
    """What names begin with of which the standard library goes without."""
    return tuple(name for names in OF_LIBRARY.values() for name in names)


def ends() -> tuple[str, ...]:
    """What names end in of which wheels go without."""
    return tuple(name for names in OF_WHEELS.values() for name in names)
