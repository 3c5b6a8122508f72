"""`python -m lookalike index`: make a collection of the photos in a folder."""

import argparse
import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from lookalike.collections.collection import Collection, feature_kind, new_id
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import Pace, index
from lookalike.collections.opened_file import BadCollectionFile, CollectionFile
from lookalike.collections.progress import Control, IndexingProgress
from lookalike.collections.refresh import refresh
from lookalike.collections.zips import is_zip
from lookalike.errors import LookalikeError, ModelError, ScoreError
from lookalike.shown import shown
from lookalike.terminal.folder import Listing, as_text, files_in
from lookalike.terminal.growing_file import GrowingFile, part_of, recovered
from lookalike.terminal.keeping import fate_of
from lookalike.terminal.kept import KeptPhotos
from lookalike.terminal.network import MODEL, load_model, load_scorer
from lookalike.terminal.outcome import Outcome, photos
from lookalike.terminal.printing import (
    QuietStderr,
    complain,
    report,
    reserved_output,
    said,
    user_code,
)
from lookalike.terminal.stopping import Stopper


def parser() -> argparse.ArgumentParser:
    """Describe the command's options."""
    p = argparse.ArgumentParser("python -m lookalike index", description=__doc__)
    add = p.add_argument
    add("folder", type=Path, help="of photos, or a zip file of them")
    add("-o", "--output", type=Path, required=True, metavar="NAME.lookalike",
        help="if it is there, only photos that are new or changed are described")  # fmt: skip
    add("--name", help="of the collection; default: the folder's")
    add("--prune", action="store_true",
        help="drop all photos that are no longer in the folder; else those stay of which all of a "
        "folder is missing, as where a drive is away")  # fmt: skip
    add("--follow-links", action="store_true", help="go into folders that are links")
    add("--model", type=Path, default=MODEL, help="the network, made by build_site.py")
    add("--score", type=Path, metavar="FILE.py", help="the score function; default: py/score.py")
    add("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="photos at a time")
    add("--quiet", action="store_true", help="without a progress bar")
    return p


async def run(options: argparse.Namespace) -> Outcome:
    """Make or update the collection that the options describe; say what came of it.

    Raises:
        OSError: the folder cannot be read, or the file not be opened.
        LookalikeError: the network, the scorer or the file cannot be used.
    """
    control = Control()
    stopper = Stopper(control)
    model, model_id = load_model(options.model)
    scorer = load_scorer(options.score, user_code())
    # Where it is a link, what it leads to is replaced, not the link.
    output = Path(os.path.realpath(options.output))
    listing = await files_in(
        options.folder, (output, part_of(output)), options.follow_links, lambda: control.cancelled
    )
    outcome = Outcome(options.output, failed=listing.failed, links=listing.links)
    if before := await recovered(output):
        outcome.notes.append(f"{photos(before)} of an earlier run that was interrupted: kept.")
    embedder = Embedder(model, model_id, scorer, run=asyncio.to_thread)
    old = CollectionFile(output.open("rb")) if output.exists() else None
    if listing.complete:
        await _Update(options, output, listing, embedder, control, outcome).run(old)
    elif old:
        outcome.photos = old.photos
        old.close()
    outcome.stopped = stopper.signal
    return outcome


class _Update:
    """One run over all that was found."""

    def __init__(
        self,
        options: argparse.Namespace,
        output: Path,
        listing: Listing,
        embedder: Embedder,
        control: Control,
        outcome: Outcome,
    ) -> None:
        self._options, self._output, self._listing = options, output, listing
        self._embedder, self._control, self._outcome = embedder, control, outcome
        self._kind = feature_kind(embedder.scorer.key)

    async def run(self, old: CollectionFile | None) -> None:
        collection = self._collection(old.collection if old else None)
        outcome, listing = self._outcome, self._listing
        layers = self._embedder.model.spec.layers
        with GrowingFile(self._output, collection, old, layers) as file:
            known = [each async for some in file.entries(collection.id) for each in some]
            stale = await self._stale(old)
            if known and len(stale) == len(known):
                outcome.notes.append(
                    "The network or the score function has changed: all photos are described again."
                )
            failure = None
            try:
                await self._index(file, collection, stale)
            except (ModelError, ScoreError) as error:
                failure = error  # what was described before goes into the file
            known = [each async for some in file.entries(collection.id) for each in some]
            outcome.fate = fate_of(known, listing, self._options.prune)
            left = stale - file.ids - outcome.fate.dropped
            if old and left and not failure:
                await self._describe(KeptPhotos(old, left, file), collection)
            if file.ids or old:
                outcome.photos = await file.finish(outcome.fate.dropped)
        if failure:
            raise failure

    def _collection(self, old: Collection | None) -> Collection:
        model = self._embedder.model_id
        name = self._options.name or (old.name if old else name_of(self._options.folder))
        if old:
            return Collection(old.id, name, old.created, model, self._kind)
        return Collection(new_id(), name, int(time.time()), model, self._kind)

    async def _stale(self, old: CollectionFile | None) -> set[str]:
        """Find the photos that this network or this scorer has not described."""
        if old is None:
            return set()
        described, model = old.described(self._kind), self._embedder.model_id
        return {
            entry.id
            async for some in old.entries(old.collection.id)
            for entry in some
            if entry.id not in described or entry.model != model
        }

    async def _index(self, file: GrowingFile, collection: Collection, stale: set[str]) -> None:
        uploads, pace = self._listing.uploads, Pace(256, at_once=max(1, self._options.threads))
        last: IndexingProgress | None = None
        with self._bar(len(uploads)) as bar:
            async for last in index(
                file, collection.id, uploads, self._embedder, self._control, pace, stale
            ):
                bar.update(last.done - bar.n)
        if last:
            self._outcome.added, self._outcome.renamed = last.added, last.renamed
            self._outcome.unchanged, self._outcome.rate = last.unchanged, last.rate
            self._outcome.failed += last.failed
            self._outcome.partly, self._outcome.others = list(last.notes), last.others

    async def _describe(self, kept: KeptPhotos, collection: Collection) -> None:
        """Describe photos that were not found, from their thumbnails."""
        with self._bar(0) as bar:
            async for report in refresh(kept, collection, self._embedder, self._control):
                bar.total = report.total
                bar.update(report.done - bar.n)

    def _bar(self, total: int) -> "tqdm[None]":
        return tqdm(total=total, unit=" photos", disable=self._options.quiet, file=QuietStderr())


def name_of(folder: Path) -> str:
    """Name a collection after its folder, or zip file."""
    name = as_text(Path(os.path.realpath(folder)).name)
    if is_zip(name) and folder.is_file():
        name = name[: -len(".zip")]
    return shown(name) or "Photos"


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        The exit status.
    """
    options = parser().parse_args(arguments)
    try:
        with reserved_output():
            outcome = asyncio.run(run(options))
        report(outcome.text)
    except BadCollectionFile as error:
        name = shown(str(options.output))
        complain(f"index: {name}: {error} Remove it, or write another.")
    except LookalikeError as error:
        complain(shown(f"index: {error} {error.advice}"))
    except OSError as error:
        complain(f"index: {said(error)}")
    except KeyboardInterrupt:
        complain("Stopped at once. Run the same command again to go on from what is done.")
        return 130
    else:
        return outcome.status
    return 1
