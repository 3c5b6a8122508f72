"""Ending a run when the system or the person asks for it, with all kept that is done."""

import asyncio
import signal

from lookalike.collections.progress import Control
from lookalike.terminal.printing import complain

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl+C, the system's request, and the terminal that is closed."""


class Stopper:
    """Cancels the work at the first signal, and gives way to the second.

    Args:
        control: of the work. Made within a running loop.

    Attributes:
        signal: the number of the one that came; 0 for none.
    """

    def __init__(self, control: Control) -> None:
        self.signal = 0
        self._control, self._loop = control, asyncio.get_running_loop()
        for name in SIGNALS:
            number = getattr(signal, name, None)
            if number is None:
                continue
            try:
                self._loop.add_signal_handler(number, self._stop, number)
            except (NotImplementedError, RuntimeError, ValueError):  # Windows, or another thread
                return

    def _stop(self, number: int) -> None:
        if self.signal:
            return
        self.signal = number
        self._control.cancel()
        complain("Stopping: what is done is being written.")
        # Whoever asks again does not want to wait; what is written so far stays.
        self._loop.remove_signal_handler(signal.SIGINT)
