"""What has been described: one table of features, by what described them and the photo."""

from lookalike.ranking.cache import Cache
from lookalike.scorer.scorer import CheckedScorer, Feature


class FeatureTable:
    """The features of one search, by what described them (`CheckedScorer.key`) and the photo.

    What is in use by the search stays, however much it is: see `keep`. What else this visit has
    described is found in the cache, as long as that has room for it.

    Args:
        model: the name of the model that describes images.
        cache: what this and other searches have computed.
    """

    def __init__(self, model: str, cache: Cache) -> None:
        self._model, self._cache = model, cache
        self._rows: dict[tuple[str, str], dict[str, Feature | None]] = {}

    def get(self, scorer: CheckedScorer, photo: str) -> Feature | None:
        """Give a photo's feature; None where the scorer could not, or has not, described it.

        Args:
            scorer: any scorer; those of one key share their features.
            photo: the photo's id.
        """
        row = self._rows.get(scorer.key, {})
        return row[photo] if photo in row else self._cache.features.get(self._cached(scorer, photo))

    def put(self, scorer: CheckedScorer, photo: str, feature: Feature | None) -> None:
        """Keep what a scorer made of a photo; None: it cannot describe it."""
        self._rows.setdefault(scorer.key, {})[photo] = feature
        if feature is not None:
            self._cache.features.put(self._cached(scorer, photo), feature)

    def holds(self, scorer: CheckedScorer, photo: str) -> bool:
        """Say whether all is known of a photo, be it that the scorer cannot describe it.

        What is known stays from now on.
        """
        row = self._rows.setdefault(scorer.key, {})
        if photo not in row and (feature := self.get(scorer, photo)) is not None:
            row[photo] = feature
        return photo in row

    def keep(self, *scorers: CheckedScorer) -> None:
        """Forget what was made by others than these, unless the cache has room for it."""
        keys = {scorer.key for scorer in scorers}
        self._rows = {key: row for key, row in self._rows.items() if key in keys}

    def _cached(self, scorer: CheckedScorer, photo: str) -> tuple[object, ...]:
        return self._model, *scorer.key, photo
