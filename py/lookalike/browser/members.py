"""Which members a page's search has: by the names in its settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lookalike.browser.services import Services
from lookalike.browser.settings import Settings
from lookalike.errors import SourceError
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.state import ScoreOf
from lookalike.search.context import Limits
from lookalike.search.core import SearchCore
from lookalike.search.federated import Member, service

MakeMember = Callable[[str, Settings], Member]
"""Makes the member of a name, such as "collection:7", for a search with these settings. It raises a
`LookalikeError` where there is none of that name."""


class Cores:
    """The cores of one search, one for each service, steered together."""

    def __init__(self) -> None:
        self._cores: list[SearchCore] = []

    def make(self, policy: str) -> SearchCore:
        """Make one more, by the name of its policy; the default one where there is none of it."""
        core = SearchCore(POLICIES.get(policy, POLICIES[DEFAULT]).make)
        self._cores.append(core)
        return core

    def steer(self, tag: str, stance: str) -> None:
        """See `SearchCore.steer`: at all services."""
        for core in self._cores:
            core.steer(tag, stance)

    async def rescore(self, score_of: ScoreOf) -> None:
        """See `SearchCore.rescore`: of one after the other, as there is one thread anyway."""
        for core in self._cores:
            await core.rescore(score_of)


@dataclass(frozen=True, slots=True)
class Members:
    """Makes the members of a search.

    Attributes:
        services: the photo services.
        others: what else can be searched: how its members are made, by what comes before the colon
            in its names.
    """

    services: Services
    others: Mapping[str, MakeMember]

    def members(self, settings: Settings, cores: Cores) -> list[Member]:
        """Make the members that the settings name, each once, in their order.

        Raises:
            SourceError: there are none, or one is not known.
            LookalikeError: one cannot be made.
        """
        if not settings.sources:
            raise SourceError("Nothing was chosen to search.", f"Choose {self._offered()}.")
        return [self._member(name, settings, cores) for name in dict.fromkeys(settings.sources)]

    def _member(self, name: str, settings: Settings, cores: Cores) -> Member:
        kind, colon, _ = name.partition(":")
        if colon and kind in self.others:
            return self.others[kind](name, settings)
        tools = self.services.get(name)
        if tools is None:
            raise SourceError(
                f"There is nothing called “{name}” to search.", f"Choose {self._offered()}."
            )
        core = cores.make(settings.policy)
        return service(tools, core, settings.filters, Limits(calls=settings.parallel))

    def _offered(self) -> str:
        titles = [choice.title for choice in self.services.choices]
        return " or ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
