"""A small web server for `dist/`, with the MIME types that browsers insist on."""

import os
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lookalike_build.steps import BuildError, step

MIME_TYPES = {
    "": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".onnx": "application/octet-stream",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # The machine's own table of types, which the base class reads, is wrong on some systems.
    extensions_map = MIME_TYPES

    def end_headers(self) -> None:
        """Ask browsers to ask each time, so that a rebuilt file is seen on reload."""
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: a visit is thirty requests."""


def make_server(folder: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of a folder on this machine alone, not yet serving.

    Args:
        folder: what it serves, at /.
        port: 0 for any that is free; `server.server_address[1]` tells which.

    Raises:
        BuildError: the port is taken.
    """
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder)))
    except (OSError, OverflowError) as error:
        raise BuildError(f"Port {port} is not free ({error}): give another --port") from error


def serve(folder: Path, port: int) -> None:
    """Serve a folder until interrupted, and show it in the browser where there is one.

    Raises:
        BuildError: the port is taken.
    """
    with make_server(folder, port) as server:
        url = f"http://localhost:{server.server_address[1]}/"
        step(f"Serving {folder} at {url} (stop with Ctrl+C)")
        if _has_browser():
            webbrowser.open(url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def _has_browser() -> bool:
    if os.environ.get("CI"):
        return False
    # Without a display, Linux would start a browser in this very terminal.
    displays = {"DISPLAY", "WAYLAND_DISPLAY"}
    return sys.platform in {"darwin", "win32"} or bool(displays & os.environ.keys())
