"""The photos that one search may look at, shared among the services that it searches at once."""

import asyncio
from collections.abc import Sequence


class PhotoQuota:
    """How many photos the search of one service may still look at.

    Args:
        photos: how many in all, for now: what other services leave unused is added.

    Attributes:
        left: how many are left.
    """

    def __init__(self, photos: int) -> None:
        self.left = photos
        self._others: Sequence[PhotoQuota] = ()
        self._waiting: asyncio.Future[bool] | None = None
        self._closed = False

    def take(self) -> None:
        """Begin to look at one photo."""
        self.left -= 1

    def give_back(self) -> None:
        """A look came to nothing, and does not count."""
        self.left += 1
        if self._closed:
            self._pass_on()

    async def more(self) -> bool:
        """Wait until there is a photo to look at; false where there will be none.

        To be called while no look is under way.
        """
        if self.left > 0:
            return True
        self._waiting = asyncio.get_running_loop().create_future()
        try:
            self._settle()
            return await self._waiting
        finally:
            self._waiting = None

    def close(self) -> None:
        """End: no more looks will begin here, and the others get what is left."""
        if not self._closed:
            self._closed = True
            self._pass_on()
            self._settle()

    def _pass_on(self) -> None:
        """Give what is left to those that go on, as equally as it goes, the first who wait."""
        going = [other for other in self._others if not other._closed]
        going.sort(key=lambda other: other._waiting is None)
        while self.left > 0 and going:
            for other in going[: self.left]:
                other.left += 1
                self.left -= 1
        for other in going:
            if other.left > 0 and other._waiting and not other._waiting.done():
                other._waiting.set_result(True)

    def _settle(self) -> None:
        """Where all that go on wait, nobody has anything to leave to them."""
        going = [share for share in (self, *self._others) if not share._closed]
        if all(share._waiting and share.left <= 0 for share in going):
            for share in going:
                if share._waiting and not share._waiting.done():
                    share._waiting.set_result(False)


def shared(photos: int, count: int) -> list[PhotoQuota]:
    """Share a budget of photos equally.

    Args:
        photos: to be shared.
        count: among how many, at least one; where it does not come out even, the first get more.
    """
    shares = [PhotoQuota(photos // count + (number < photos % count)) for number in range(count)]
    for share in shares:
        share._others = [other for other in shares if other is not share]
    return shares
