"""The HTTP around a fake service: HTTP/1.1 with connections kept alive, CORS, late answers."""

import contextlib
import json
import select
import socket
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fakes.base import FakeService
from fakes.replies import Reply, html_reply
from fakes.request_log import Request

CONTROL_PATH = "/control"


class Server(ThreadingHTTPServer):
    """A server on the loopback interface, with one thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, service: FakeService):
        super().__init__(("127.0.0.1", port), Handler)
        self.service = service
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing where a client went away: that is what cancelling a search does."""

    def close_all(self) -> None:
        """Stop listening, and hang up on those who are still connected."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "Fake"
    disable_nagle_algorithm = True
    # A reply leaves in one piece: header and body in two pieces wait for each other's ACK.
    wbufsize = 1 << 20

    def do_GET(self) -> None:
        if self._path == CONTROL_PATH:
            self._send_json(200, self.server.service.state())
        else:
            self._serve(self._answer)

    def do_HEAD(self) -> None:
        self._serve(lambda kind, path, params: html_reply(405, "Method Not Allowed"))

    def do_POST(self) -> None:
        if self._path == CONTROL_PATH:
            self._control()
        else:
            self._serve(lambda kind, path, params: html_reply(405, "Method Not Allowed"))

    def do_OPTIONS(self) -> None:
        # Flickr lets any origin ask, and allows no custom header: no access-control-allow-headers.
        # The other services might, but a source that needs none works with all of them.
        self._serve(lambda kind, path, params: Reply(200, "text/plain", b""))

    @property
    def _path(self) -> str:
        return urlsplit(self.path).path

    def _serve(self, answer: Callable[[str, str, dict[str, str]], Reply | None]) -> None:
        """Log a request, and send what `answer` gives; None hangs up."""
        service, url = self.server.service, urlsplit(self.path)
        params = dict(parse_qsl(url.query, keep_blank_values=True))
        kind = "other" if self.command == "OPTIONS" else service.kind_of(url.path)
        request = service.log.begin(kind, self.command, url.path, params, dict(self.headers))
        try:
            request.body_size = len(self._read_body())
            reply = answer(kind, url.path, params)
        except ConnectionError:
            reply, request.aborted = None, True
        except BaseException:
            service.log.end(request, 0, 0, aborted=False)
            raise
        self._finish(request, reply)

    def _answer(self, kind: str, path: str, params: dict[str, str]) -> Reply | None:
        service = self.server.service
        fault, cleared = service.faults.take(kind)
        self._wait(service.latency_of(kind), self.server.stopping)
        origin = f"http://{self.headers.get('Host') or f'127.0.0.1:{self.server.server_port}'}"
        reply = service.reply(kind, path, params, origin)
        if fault is None:
            return reply
        if fault.name == "hang":
            self._wait(fault.seconds, cleared)
        return service.faults.spoil(kind, fault.name)(reply, params)

    def _wait(self, seconds: float, released: threading.Event) -> None:
        """Wait, unless released.

        Raises:
            ConnectionAbortedError: the client gave up waiting.
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if released.is_set() or self.server.stopping.is_set():
                return
            if select.select([self.connection], [], [], min(left, 0.02))[0]:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    raise ConnectionAbortedError
                time.sleep(min(left, 0.02))

    def _finish(self, request: Request, reply: Reply | None) -> None:
        log = self.server.service.log
        if reply is None:
            self.close_connection = True
            log.end(request, 0, 0, request.aborted)
            return
        self._write(reply, request.kind)
        # Logged before it leaves: who has read the answer finds it in the log.
        log.end(request, reply.status, len(reply.body), aborted=False)
        try:
            self.wfile.flush()
        except ConnectionError:
            request.status, request.aborted, self.close_connection = 0, True, True

    def _write(self, reply: Reply, kind: str) -> None:
        self.send_response(reply.status)
        self.send_header("content-type", reply.content_type)
        self.send_header("content-length", str(len(reply.body) + reply.missing))
        # The image host allows every origin always; the API says so only to those who ask.
        if reply.cors and (kind == "image" or "Origin" in self.headers):
            self.send_header("access-control-allow-origin", "*")
            self.send_header("access-control-allow-methods", "GET, OPTIONS")
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if kind == "image" and reply.status == 200:
            self.send_header("cache-control", "max-age=31536000")
        if reply.missing:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _control(self) -> None:
        try:
            order = json.loads(self._read_body() or b"{}")
            if not isinstance(order, dict):
                raise ValueError("an order is a JSON object")
            self._send_json(200, self.server.service.control(order))
        except ValueError as error:
            self._send_json(400, {"error": str(error)})

    def _send_json(self, status: int, value: object) -> None:
        body = (json.dumps(value, indent=1) + "\n").encode()
        self._write(Reply(status, "application/json", body), "other")

    def _read_body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        return self.rfile.read(int(length)) if length.isdecimal() else b""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        if self.server.service.verbose:
            print(format % args, flush=True)
