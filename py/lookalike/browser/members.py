"""Which members a page's search has: by the names in its settings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lookalike.browser.services import Services
from lookalike.browser.settings import Settings
from lookalike.errors import SourceError
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.replayable import Outcome, Replayable
from lookalike.policies.steerable import Steerable
from lookalike.search.context import Limits
from lookalike.search.federated import Member, service

MakeMember = Callable[[str, Settings], Member]
"""Makes the member of a name, such as "collection:7", for a search with these settings. It raises a
`LookalikeError` where there is none of that name."""


class Helm:
    """The policies of one search, one for each service, steered together."""

    def __init__(self) -> None:
        self._retold: list[Replayable] = []
        self._steered: list[Steerable] = []

    def policy(self, name: str) -> Steerable:
        """Make one more policy, by its name; the default one where there is none of that name."""
        retold = Replayable(POLICIES.get(name, POLICIES[DEFAULT]).make)
        steered = Steerable(retold)
        self._retold.append(retold)
        self._steered.append(steered)
        return steered

    def steer(self, tag: str, stance: str) -> None:
        """See `Steerable.steer`: at all services."""
        for policy in self._steered:
            policy.steer(tag, stance)

    async def retell(self, outcome: Callable[[str], Outcome | None]) -> None:
        """See `Replayable.retell`: to one after the other, as there is one thread anyway."""
        for retold in self._retold:
            await retold.retell(outcome)


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

    def members(self, settings: Settings, helm: Helm) -> list[Member]:
        """Make the members that the settings name, each once, in their order.

        Raises:
            SourceError: there are none, or one is not known.
            LookalikeError: one cannot be made.
        """
        if not settings.sources:
            raise SourceError("Nothing was chosen to search.", f"Choose {self._offered()}.")
        return [self._member(name, settings, helm) for name in dict.fromkeys(settings.sources)]

    def _member(self, name: str, settings: Settings, helm: Helm) -> Member:
        kind, colon, _ = name.partition(":")
        if colon and kind in self.others:
            return self.others[kind](name, settings)
        tools = self.services.get(name)
        if tools is None:
            raise SourceError(
                f"There is nothing called “{name}” to search.", f"Choose {self._offered()}."
            )
        policy = helm.policy(settings.policy)
        return service(tools, policy, settings.filters, Limits(calls=settings.parallel))

    def _offered(self) -> str:
        titles = [choice.title for choice in self.services.choices]
        return " or ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
