"""`evaluate --labelled`: its metrics, by hand and against trec_eval, its split, and a whole run."""

import json
import shutil

import numpy as np
import pytest
import pytrec_eval
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import generated_photos
import tiny_model
from lookalike.evaluate.command import main
from lookalike.evaluate.descriptors import HISTOGRAM, MEANS, colours, similarity
from lookalike.evaluate.labelled import load_labelled
from lookalike.evaluate.retrieval import DEPTH, hits, judge, split
from lookalike.evaluate.retrieval_metrics import average_precision, recall

pytestmark = pytest.mark.native


# -- Metrics ---------------------------------------------------------------------------------------


def ranked(text):
    return np.array([[letter == "+" for letter in text]])


@pytest.mark.parametrize(
    ("ranking", "relevant", "precision", "recalls"),
    [
        ("+++", 9, [1, 1, 1], [1 / 9, 2 / 9, 3 / 9]),
        ("---", 2, [0, 0, 0], [0, 0, 0]),
        ("+-+", 5, [1, 1 / 2, (1 + 2 / 3) / 3], [1 / 5, 1 / 5, 2 / 5]),
        # Of two that are relevant, two are all there can be.
        ("+-+-", 2, [1, 1 / 2, (1 + 2 / 3) / 2, (1 + 2 / 3) / 2], [1 / 2, 1 / 2, 1, 1]),
        ("-+", 1, [0, 1 / 2], [0, 1]),
    ],
)
def test_precision_and_recall_by_hand(ranking, relevant, precision, recalls):
    counts = np.array([relevant])
    assert average_precision(ranked(ranking), counts)[0] == pytest.approx(precision)
    assert recall(ranked(ranking), counts)[0] == pytest.approx(recalls)


rankings = st.lists(st.booleans(), min_size=1, max_size=30)


@given(rankings, st.integers(0, 20))
def test_they_are_trec_evals(ranking, missed):
    relevant = sum(ranking) + missed
    if not relevant:
        return
    judged = {f"d{rank:02}": int(good) for rank, good in enumerate(ranking)}
    judged |= {f"missed{number}": 1 for number in range(missed)}
    scores = {f"d{rank:02}": float(-rank) for rank in range(len(ranking))}
    depths = range(1, len(ranking) + 1)
    named = {f"{name}.{','.join(map(str, depths))}" for name in ("map_cut", "recall")}
    theirs = pytrec_eval.RelevanceEvaluator({"q": judged}, named).evaluate({"q": scores})["q"]
    counts = np.array([relevant])
    [ours] = average_precision(np.array([ranking]), counts)
    for k in depths:
        # trec_eval divides by all that are relevant, also where k cannot hold them.
        assert ours[k - 1] * min(k, relevant) / relevant == pytest.approx(theirs[f"map_cut_{k}"])
        assert recall(np.array([ranking]), counts)[0, k - 1] == pytest.approx(theirs[f"recall_{k}"])


@given(rankings, st.integers(0, 20))
def test_they_are_shares_and_recall_never_falls(ranking, missed):
    counts = np.array([max(1, sum(ranking) + missed)])
    precision, recalls = (f(np.array([ranking]), counts)[0] for f in (average_precision, recall))
    assert ((precision >= 0) & (precision <= 1 + 1e-12)).all()
    assert ((recalls >= 0) & (recalls <= 1)).all()
    assert (np.diff(recalls) >= 0).all()


# -- The split and the rankings --------------------------------------------------------------------


@given(
    st.lists(st.sampled_from("abcd"), min_size=1, max_size=60).filter(
        lambda labels: max(map(labels.count, labels)) > 1
    ),
    st.integers(0, 99),
)
def test_a_split_parts_all_photos_and_leaves_each_query_something_to_find(labels, seed):
    queries, corpus = split(labels, seed)
    assert sorted([*queries, *corpus]) == list(range(len(labels)))
    for row in queries:
        assert labels[row] in {labels[other] for other in corpus}
    assert {labels[row] for row in queries} == {x for x in labels if labels.count(x) > 1}
    assert [part.tolist() for part in split(labels, seed)] == [queries.tolist(), corpus.tolist()]


def test_a_twentieth_is_drawn_from_each_class_over_many_seeds():
    labels = ["a"] * 50 + ["b"] * 100 + ["c"]
    drawn = np.array(
        [[(split(labels, seed)[0] < end).sum() for end in (50, 151)] for seed in range(400)]
    )
    assert set(drawn[:, 0]) == {2, 3}
    assert drawn[:, 0].mean() == pytest.approx(2.5, abs=0.1)
    assert set(drawn[:, 1] - drawn[:, 0]) == {5}


def test_hits_are_in_the_order_of_the_scores_and_of_equals_the_first_is_first():
    scores = np.array([[1.0, 3, 3, 2]])
    relevant = np.array([[True, False, True, False]])
    found = hits(scores, relevant, depth=6)
    assert found.tolist() == [[False, True, False, True, False, False]]


def test_the_similarities():
    a, b = np.array([[1.0, 0]], np.float32), np.array([[0.5, 0.5], [3, 4]], np.float32)
    assert similarity("cosine", a, b)[0] == pytest.approx([0.5**0.5, 0.6])
    assert similarity("exp", a, b)[0] == pytest.approx(np.exp([0.0005, 0.003]))
    assert similarity("intersection", a, b)[0] == pytest.approx([0.5, 1])
    assert similarity("distance", a, b)[0] == pytest.approx([-(0.5**0.5), -(20**0.5)])


def test_colours_are_counted():
    image = Image.new("RGB", (4, 2), (255, 0, 31))
    image.putpixel((0, 0), (0, 32, 255))
    found = colours(image)
    assert found[MEANS] == pytest.approx([255 * 7 / 8, 4, (31 * 7 + 255) / 8])
    assert found[HISTOGRAM].shape == (512,)
    assert found[HISTOGRAM][7 * 64] == pytest.approx(7 / 8)
    assert found[HISTOGRAM][1 * 8 + 7] == pytest.approx(1 / 8)


def test_features_that_are_the_class_are_as_good_as_can_be():
    labels = ["a"] * 30 + ["b"] * 40
    one_hot = np.array([[label == "a", label == "b"] for label in labels], np.float32)
    found, possible = judge(one_hot, "cosine", labels, 3), judge(None, "", labels, 3)
    assert (found.precision == 1).all()
    np.testing.assert_array_equal(found.recall, possible.recall)
    # Of the 29 or fewer others of its class, each rank finds one more.
    assert possible.recall[0] == pytest.approx(possible.recall[0, 0] * np.arange(1, DEPTH + 1))


# -- A folder --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two classes of painted photos, and two networks."""
    top = tmp_path_factory.mktemp("labelled")
    for kind in ("sunset", "daisy"):
        (top / "photos" / kind / "more").mkdir(parents=True)
        for seed in range(6):
            place = top / "photos" / kind / ("more" if seed > 3 else "")
            generated_photos.make(kind, seed).resize((64, 48)).save(place / f"{seed}.jpg")
    (top / "photos" / "sunset" / "notes.txt").write_text("not a photo")
    # What a Mac and a NAS leave behind is no photo either, and no class.
    (top / "photos" / "sunset" / "._0.jpg").write_text("of a Mac")
    (top / "photos" / "@eaDir" / "0.jpg").mkdir(parents=True)
    (top / "photos" / "@eaDir" / "1.jpg").write_text("of a NAS")
    tiny_model.make(top / "models")
    other = json.loads((top / "models" / "tiny.json").read_text())
    (top / "models" / "b.json").write_text(json.dumps({**other, "name": "b"}))
    shutil.copy(top / "models" / "tiny.onnx", top / "models" / "b.onnx")
    # What a build puts beside them is nothing to search by: a classifier, an encoder of text.
    (top / "models" / "nsfw.json").write_text(json.dumps({**other, "name": "nsfw", "unsafe": {}}))
    for name in ("nsfw", "b.text"):
        shutil.copy(top / "models" / "tiny.onnx", top / "models" / f"{name}.onnx")
    return top


def run(folder, capsys, *more):
    options = ["--labelled", str(folder / "photos"), "--model", str(folder / "models/tiny.onnx")]
    status = main([*options, "--seeds", "4", *more])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_folders_are_classes(folder):
    photos = load_labelled(folder / "photos")
    assert photos.labels == ["daisy"] * 6 + ["sunset"] * 6
    assert all(path.suffix == ".jpg" for path in photos.files)


def test_every_layer_of_every_network_and_colours_are_judged(folder, capsys):
    status, out, _ = run(folder, capsys, "--json", "--jobs", "1")
    assert status == 0
    told = json.loads(out)
    rows = {(row["source"], row["layer"], row["similarity"]): row for row in told["rows"]}
    layers = [("conv_16_project", "cosine"), ("conv_16_project", "exp")]
    layers += [("avg_pool", "cosine"), ("logits", "cosine")]
    networks = {(name, *layer) for name in ("tiny", "b") for layer in layers}
    baselines = {("colours", HISTOGRAM, "intersection"), ("colours", MEANS, "distance")}
    assert set(rows) == networks | baselines
    # Sunsets and daisies differ in nothing as in their colours.
    assert rows["colours", MEANS, "distance"]["precision"][0] == 1
    assert rows["tiny", "avg_pool", "cosine"]["numbers"] == 8
    for row in told["rows"]:
        assert len(row["precision"]) == len(row["recall"]) == DEPTH
        assert row["low"] - 1e-9 <= row["precision"][-1] <= row["high"] + 1e-9
        assert row["recall"][-1] <= told["possible_recall"][-1] == 1
    assert told["rows"][0]["behind"] == 0


def test_a_run_is_the_same_again_and_over_processes(folder, capsys, tmp_path):
    first = run(folder, capsys, "--json", "--jobs", "1")
    assert (
        run(folder, capsys, "--json", "--jobs", "2", "--figure", str(tmp_path / "f.png")) == first
    )
    with Image.open(tmp_path / "f.png") as figure:
        assert figure.size[0] >= 800


def test_the_table_is_markdown(folder, capsys):
    _, out, progress = run(folder, capsys, "--jobs", "1")
    lines = out.strip().splitlines()
    assert len({line.count("|") for line in lines}) == 1
    assert len(lines) == 2 + 10 + 1
    assert "photos" in progress


def test_a_list_is_read_in_place_of_folders(tmp_path):
    line = '{"id": "%s", "file": "%s.jpg", "label": "%s"}\n'
    for name in "abc":
        (tmp_path / f"{name}.jpg").write_bytes(b"")
    listed = [line % ("1", "a", "x"), line % ("2", "b", "x"), line % ("3", "c", "y")]
    (tmp_path / "labelled.jsonl").write_text("".join(listed))
    assert load_labelled(tmp_path).labels == ["x", "x", "y"]
    (tmp_path / "c.jpg").unlink()
    with pytest.raises(FileNotFoundError, match=r"c\.jpg, which .* lists, is not there"):
        load_labelled(tmp_path)
    (tmp_path / "labelled.jsonl").write_text('{"file": "a.jpg"}\n')
    with pytest.raises(ValueError, match="has no 'label'"):
        load_labelled(tmp_path)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--labelled", "nowhere"], "nowhere"),
        (["--labelled", "{}/photos/sunset"], "4 classes|1 classes|two classes"),
        (["--labelled", "{}/photos", "--model", "none.onnx"], "run python3 build_site.py first"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(given, said, folder, capsys):
    options = ["--model", str(folder / "models/tiny.onnx")]
    assert main([*options, *(text.format(folder) for text in given)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("evaluate: ")
    assert error.count("\n") == 1
    assert any(words in error for words in said.split("|"))


def test_a_photo_that_cannot_be_opened_is_named(folder, capsys, tmp_path):
    shutil.copytree(folder / "photos", tmp_path / "photos")
    broken = tmp_path / "photos" / "daisy" / "broken.jpg"
    broken.write_bytes(b"no picture")
    options = ["--labelled", str(tmp_path / "photos"), "--model", str(folder / "models/tiny.onnx")]
    for jobs in ("1", "2"):
        assert main([*options, "--json", "--jobs", jobs]) == 1
        assert str(broken) in capsys.readouterr().err
