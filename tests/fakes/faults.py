"""The faults that wait for the next requests."""

import threading
from dataclasses import dataclass

from fakes.replies import FaultTable, Spoil


@dataclass
class Fault:
    """A fault, how many requests it is for (None: until cleared), and how long a hang lasts."""

    name: str
    times: int | None
    seconds: float


class Faults:
    """Queues of faults, one for the API and one for images; safe to use from any thread."""

    def __init__(self, table: FaultTable) -> None:
        self._table = table
        self._lock = threading.Lock()
        self._waiting: dict[str, list[Fault]] = {on: [] for on in table}
        self._cleared = threading.Event()

    def add(self, name: str, times: int | None, on: str, seconds: float) -> None:
        """Queue a fault after those that wait already.

        Raises:
            ValueError: there is no such fault for `on` ("api" or "image"), or `times` is below 1.
        """
        if on not in self._table:
            raise ValueError(f"faults are on {' or '.join(self._table)}, not on {on!r}")
        if name not in self._table[on]:
            raise ValueError(f"no fault {name!r} on {on}; there are {', '.join(self._table[on])}")
        if times is not None and times < 1:
            raise ValueError(f"a fault happens at least once, not {times} times")
        with self._lock:
            self._waiting[on].append(Fault(name, times, seconds))

    def take(self, on: str) -> tuple[Fault | None, threading.Event]:
        """Give the fault for this request, and the event that ends its waiting."""
        with self._lock:
            queue = self._waiting.get(on, [])
            if not queue:
                return None, self._cleared
            fault = queue[0]
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    queue.pop(0)
            return fault, self._cleared

    def spoil(self, on: str, name: str) -> Spoil:
        """Give what a fault makes of a good reply."""
        return self._table[on][name]

    def clear(self) -> None:
        """Forget all faults, and let what hangs answer now."""
        with self._lock:
            for queue in self._waiting.values():
                queue.clear()
            self._cleared.set()
            self._cleared = threading.Event()

    def waiting(self) -> dict[str, list[str]]:
        """List the names of the faults that are still to happen."""
        with self._lock:
            return {on: [fault.name for fault in queue] for on, queue in self._waiting.items()}
