"""What every fake photo service is: photos, limits, faults, latencies and a log of requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from fakes.collection import Collection
from fakes.faults import Faults
from fakes.rate_limit import RateLimit
from fakes.replies import FaultTable, Reply
from fakes.request_log import RequestLog


@dataclass
class FakeService:
    """The state that requests meet; what is answered is said by the service's own class.

    `limits` are the limits of calls, by the name that they are set by. Latencies are in seconds.
    """

    collection: Collection
    limits: dict[str, RateLimit]
    call_latency: float = 0.0
    image_latency: float = 0.0
    verbose: bool = False
    faults: Faults = field(init=False)
    log: RequestLog = field(default_factory=RequestLog)

    api_path: ClassVar[str]
    fault_table: ClassVar[FaultTable]

    def __post_init__(self) -> None:
        self.faults = Faults(self.fault_table)

    def kind_of(self, path: str) -> str:
        """Tell what a path is: "api", "image" or "other"."""
        if path.rstrip("/") == self.api_path.rstrip("/"):
            return "api"
        return "image" if self.is_image(path) else "other"

    def is_image(self, path: str) -> bool:
        """Tell whether a path has the form of a picture's."""
        raise NotImplementedError

    def reply(self, kind: str, path: str, params: Mapping[str, str], origin: str) -> Reply:
        """Answer one GET, faults aside; `origin` is where the pictures are."""
        raise NotImplementedError

    def latency_of(self, kind: str) -> float:
        """Tell how long the answer to a request of this kind takes, in seconds."""
        return {"api": self.call_latency, "image": self.image_latency}.get(kind, 0.0)

    def forget(self) -> None:
        """Drop the log, its peaks, and the calls counted towards the limits."""
        self.log.forget()
        for limit in self.limits.values():
            limit.reset()

    def state(self) -> dict[str, Any]:
        """Describe the service to whoever drives it by hand."""
        return {
            "photos": len(self.collection.photos),
            "call_latency": self.call_latency,
            "image_latency": self.image_latency,
            **{name: limit.calls for name, limit in self.limits.items()},
            "faults": self.faults.waiting(),
            "requests": {kind: len(self.log.requests(kind)) for kind in ("api", "image", "other")},
            "peak": {kind: self.log.peak(kind) for kind in ("api", "image")},
        }

    def control(self, order: Mapping[str, Any]) -> dict[str, Any]:
        """Do what an order of the control API says, and give the state after it.

        Raises:
            ValueError: the order names something that is not there, or has a value of a wrong type.
        """
        known = ["fault", "times", "on", "seconds", "clear", "forget"]
        known += ["call_latency", "image_latency", *self.limits]
        if unknown := set(order) - set(known):
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}; there are {' '.join(known)}")
        try:
            return self._obey(order)
        except TypeError as error:
            raise ValueError(str(error)) from error

    def _obey(self, order: Mapping[str, Any]) -> dict[str, Any]:
        if order.get("clear") or ("fault" in order and not order["fault"]):
            self.faults.clear()
        if order.get("forget"):
            self.forget()
        self.call_latency = float(order.get("call_latency", self.call_latency))
        self.image_latency = float(order.get("image_latency", self.image_latency))
        for name, limit in self.limits.items():
            calls = order.get(name, limit.calls)
            limit.calls = None if calls is None else int(calls)
        if order.get("fault"):
            times = order.get("times")
            self.faults.add(
                str(order["fault"]),
                None if times is None else int(times),
                str(order.get("on", "api")),
                float(order.get("seconds", 60.0)),
            )
        return self.state()
