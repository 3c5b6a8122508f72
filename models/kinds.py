"""Says of what kinds the classes of a network are, by WordNet: a golden retriever is a dog.

WordNet's nouns (Fellbaum, WordNet: An Electronic Lexical Database, MIT Press 1998) are read from
its file `data.noun`, whose format https://wordnet.princeton.edu/documentation/wndb5wn has.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence

HYPERNYMS = ("@", "@i")
"""The pointers from a noun to its kind, and from a single thing to its kind."""

BESIDE = 6
"""So many classes on either side say which of several nouns is meant: ImageNet's list goes on from
birds to birds, and from machines to machines."""


class Nouns:
    """WordNet's nouns.

    Args:
        data: the file `data.noun`.

    Attributes:
        notice: what its makers want to go with all that is taken from it.
    """

    def __init__(self, data: bytes) -> None:
        lines = data.decode().splitlines()
        # The notice stands first, each line after two spaces and its number.
        self.notice = "\n".join(
            line.strip().partition(" ")[2].strip() for line in lines if line.startswith("  ")
        )
        self._names: dict[str, list[str]] = {}
        self._above: dict[str, list[str]] = {}
        self._called: dict[str, list[str]] = defaultdict(list)
        for line in lines:
            if not line.startswith("  "):
                self._read(line)

    def _read(self, line: str) -> None:
        place, _, _, count, *fields = line.partition(" | ")[0].split()
        names = 2 * int(count, 16)  # each with a number
        self._names[place] = [name.replace("_", " ") for name in fields[:names:2]]
        pointers = fields[names + 1 :]  # of four fields each
        self._above[place] = [
            to for sign, to in zip(pointers[::4], pointers[1::4], strict=False) if sign in HYPERNYMS
        ]
        for name in self._names[place]:
            self._called[name.lower()].append(place)

    def kinds(self, labels: Sequence[str], most: int) -> list[list[str]]:
        """Name the kinds of each class, the nearest first.

        Args:
            labels: class names, synonyms parted by ", ".
            most: a kind that takes in more of the classes says too little to be named.

        Returns:
            A list for each label, empty where WordNet does not know it.
        """
        above = [self._kinds_of(noun) if noun else [] for noun in self._meant(labels)]
        counts = Counter(kind for kinds in above for kind in kinds)
        return [[self._names[kind][0] for kind in kinds if counts[kind] <= most] for kinds in above]

    def _kinds_of(self, noun: str) -> list[str]:
        """All that is above a noun, the nearest first."""
        found: dict[str, None] = {}
        level = [noun]
        while level:
            level = [kind for below in level for kind in self._above[below] if kind not in found]
            found |= dict.fromkeys(level)
        return list(found)

    def _meant(self, labels: Sequence[str]) -> list[str | None]:
        """Find the noun that each label stands for."""
        possible = [self._possible(label) for label in labels]
        sure = [set(self._kinds_of(nouns[0])) if len(nouns) == 1 else set() for nouns in possible]
        meant: list[str | None] = []
        for place, nouns in enumerate(possible):
            beside = sure[max(0, place - BESIDE) : place + BESIDE + 1]
            likeness = {
                noun: sum(len(kinds.intersection(self._kinds_of(noun))) for kinds in beside)
                for noun in nouns
            }
            meant.append(max(likeness, key=likeness.__getitem__) if nouns else None)
        return meant

    def _possible(self, label: str) -> list[str]:
        """Find the nouns that have most of a label's synonyms for names."""
        counts = Counter(
            noun for name in label.lower().split(",") for noun in self._called.get(name.strip(), [])
        )
        return sorted(noun for noun in counts if counts[noun] == max(counts.values()))
