"""`python -m lookalike index`: make a collection of the photos in a folder."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from lookalike.collections.collection import Collection, ModelId, feature_kind, new_id
from lookalike.collections.embedding import Embedder
from lookalike.collections.indexing import Pace, index
from lookalike.collections.opened_file import BadCollectionFile, CollectionFile
from lookalike.collections.progress import Control
from lookalike.collections.upload import Failure
from lookalike.errors import LookalikeError
from lookalike.terminal.folder import files_in
from lookalike.terminal.growing_file import GrowingFile
from lookalike.terminal.network import MODEL, load_measure, load_model


def parser() -> argparse.ArgumentParser:
    """Describe the command's options."""
    p = argparse.ArgumentParser("python -m lookalike index", description=__doc__)
    add = p.add_argument
    add("folder", type=Path, help="of photos, or a zip file of them")
    add("-o", "--output", type=Path, required=True, metavar="NAME.lookalike",
        help="if it is there, only photos that are new or changed are described")  # fmt: skip
    add("--name", help="of the collection; default: the folder's")
    add("--model", type=Path, default=MODEL, help="the network, made by build_site.py")
    add("--score", type=Path, metavar="FILE.py", help="the measure; default: py/score.py")
    add("--threads", type=int, default=os.cpu_count() or 1, metavar="N", help="photos at a time")
    add("--quiet", action="store_true", help="without a progress bar")
    return p


async def run(options: argparse.Namespace) -> str:
    """Make or update the collection that the options describe; say what came of it.

    Raises:
        OSError: the folder cannot be read, or the file not be written.
        LookalikeError: the network, the measure or the file cannot be used.
    """
    model, model_id = load_model(options.model)
    measure = load_measure(options.score)
    files, failed = await files_in(options.folder)
    collection, old = _collection(options, model_id, feature_kind(measure.key))
    embedder = Embedder(model, model_id, measure, run=asyncio.to_thread)
    control, pace = Control(), Pace(photos=256, seconds=60.0, at_once=max(1, options.threads))
    with contextlib.suppress(NotImplementedError):  # on Windows
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, control.cancel)
    with (
        GrowingFile(options.output, collection, old, model.spec.layers) as file,
        tqdm(total=len(files), unit=" photos", disable=options.quiet) as bar,
    ):
        async for report in index(file, collection.id, files.values(), embedder, control, pace):
            bar.update(report.done - bar.n)
        failed += report.failed
        lost = {failure.path for failure in failed}
        count = await file.finish(files.keys() - lost)
    return _summary(options.output, count, report.added, failed, report.cancelled)


def _collection(
    options: argparse.Namespace, model: ModelId, kind: str
) -> tuple[Collection, CollectionFile | None]:
    """Give what is to be made, and what is there of it already."""
    name = options.name or options.folder.resolve().stem
    if options.output.exists():
        old = CollectionFile(options.output.open("rb"))
        before = old.collection
        if (before.model, before.measure) == (model, kind):
            kept = Collection(before.id, options.name or before.name, before.created, model, kind)
            return kept, old
        print("The network or the measure is another one: all photos are described anew.")
        name = options.name or before.name
    return Collection(new_id(), name, int(time.time()), model, kind), None


def _summary(
    output: Path, count: int, added: int, failed: Sequence[Failure], cancelled: bool
) -> str:
    lines = [f"{failure.path}: {failure.reason}" for failure in failed]
    if lines:
        lines.insert(0, f"{len(failed)} files were not added:")
    size = output.stat().st_size / 1e6
    lines.append(f"{output}: {count} photos, of which {added} are new or changed; {size:.1f} MB")
    if cancelled:
        lines.append("It was stopped. Run the same command again to go on.")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        The exit status.
    """
    options = parser().parse_args(arguments)
    try:
        print(asyncio.run(run(options)))
    except BadCollectionFile as error:
        print(f"index: {options.output}: {error} Remove it, or write another.", file=sys.stderr)
        return 1
    except LookalikeError as error:
        print(f"index: {error} {error.advice}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"index: {error}", file=sys.stderr)
        return 1
    return 0
