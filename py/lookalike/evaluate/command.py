"""`python -m lookalike evaluate`."""

import argparse
import functools
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from lookalike.budget import CALLS_AT_ONCE, LOOKS_AT_ONCE, PHOTOS_A_LOOK, Budget
from lookalike.errors import LookalikeError
from lookalike.evaluate import retrieval_command, sentence_model
from lookalike.evaluate.chain import (
    ChainRunner,
    Pace,
    chains_as_json,
    chains_as_table,
    load_links,
    summarise_chains,
)
from lookalike.evaluate.figure import draw
from lookalike.evaluate.larger import enlarged, mix
from lookalike.evaluate.noise import add_noise
from lookalike.evaluate.policies import WITH_WORD_VECTORS, canonical_name
from lookalike.evaluate.query_images import load_queries
from lookalike.evaluate.report import UNLIMITED, as_json, as_table, settling_table, summarise
from lookalike.evaluate.runner import Case, Setting, run_all, run_each
from lookalike.evaluate.simulate import Parallel
from lookalike.evaluate.simulated_source import Collection, load_collection
from lookalike.evaluate.tasks import Task, class_task, similarity_task
from lookalike.evaluate.timing import PACES
from lookalike.model.onnxruntime_native import NativeModel

BUDGETS = {"similar": ["440:30:100", "110:30:100", "440:20:20", "110:20:20"], "class": ["500:500"]}
"""What the page allows a search, of Flickr and of Openverse; each with CLEAR's 110 photos, too."""

PER_PAGE = {"similar": 30, "class": 1}
"""The paper's own experiment looks at one photo a call, 500 times (Sato, WSDM 2022, section 5)."""

SEEDS = 5

SHARED = Path("..") / "shared"
MODEL = Path("dist") / "models" / "mobilenet_v2.onnx"


def parse_budget(text: str, per_page: int) -> tuple[Budget, int]:
    """Read "PHOTOS" (with any number of calls), "PHOTOS:CALLS" or "PHOTOS:CALLS:AN ANSWER".

    Args:
        text: what to read.
        per_page: photos in an answer, where it does not say.

    Raises:
        ValueError: it is none of these.
    """
    photos, calls, answer, *_ = [*text.split(":", 2), "", ""]
    try:
        read = int(photos), int(calls or UNLIMITED), int(answer or per_page)
    except ValueError:
        raise ValueError(f"--budgets takes PHOTOS[:CALLS[:N]], and not “{text}”") from None
    if read[2] < 1:
        raise ValueError(f"--budgets: an answer has one photo or more, and not {read[2]}")
    return Budget(*read[:2]), read[2]


def parser() -> argparse.ArgumentParser:
    """Describe the command's options."""
    p = argparse.ArgumentParser("python -m lookalike evaluate", description=__doc__)
    add = p.add_argument
    add("--photos", type=Path, default=SHARED / "photos", help="folder with photos.jsonl")
    add("--queries", type=Path, default=SHARED / "queries", help="folder of images")
    add("--labelled", type=Path, metavar="DIR",
        help="not searches, but all layers of the networks in --model's folder, on photos in a"
        " folder for each class, or listed by labelled.jsonl")  # fmt: skip
    add("--policies", nargs="+", default=["default", "greedy", "linucb"], metavar="NAME")
    add("--budgets", nargs="+", metavar="PHOTOS[:CALLS[:N]]",
        help="with N photos in an answer; default: 440:30:100 110:30:100 440:20:20 110:20:20; for"
        " --task class 500:500")  # fmt: skip
    add("--seeds", type=int, metavar="N",
        help="seeds 0 to N-1; default: 5; with --labelled 20")  # fmt: skip
    add("--per-page", type=int, metavar="N",
        help="photos in an answer, where --budgets does not say; default: 30; for --task"
        " class 1")  # fmt: skip
    add("--task", choices=["similar", "class"], default="similar")
    add("--score", default="avg_pool", metavar="LAYER[:SIMILARITY]",
        help="avg_pool, conv_16_project …; cosine (default of avg_pool), dot or exp")  # fmt: skip
    add("--chain", type=int, metavar="N",
        help="searches that follow from one another, N of them, by avg_pool: the third best found"
        " is searched for next, starting from all that is known")  # fmt: skip
    add("--every", type=float, metavar="SECONDS",
        help="with --chain, in simulated time: from the begin of a search to the next, at a service"
        " that takes 20 calls a minute")  # fmt: skip
    add("--pace", choices=sorted(PACES), default="window",
        help="with --every: as many calls as the last minute allows, or a burst and then one at a"
        " time")  # fmt: skip
    add("--larger", type=int, default=1, metavar="N",
        help="a collection N times as large, of mixtures of its photos, by avg_pool")  # fmt: skip
    add("--noise", type=float, default=0.0, metavar="0..1", help="how noisy the tags are made")
    add(
        "--settle",
        action="store_true",
        help="also say when searches settle, and what the rest of the budget would have brought, in"
        " a second table",
    )
    add("--figure", type=Path, metavar="FILE", help="draw the curves to a .png or .svg file")
    add("--json", action="store_true", help="print JSON instead of a table")
    add("--model", type=Path, default=MODEL, help="the network, made by build_site.py")
    add("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    add(
        "--parallel-calls",
        type=int,
        default=CALLS_AT_ONCE,
        metavar="N",
        help="calls under way at once",
    )
    add(
        "--parallel-looks",
        type=int,
        metavar="N",
        help=f"looks under way at once; else one for each {PHOTOS_A_LOOK} photos of the budget, "
        f"{LOOKS_AT_ONCE[0]} at least and {LOOKS_AT_ONCE[1]} at most",
    )
    return p


def make_task(options: argparse.Namespace) -> Task:
    """Load what the options name.

    Raises:
        OSError: a file is missing.
        ValueError: an option makes no sense.
        LookalikeError: an image or the network is broken.
    """
    collection = _load(options)
    if not options.model.exists():
        raise FileNotFoundError(f"{options.model} is not there; run python3 build_site.py first")
    model = NativeModel(options.model)
    if options.task == "class":
        return class_task(collection, options.model, model.spec.labels)
    layer, _, similarity = options.score.partition(":")
    if layer not in model.spec.layers:
        raise ValueError(f"--score: the network's layers are {', '.join(model.spec.layers)}")
    similarity = similarity or ("cosine" if layer == "avg_pool" else "dot")
    if similarity not in ("cosine", "dot", "exp"):
        raise ValueError("--score: the similarities are cosine, dot and exp")
    queries = load_queries(model, options.queries, [layer], options.json)
    if options.chain and (layer != "avg_pool" or collection.features is None):
        raise ValueError("--chain needs --score avg_pool, and a collection with its features")
    task = similarity_task(collection, queries, model, layer, similarity, options.json)
    if options.larger == 1:
        return task
    if (layer, similarity) != ("avg_pool", "cosine"):
        raise ValueError("--larger needs --score avg_pool, by cosine")
    return enlarged(task, mix(collection, options.larger))


def _load(options: argparse.Namespace) -> Collection:
    if options.task == "class" and (options.chain or options.larger != 1):
        raise ValueError("--chain and --larger search for similar photos alone")
    if options.every is not None and not (options.chain and options.every > 0):
        raise ValueError("--every takes seconds, and goes with --chain")
    if options.larger < 1 or (options.chain and options.larger != 1):
        raise ValueError("--larger takes a number from 1 on, and no --chain")
    collection = load_collection(options.photos)
    if not options.noise:
        return collection
    noisy = add_noise(collection.photos, options.noise, seed=0)
    return Collection(noisy, collection.files, collection.features)


def check(options: argparse.Namespace) -> None:
    """See that numbers make sense and the figure can be drawn, before what may take hours.

    Raises:
        ValueError, FileNotFoundError: they do not, or it cannot.
    """
    for name in ("seeds", "per_page", "chain", "parallel_calls", "parallel_looks"):
        given = getattr(options, name)
        if given is not None and given < 1:
            raise ValueError(f"--{name.replace('_', '-')} takes a number from 1 on")
    if not 0 <= options.noise <= 1:
        raise ValueError("--noise takes a number from 0 to 1")
    if options.chain and (options.figure or options.settle):
        raise ValueError("--figure and --settle go with no --chain: there is nothing of the kind")
    if options.settle and options.json:
        raise ValueError("--settle goes with no --json: what it finds out is a table")
    if options.figure:
        if options.figure.suffix.lower() not in (".png", ".svg"):
            raise ValueError(f"--figure draws a .png or .svg file, and not {options.figure}")
        if not options.figure.parent.is_dir():
            raise FileNotFoundError(f"--figure: there is no folder {options.figure.parent}")
        if find_spec("matplotlib") is None:
            raise ValueError("--figure needs matplotlib: python -m pip install -e '.[evaluate]'")


def guessed(task: Task) -> set[str]:
    """List the tags that searches start from."""
    return {guess.tag for guesses in task.guesses or () for guess in guesses}


def run(options: argparse.Namespace) -> str:
    """Run the evaluation that the options describe; give its report."""
    check(options)
    if options.labelled:
        return retrieval_command.run(options)
    seeds = options.seeds or SEEDS
    names = [name for given in options.policies for name in given.split(",")]
    policies = list(dict.fromkeys(map(canonical_name, names)))
    given_budgets = options.budgets or BUDGETS[options.task]
    per_page = options.per_page or PER_PAGE[options.task]
    texts = [text for given in given_budgets for text in given.split(",")]
    budgets = [parse_budget(text, per_page) for text in texts]
    task = make_task(options)
    if set(policies) & set(WITH_WORD_VECTORS):
        tags = {tag for photo in task.index.photos for tag in photo.tags}
        sentence_model.prepare(tags | guessed(task), options.json)
    setting = Setting(
        task,
        Parallel(options.parallel_calls, options.parallel_looks),
        options.settle,
    )
    cases = [
        Case(policy, budget, query, seed, answer)
        for policy in policies
        for budget, answer in budgets
        for query in range(len(task.names))
        for seed in range(seeds)
    ]
    if options.chain:
        links = load_links(options.photos, options.model, options.score)
        pace = Pace(options.every, options.pace) if options.every else None
        make = functools.partial(ChainRunner, setting, links, options.chain, pace)
        chains = run_each(make, cases, options.jobs, options.json)
        found = summarise_chains(chains)
        return chains_as_json(found) if options.json else chains_as_table(found)
    outcomes = run_all(setting, cases, options.jobs, options.json)
    if options.figure:
        what = "classes" if options.task == "class" else f"queries, {options.score}"
        draw(outcomes, options.figure, f"{len(task.names)} {what}, {seeds} seeds", task.best)
    rows = summarise(outcomes)
    if options.json:
        return as_json(rows)
    tables = [as_table(rows), *([settling_table(outcomes)] if options.settle else [])]
    return "\n\n".join(tables)


def main(arguments: Sequence[str]) -> int:
    """Run the command.

    Returns:
        The exit status.
    """
    options = parser().parse_args(arguments)
    try:
        print(run(options))
    except (OSError, ValueError, LookalikeError) as error:
        print(f"evaluate: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("evaluate: stopped.", file=sys.stderr)
        return 130
    return 0
