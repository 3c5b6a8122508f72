import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import generated_photos
import tiny_model
from lookalike.browser.settings import NUMBERS
from lookalike.budget import Budget
from lookalike.evaluate.chain import (
    ChainRunner,
    Links,
    Pace,
    chains_as_json,
    chains_as_table,
    summarise_chains,
)
from lookalike.evaluate.command import BUDGETS, main, parse_budget, parser
from lookalike.evaluate.figure import curves
from lookalike.evaluate.metrics import (
    Yardstick,
    bootstrap_interval,
    mean_of_best,
    running_best,
    yardstick,
)
from lookalike.evaluate.noise import add_noise
from lookalike.evaluate.policies import canonical_name
from lookalike.evaluate.query_images import query_files
from lookalike.evaluate.report import UNLIMITED, as_json, as_table, settling_table, summarise
from lookalike.evaluate.runner import Case, Runner, Setting, run_all
from lookalike.evaluate.simulate import World, simulate
from lookalike.evaluate.simulated_source import SimulatedSource, WordIndex, load_collection
from lookalike.evaluate.tasks import INITIAL_TAGS, Task, compare
from lookalike.evaluate.timing import PACES, PER_MINUTE, Timing
from lookalike.photo import Photo
from lookalike.policies import DEFAULT, POLICIES
from lookalike.policies.policy import Policy
from lookalike.policies.state import Guess
from lookalike.sources.flickr import Flickr
from lookalike.sources.openverse import Openverse
from play import photo

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.native


# -- Metrics, by hand ------------------------------------------------------------------------------


def test_the_mean_of_the_best():
    assert mean_of_best(np.array([1.0, 5, 3, 4]), best=2) == 4.5
    assert mean_of_best(np.array([5.0, 3]), best=4) == pytest.approx((5 + 3 + 3 + 3) / 4)
    assert np.isnan(mean_of_best(np.array([])))


def test_the_share_is_0_as_random_and_1_as_the_oracle():
    scale = Yardstick(random=0.4, oracle=0.6)
    assert scale.share(0.4) == 0
    assert scale.share(0.55) == pytest.approx(0.75)
    assert scale.share(0.6) == 1
    assert scale.share(0.3) == pytest.approx(-0.5)
    assert scale.share(float("nan")) == 0
    assert Yardstick(0.5, 0.5).share(0.5) == 1


def test_a_small_collection_is_its_own_oracle():
    scale = yardstick(np.array([1.0, 2, 3]), np.random.default_rng(0), best=2)
    assert scale.oracle == scale.random == 2.5


def test_random_lies_below_the_oracle():
    scores = np.arange(1000.0)
    scale = yardstick(scores, np.random.default_rng(0), best=1)
    assert scale.oracle == 999
    # The expected maximum of 110 of n numbers from 0 is (n + 1) · 110 / 111 - 1.
    assert scale.random == pytest.approx(1001 * 110 / 111 - 1, abs=2)


@given(scores=st.lists(st.floats(-9, 9), min_size=1, max_size=40))
def test_more_looks_never_find_less(scores):
    found = running_best(scores, best=1)
    assert (np.diff(found) >= 0).all()
    assert found[-1] == max(scores)


def test_the_bootstrap_resamples_queries():
    values = np.array([0.0, 0.0, 1.0, 1.0])
    rng = np.random.default_rng(0)
    assert bootstrap_interval(values, [0, 0, 1, 1], rng) == (0.0, 1.0)
    assert bootstrap_interval(values, [0, 1, 0, 1], rng) == (0.5, 0.5)


def test_similarities():
    a, b = np.array([[3.0, 4.0]], np.float32), np.array([[4.0, 3.0], [0.0, 2.0]], np.float32)
    assert compare("dot", a, b).tolist() == [[24, 8]]
    assert compare("cosine", a, b) == pytest.approx(np.array([[0.96, 0.8]]))
    assert compare("exp", a, b) == pytest.approx(np.exp([[0.024, 0.008]]))


# -- The collection --------------------------------------------------------------------------------

PHOTOS = [
    Photo("a", title="A sunny day", tags=("polar bear", "snow")),
    Photo("b", tags=("bear",)),
    Photo("c", tags=("Snow", "day")),
]


def test_every_word_of_a_query_occurs_in_tags_or_title():
    index = WordIndex(PHOTOS)
    assert index.find("bear").tolist() == [0, 1]
    assert index.find("day SNOW").tolist() == [0, 2]
    assert index.find("bear day snow").tolist() == [0]
    assert index.find("bea").tolist() == index.find("☃").tolist() == []


def test_pages_follow_one_another_without_repeats():
    index = WordIndex([photo(i, "sky") for i in range(7)])
    source = SimulatedSource(index, seed=1, per_page=3, hidden=[2])
    pages = [[found.id for found in source.search("sky")] for _ in range(4)]
    assert [len(page) for page in pages] == [3, 3, 0, 0]
    assert sorted(name for page in pages for name in page) == ["0", "1", "3", "4", "5", "6"]


def test_the_order_is_fixed_by_the_seed():
    index = WordIndex([photo(i, "sky") for i in range(50)])
    first, again, other = (
        [found.id for found in SimulatedSource(index, seed, 30).search("sky")] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_noise_is_deterministic_and_none_where_none_is_wanted():
    photos = [photo(i, "polar bear", "sky") for i in range(200)]
    assert [p.tags for p in add_noise(photos, 0.0, 0)] == [p.tags for p in photos]
    noisy = add_noise(photos, 0.5, 3)
    assert noisy == add_noise(photos, 0.5, 3)
    tags = [tag for found in noisy for tag in found.tags]
    assert 60 < tags.count("polarbear") < 90
    assert 60 < tags.count("polar bear") < 90
    assert len(tags) > 600


# -- Simulation ------------------------------------------------------------------------------------


class Reckless(Policy):
    """Wants to look at one photo over and over."""

    def suggest_tags(self, state, n):
        return [] if state.log else ["sky"]

    def suggest_photos(self, state, n):
        return list(state.photos.values())[:1]


def test_a_policy_that_wants_to_look_twice_does_so_once():
    world = World(lambda query: [photo(1, "sky")], lambda found: 1.0, [])
    trace = simulate(Reckless, world, Budget(), np.random.default_rng(0))
    assert [found.id for found in trace.looked] == ["1"]


def small_task(queries=2):
    rng = np.random.default_rng(0)
    tags = ["cat", "dog", "sea", "sky", "car", "tree"]
    photos = [photo(i, *rng.choice(tags, 2, replace=False)) for i in range(300)]
    scores = np.array(
        [[("cat" in p.tags) + 0.1 * rng.normal() for p in photos] for _ in range(queries)]
    )
    return Task(WordIndex(photos), ["q"] * queries, scores, [[Guess("dog", 0.5)]] * queries)


@settings(max_examples=20, deadline=None)
@given(photos=st.integers(1, 60), calls=st.integers(1, 20), policy=st.sampled_from(list(POLICIES)))
def test_budgets_hold(photos, calls, policy):
    runner = Runner(Setting(small_task()))
    outcome = runner.run(Case(policy, Budget(photos, calls), 0, 0, 20))
    assert outcome.photos <= photos
    assert outcome.calls <= calls
    assert len(outcome.curve) == len(outcome.calls_before) == outcome.photos


def cases():
    budgets = [Budget(30, UNLIMITED), Budget(30, 8)]
    return [Case(p, b, q, s) for p in (DEFAULT, "greedy") for b in budgets for q in (0, 1)
            for s in (0, 1)]  # fmt: skip


def test_processes_make_no_difference():
    setting = Setting(small_task())
    one, two = (run_all(setting, cases(), jobs, quiet=True) for jobs in (1, 2))
    assert [(o.case, o.found, o.calls) for o in one] == [(o.case, o.found, o.calls) for o in two]


def test_the_report_has_a_row_for_each_policy_and_budget():
    rows = summarise(run_all(Setting(small_task()), cases(), 1, quiet=True))
    told = json.loads(as_json(rows))
    assert [(row["policy"], row["photos"], row["calls"]) for row in told] == [
        (DEFAULT, 30, None), (DEFAULT, 30, 8), ("greedy", 30, None), ("greedy", 30, 8),
    ]  # fmt: skip
    assert all(row["queries"] == row["seeds"] == 2 for row in told)
    assert told[0]["share_low"] <= told[0]["share"] <= told[0]["share_high"] <= 1
    assert told[0]["share_p10"] <= told[0]["share"]
    assert told[0]["ms_per_decision"] > 0
    assert len(as_table(rows).splitlines()) == 6


def test_settling_is_told_and_changes_nothing():
    plain, asked = (
        run_all(Setting(small_task(), settle=settle), cases(), 1, quiet=True)
        for settle in (False, True)
    )
    assert [o.found for o in plain] == [o.found for o in asked]
    head, _, first, *others = settling_table(asked).splitlines()
    assert len(others) == 3
    told = dict(zip(cells(head), cells(first), strict=True))
    # So few photos settle nothing.
    assert (told["policy"], told["settled"], told["wrong"]) == (DEFAULT, "0.00", "")
    assert told["share then"] == told["at the end"]


def test_who_settled_while_there_was_more_to_gain_was_wrong():
    (outcome,) = run_all(Setting(small_task()), cases()[:1], 1, quiet=True)
    curve = np.array([0.1, 0.5, 0.53, 0.6])
    both = [replace(outcome, curve=curve, share=0.6, settled=settled) for settled in (2, 3, 4)]
    head, _, row = settling_table(both).splitlines()
    told = dict(zip(cells(head), cells(row), strict=True))
    assert [told[name] for name in ("settled", "share then", "wrong")] == ["0.67", "0.543", "1.00"]


def cells(line):
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_curves_end_at_the_share():
    outcomes = run_all(Setting(small_task()), cases()[:1], 1, quiet=True)
    for by_calls in (False, True):
        steps, mean, error = curves(outcomes, by_calls)
        assert steps[0] == 1
        assert mean[-1] == pytest.approx(outcomes[0].share)
        assert error[-1] == 0


def test_random_tags_start_a_search_for_a_class():
    photos = [photo(i, f"t{i}") for i in range(300)]
    task = Task(WordIndex(photos), ["tench"], np.zeros((1, 300)), None, best=1)
    start = [task.start(0, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    assert start[0] == start[1] != start[2]
    assert len({guess.tag for guess in start[0]}) == INITIAL_TAGS


# -- The command -----------------------------------------------------------------------------------


def test_budgets_are_read():
    assert parse_budget("110", 30) == (Budget(110, UNLIMITED), 30)
    assert parse_budget("440:60", 30) == (Budget(440, 60), 30)
    assert parse_budget("440:30:100", 30) == (Budget(440, 30), 100)
    assert parse_budget("440::100", 30) == (Budget(440, UNLIMITED), 100)
    for wrong in ("many", "1:2:3:4", "", "10:1.5"):
        with pytest.raises(ValueError, match=f"takes PHOTOS.*, and not “{wrong}”"):
            parse_budget(wrong, 30)
    with pytest.raises(ValueError, match="one photo or more, and not 0"):
        parse_budget("440:30:0", 30)
    with pytest.raises(ValueError, match="more than 0"):
        parse_budget("0", 30)


def test_the_default_budgets_are_those_of_the_page():
    photos, calls = NUMBERS["photos"].initial, NUMBERS["calls"].initial
    flickr, _, openverse, _ = (parse_budget(text, 30) for text in BUDGETS["similar"])
    assert flickr == (Budget(photos, calls), Flickr.can.per_call)
    assert openverse == (Budget(photos, Openverse.can.per_minute), Openverse.can.per_call)


def test_policies_go_by_several_names():
    assert canonical_name("default") == DEFAULT
    assert canonical_name("Greedy") == "greedy"
    assert canonical_name("TiaraS") == canonical_name("tiara-s") == "tiara_s"
    with pytest.raises(ValueError, match="there is no policy “magic”; there are active_search"):
        canonical_name("magic")


def test_what_is_missing_is_said(capsys, tmp_path):
    assert main(["--photos", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err


def test_a_folder_of_images_is_a_folder_of_queries(tmp_path):
    (tmp_path / "b.jpg").touch()
    (tmp_path / "a.PNG").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "._a.PNG").touch()
    (tmp_path / "c.jpg").mkdir()
    assert list(query_files(tmp_path)) == ["a", "b"]
    # Two of one name but for its end are two.
    (tmp_path / "a.jpg").touch()
    assert list(query_files(tmp_path)) == ["a.PNG", "a.jpg", "b"]
    (tmp_path / "queries.jsonl").write_text('{"id": "x", "file": "b.jpg"}\n\n')
    assert query_files(tmp_path) == {"x": tmp_path / "b.jpg"}


def test_a_folder_without_images_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError, match="no images"):
        query_files(tmp_path)


def test_a_collection_is_read(tmp_path):
    lines = [
        {"id": 1, "tags": ["sky", "sky", "sea"], "title": None, "file": "img/1.jpg"},
        {"id": "2", "tags": [], "owner": "me"},
    ]
    (tmp_path / "photos.jsonl").write_text("\n".join(map(json.dumps, lines)))
    collection = load_collection(tmp_path)
    assert collection.photos == [Photo("1", tags=("sky", "sea")), Photo("2", owner_id="me")]
    assert collection.files == [tmp_path / "img/1.jpg", None]
    assert collection.features is None
    assert collection.only([1]).photos == [collection.photos[1]]
    np.save(tmp_path / "avg_pool.f16.npy", np.zeros((3, 4), np.float16))
    with pytest.raises(ValueError, match="3 rows for 2 photos"):
        load_collection(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"id": 1}\n\n{"tags": []}\n', "line 3, has no 'id'"),
        ('{"id": 1}\n{"id": 2', "line 2, is no JSON"),
        ('["id"]', "line 1, is no object"),
        ('{"id": 1}\n{"id": "1"}', "two photos with the id 1"),
    ],
)
def test_what_is_wrong_with_a_list_of_photos_is_said(text, said, tmp_path, capsys):
    (tmp_path / "photos.jsonl").write_text(text)
    assert main(["--photos", str(tmp_path)]) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"evaluate: {tmp_path / 'photos.jsonl'}")
    assert said in told


def test_a_list_of_photos_may_be_of_windows(tmp_path):
    (tmp_path / "photos.jsonl").write_bytes(b'\xef\xbb\xbf{"id": "\xc3\xa4"}\r\n')
    assert [photo.id for photo in load_collection(tmp_path).photos] == ["ä"]


@pytest.fixture
def small_world(tmp_path):
    """The options that name a folder of generated photos, three of them as queries, a network."""
    for folder in ("photos", "queries"):
        (tmp_path / folder).mkdir()
    tiny_model.make(tmp_path)
    rows = generated_photos.collection(60)
    for row in rows:
        row["file"] = f"{row['id']}.jpg"
        (tmp_path / "photos" / row["file"]).write_bytes(row.pop("bytes"))
    (tmp_path / "photos" / "photos.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for row in rows[::20]:
        shutil.copy(tmp_path / "photos" / row["file"], tmp_path / "queries")
    options = {"photos": "photos", "queries": "queries", "model": "tiny.onnx"}
    named = [(f"--{name}", str(tmp_path / path)) for name, path in options.items()]
    layer = ("--score", "conv_16_project:cosine")
    return [text for option in [*named, layer] for text in option]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_command_tells_machines_everything_and_draws(small_world, capsys, tmp_path, kind):
    figure = tmp_path / f"figure.{kind}"
    budgets = ["--budgets", "10:5,20", "--seeds", "2", "--jobs", "2"]
    policies = ["--policies", "default,greedy"]
    command = [*small_world, *budgets, *policies, "--json", "--figure", str(figure)]
    assert main(command) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["policy"], row["photos"], row["calls"]) for row in rows] == [
        (policy, *budget) for policy in (DEFAULT, "greedy") for budget in ((10, 5), (20, None))
    ]
    for row in rows:
        assert (row["queries"], row["seeds"]) == (3, 2)
        assert row["share_p10"] <= row["share"] <= 1
        assert row["ms_per_decision"] > 0
        assert row["photos_used"] <= row["photos"]
    head = figure.read_bytes()[:60]
    assert head.startswith(b"\x89PNG" if kind == "png" else b"<?xml")


def test_noise_makes_the_search_harder_to_guess_and_stays_deterministic(small_world, capsys):
    command = [*small_world, "--budgets", "20", "--seeds", "1", "--jobs", "1", "--json"]
    told = []
    for noise in ("0", "1", "1"):
        assert main([*command, "--noise", noise]) == 0
        rows = json.loads(capsys.readouterr().out)
        told.append([(row["policy"], row["share"], row["calls_used"]) for row in rows])
    assert told[0] != told[1] == told[2]


def test_options_that_make_no_sense_are_refused(small_world, capsys):
    for wrong in (
        ["--score", "magic"],
        ["--score", "avg_pool:magic"],
        ["--policies", "magic"],
        ["--task", "class"],
        ["--model", "nowhere.onnx"],
        ["--larger", "0"],
        ["--larger", "2"],
        ["--larger", "2", "--chain", "2"],
        ["--larger", "2", "--task", "class"],
        ["--every", "36"],
        ["--seeds", "0"],
        ["--per-page", "-1"],
        ["--chain", "0"],
        ["--parallel-calls", "0"],
        ["--parallel-looks", "-3"],
        ["--noise", "1.5"],
        ["--noise", "nan"],
        ["--chain", "2", "--figure", "a.png"],
        ["--chain", "2", "--settle"],
        ["--settle", "--json"],
    ):
        assert main([*small_world, *wrong]) == 1
    said = capsys.readouterr().err
    for name in (
        "layers are",
        "similarities are",
        "there is no policy",
        "build_site.py",
        "a number from 1 on",
        "--score avg_pool, by cosine",
        "similar photos alone",
        "goes with --chain",
        *(f"--{name} takes a number from 1 on" for name in ("seeds", "per-page", "chain")),
        "--parallel-calls takes",
        "--parallel-looks takes",
        "from 0 to 1",
        "go with no --chain",
        "goes with no --json",
    ):
        assert name in said


@pytest.mark.parametrize(("figure", "why"), [("no/a.png", "no folder"), ("a.abc", ".png or .svg")])
@pytest.mark.parametrize("what", ["searches", "labelled"])
def test_a_figure_that_cannot_be_drawn_is_refused_before_the_work(
    small_world, capsys, tmp_path, figure, why, what
):
    command = [*small_world, "--labelled", str(tmp_path)] if what == "labelled" else small_world
    assert main([*command, "--figure", str(tmp_path / figure)]) == 1
    told = capsys.readouterr()
    assert why in told.err
    # Nothing of the progress of any work.
    assert "queries" not in told.err


def test_so_is_one_where_nothing_draws(small_world, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("lookalike.evaluate.command.find_spec", lambda name: None)
    assert main([*small_world, "--figure", str(tmp_path / "a.png")]) == 1
    told = capsys.readouterr().err
    assert "needs matplotlib" in told
    assert "queries" not in told


def test_ctrl_c_ends_it_in_one_line(small_world, capsys, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("lookalike.evaluate.command.run_all", interrupted)
    assert main(small_world) == 130
    assert capsys.readouterr().err.endswith("evaluate: stopped.\n")


def test_options_have_help(capsys):
    with pytest.raises(SystemExit):
        parser().parse_args(["--help"])
    assert "--per-page" in capsys.readouterr().out


# -- One search after another ----------------------------------------------------------------------


def chained(task, length=3, policy=DEFAULT, pace=None):
    rng = np.random.default_rng(3)
    n = len(task.index.photos)
    features = rng.normal(size=(n, 8)).astype(np.float32)
    links = Links(features, rng.normal(size=(n, 4)).astype(np.float32), list("abcd"), "cosine")
    runner = ChainRunner(Setting(task), links, length, pace)
    return [runner.run(Case(policy, Budget(20, 8), query, 0, 5)) for query in range(2)]


@pytest.mark.parametrize("way", sorted(PACES))
@given(
    gaps=st.lists(st.floats(0, 30), max_size=120),
)
def test_no_minute_has_more_calls_than_the_service_takes(way, gaps):
    made, now = [], 0.0
    for gap in gaps:
        now += gap
        made.append(PACES[way](made, now))
        assert made[-1] >= now
    assert made == sorted(made)
    for first, last in zip(made, made[PER_MINUTE:], strict=False):
        assert last - first >= 60.0 - 1e-6


def test_spread_calls_are_a_burst_and_then_one_by_one():
    made = []
    for _ in range(PER_MINUTE):
        made.append(PACES["spread"](made, 0.0))
    assert made[:10] == [0.0] * 10
    gaps = np.diff(made[9:])
    assert gaps == pytest.approx(np.full(10, 60 / 11))


def test_outcomes_come_in_time_and_what_waits_is_given_up():
    timing = Timing(PACES["window"], call=1.0, look=0.5)
    for tag in range(PER_MINUTE + 1):
        timing.start(str(tag))
    timing.start(photo("a"))
    timing.start(photo("b"))
    assert [timing.next(60.0).id for _ in range(1)] == ["a"]
    first = [timing.next(60.0) for _ in range(PER_MINUTE + 1)]
    assert photo("b") in first
    assert timing.now == 1.0
    assert timing.next(60.0) is None  # the last call waits for its minute
    assert timing.leave(36.0) == PER_MINUTE
    assert (timing.now, timing.next(100.0)) == (36.0, None)
    assert timing.leave(72.0) == 0


@pytest.mark.parametrize("way", sorted(PACES))
def test_a_chain_in_time_says_when_it_was_nearly_as_good_and_how_long_nothing_came(way):
    chains = chained(small_task(), pace=Pace(30.0, way))
    for link in (link for chain in chains for link in chain):
        assert 0.0 <= link.seconds <= 30.0
        assert 0.0 <= link.still <= 30.0
        assert link.calls <= 8
    rows = summarise_chains(chains)
    assert "s to 0.8 of it" in chains_as_table(rows)


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_a_chain_spends_its_budget_in_each_search_and_begins_as_a_search_alone(policy):
    task = small_task()
    chains = chained(task, policy=policy)
    alone = [Runner(Setting(task)).run(link[0].case) for link in chains]
    for chain, outcome in zip(chains, alone, strict=True):
        assert (chain[0].share, chain[0].calls) == (outcome.share, outcome.calls)
        assert chain[0].photos == outcome.photos
        for link in chain[1:]:
            assert link.share >= link.before
            assert link.photos <= 20
            assert link.calls <= 8
    rows = summarise_chains(chains)
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))
    assert chains_as_table(rows).count("\n") == len(rows) + 1
    assert len(json.loads(chains_as_json(rows))) == len(rows)


def test_chains_are_the_same_by_their_seed():
    assert chained(small_task()) == chained(small_task())
