"""`python -m lookalike search`: find photos of a collection, like a given one or by words."""

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm

from lookalike.collections.json_records import to_text
from lookalike.collections.neighbours import Nearest
from lookalike.collections.opened_file import BadCollectionFile, CollectionFile
from lookalike.errors import BadPhoto, LookalikeError
from lookalike.model.onnxruntime_native import NativeModel
from lookalike.ranking.query_photo import QueryPhoto
from lookalike.ranking.text_query import TextQuery
from lookalike.shown import shown
from lookalike.terminal.find import find
from lookalike.terminal.growing_file import part_of
from lookalike.terminal.network import MODEL, load_model, load_reader, load_scorer
from lookalike.terminal.printing import (
    QuietStderr,
    complain,
    report,
    reserved_output,
    said,
    speaks_unicode,
    user_code,
)


def parser() -> argparse.ArgumentParser:
    """Describe the command's options."""
    p = argparse.ArgumentParser("python -m lookalike search", description=__doc__)
    add = p.add_argument
    add("photos", type=Path, nargs="*", metavar="PHOTO",
        help="what to look for the likes of; none for a score function with START")  # fmt: skip
    add("collection", type=Path, metavar="NAME.lookalike", help="made by index, or exported")
    add("--text", default="", metavar="WORDS", help="what to look for, alone or beside a photo")
    add("-k", type=int, default=10, metavar="N", help="how many; default: 10")
    add("--json", action="store_true", help="for machines")
    add("--model", type=Path, default=MODEL, help="the network that it was made with")
    add("--score", type=Path, metavar="FILE.py", help="the score function; default: py/score.py")
    return p


async def run(options: argparse.Namespace) -> Nearest:
    """Search as the options say.

    Raises:
        OSError: a file cannot be read.
        LookalikeError: a file, the network or the scorer cannot be used.
    """
    if options.k < 1:
        raise LookalikeError("-k must be at least 1.", "Ask for one photo or more.")
    words = options.text.strip()
    scorer = load_scorer(options.score, user_code())
    if not (options.photos or words or scorer.start):
        raise LookalikeError(
            "There is nothing to search for.",
            "Give a photo, --text WORDS, or a score function that needs none.",
        )
    photos = [await _opened(path) for path in options.photos]
    with options.collection.open("rb") as opened:
        file = _collection(options.collection, opened)
        model, model_id = load_model(options.model)
        text = _text(words, model, options) if words else None
        with tqdm(
            desc="described again", delay=1, unit=" photos", disable=options.json, leave=False,
            file=QuietStderr(),
        ) as bar:  # fmt: skip

            def report(done: int, total: int) -> None:
                bar.total = total
                bar.update(done - bar.n)

            answer = await find(file, model, model_id, scorer, photos, options.k, report, text)
    if text and text.problem:
        complain(shown(f"search: {text.problem.message} {text.problem.advice}"))
    if answer.why:
        complain(f"search: {answer.explanation()}")
    return answer


async def _opened(path: Path) -> QueryPhoto:
    """Open a photo that is searched for; of several, what is wrong is said with its name."""
    photo = QueryPhoto(path.read_bytes())
    try:
        picture = await photo.opened()
    except BadPhoto as error:
        raise BadPhoto(f"{path}: {error}", error.advice) from None
    if picture.note:
        complain(shown(f"search: {path}: {picture.note}"))
    return replace(photo, picture=picture)


def _collection(path: Path, opened: BinaryIO) -> CollectionFile:
    try:
        return CollectionFile(opened)
    except BadCollectionFile as error:
        raise BadCollectionFile(f"{path}: {error}", error.advice) from None


def _text(words: str, model: NativeModel, options: argparse.Namespace) -> TextQuery:
    reader = load_reader(model, options.model)
    text = TextQuery.made(words, reader, photo=bool(options.photos), own=True)
    if text is None:
        raise LookalikeError(f"“{words}” has no word.", "Describe in words what you look for.")
    return text


def as_lines(answer: Nearest) -> str:
    """Write an answer for people: a line a photo, the score first."""
    return "\n".join(f"{each.score:12.6g}  {shown(each.id)}" for each in answer.neighbours)


def as_json(answer: Nearest) -> str:
    """Write an answer for machines."""
    found = [{"path": each.id, "score": each.score} for each in answer.neighbours]
    told: dict[str, object] = {"photos": found, "compared": answer.compared, "total": answer.total}
    if answer.why:
        told["why"] = answer.why
    return to_text(told, indent=1) if speaks_unicode(sys.stdout) else json.dumps(told, indent=1)


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        The exit status.
    """
    options = parser().parse_intermixed_args(arguments)
    try:
        with reserved_output():
            answer = asyncio.run(run(options))
        return 0 if report(as_json(answer) if options.json else as_lines(answer)) else 1
    except LookalikeError as error:
        complain(shown(f"search: {error} {error.advice}"))
    except FileNotFoundError as error:
        complain(f"search: {said(error)}{_unfinished(options.collection)}")
    except OSError as error:
        complain(f"search: {said(error)}")
    except KeyboardInterrupt:
        return 130
    return 1


def _unfinished(path: Path) -> str:
    if path.exists() or not part_of(path).exists():
        return ""
    return " It was not finished: run index again, which goes on from what is done."
