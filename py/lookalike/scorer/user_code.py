"""How code that people write is run: its failures become words, and it breaks nothing else.

No fence against malice (what score.py may reach is up to the browser), but against mistakes: what
it prints is caught, `sys.exit()` ends nothing, and builtins that it redefines are put back before
anybody else calls them.
"""

import asyncio
import builtins
import inspect
import sys
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from operator import is_
from typing import Any, TypeVar

import numpy as np

from lookalike.errors import LookalikeError, ScoreError
from lookalike.scorer.console import Console

T = TypeVar("T")

FILE = "score.py"
"""The name that the file goes by, in tracebacks and to people."""

WORDS = 500
"""Characters of an exception's own message that are told."""

# Bound here, since the code that is run may have redefined them where they are looked up.
_live, _all, _map, _next = vars(builtins), all, map, next
_Stop, _Exit = StopIteration, GeneratorExit


class UserCode:
    """Runs what score.py defines.

    Args:
        console: takes what is printed; without one it goes where all else goes.
        interruptible: whether a `KeyboardInterrupt` is somebody who presses Ctrl+C, and ends more
            than this code. On the page nobody can, so there it is one more of its errors.
    """

    def __init__(self, console: Console | None = None, *, interruptible: bool = True) -> None:
        self.console = console
        self._interrupts = (KeyboardInterrupt,) if interruptible else ()
        self._depth = 0
        self._builtins: dict[str, Any] = {}
        self._streams = sys.stdout, sys.stderr
        self._numpy: Any = None

    def call(self, what: str, function: Callable[..., T], *args: object) -> T:
        """Return what `function(*args)` returns.

        Args:
            what: begins the error, such as "score.py could not be read".

        Raises:
            ScoreError: it raised anything, were it SystemExit.
            LookalikeError: it raised this.
            KeyboardInterrupt: somebody interrupts the program.
        """
        try:
            self._enter()
            try:
                return function(*args)
            finally:
                self._leave()
        except (LookalikeError, *self._interrupts):
            raise
        except BaseException as error:  # noqa: BLE001 - sys.exit() would end Python
            failure = self._told(what, error)
        # Raised here, so that it does not keep the frames of what failed, and their arrays, alive.
        try:
            raise failure
        finally:
            del failure

    async def wait(self, what: str, function: Callable[..., Awaitable[T]], *args: object) -> T:
        """Return what the coroutine of `function(*args)` returns.

        It is led step by step, so that what other tasks print or call in between is their own.

        Raises:
            ScoreError: it raised anything, or is no coroutine function.
            LookalikeError: it raised this.
            asyncio.CancelledError: the task that waits was cancelled.
        """
        awaitable = self.call(what, function, *args)
        if not inspect.isawaitable(awaitable):
            message = f"{what}: TypeError: it must be defined by “async def”."
            raise ScoreError(message, line=line_of(function))
        result: T = await _Steps(self, what, awaitable)
        return result

    def _enter(self) -> None:
        if self._depth == 0:
            self._builtins = {**_live}
            self._numpy = np.geterr()
            self._streams = sys.stdout, sys.stderr
            if self.console:
                sys.stdout = sys.stderr = self.console
        self._depth += 1

    def _leave(self) -> None:
        self._depth -= 1
        if self._depth:
            return
        saved = self._builtins
        if not (_live.keys() == saved.keys() and _all(_map(is_, _live.values(), saved.values()))):
            _live.update(saved)
            for name in [*_live]:
                if name not in saved:
                    del _live[name]
        sys.stdout, sys.stderr = self._streams
        if np.geterr() != self._numpy:
            np.seterr(**self._numpy)
        if self.console:
            self.console.emit_all()

    def _told(self, what: str, error: BaseException) -> ScoreError:
        line = line_to_mend(error)
        where = f" (line {line})" if line else ""
        message = str(error.msg)[:WORDS] if isinstance(error, SyntaxError) else self._words(error)
        described = f"{type(error).__name__}: {message}" if message else type(error).__name__
        return ScoreError(f"{what}{where}: {described}", line=line)

    def _words(self, error: BaseException) -> str:
        # An exception's own __str__ is code of the same author.
        self._enter()
        try:
            return str(error)[:WORDS]
        except self._interrupts:
            raise
        except BaseException:  # noqa: BLE001
            return ""
        finally:
            self._leave()


class _Steps:
    """A coroutine that enters and leaves user code between one suspension and the next."""

    def __init__(self, code: UserCode, what: str, awaitable: Awaitable[Any]) -> None:
        self._code, self._what, self._awaitable = code, what, awaitable

    def __await__(self) -> Generator[Any, Any, Any]:
        awaitable = self._awaitable
        inner: Generator[Any, Any, Any]
        if inspect.iscoroutine(awaitable):
            inner = awaitable.__await__()  # which is Python's own
        else:
            inner = self._code.call(self._what, awaitable.__await__)
        thrown: BaseException | None = None
        while True:
            outcome = self._code.call(self._what, _step, inner, thrown)
            if outcome.stopped:
                raise outcome.stopped
            if outcome.done:
                return outcome.value
            try:
                yield outcome.value
                thrown = None
            except BaseException as error:  # noqa: BLE001 - it is for the coroutine to hear
                thrown = error


@dataclass(frozen=True, slots=True)
class _Outcome:
    value: Any
    done: bool = False
    stopped: BaseException | None = None


def _step(inner: Generator[Any, Any, Any], thrown: BaseException | None) -> _Outcome:
    try:
        return _Outcome(_next(inner) if thrown is None else inner.throw(thrown))
    except _Stop as stop:
        return _Outcome(stop.value, done=True)
    except (asyncio.CancelledError, _Exit) as error:
        if thrown is None:
            raise  # of its own accord
        return _Outcome(None, stopped=error)


def line_to_mend(error: BaseException) -> int | None:
    """Find the line of score.py where `error` was raised, as its author sees it: the last one."""
    if isinstance(error, SyntaxError) and str(error.filename).endswith(FILE):
        return error.lineno
    line, step = None, error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename.endswith(FILE):
            line = step.tb_lineno
        step = step.tb_next
    return line


def line_of(function: object) -> int | None:
    """Find the line of score.py that defines `function`."""
    code = getattr(getattr(function, "__func__", function), "__code__", None)
    if code is not None and code.co_filename.endswith(FILE):
        return int(code.co_firstlineno)
    return None
