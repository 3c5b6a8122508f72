"""`python -m lookalike index` and `search`, with the tiny network and drawn photos."""

import asyncio
import json
import os
import re
import shlex
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import tiny_model
from lookalike.__main__ import main
from lookalike.collections.opened_file import CollectionFile
from lookalike.terminal.network import MODEL
from small_collection import COLOUR

pytestmark = pytest.mark.native

COLOURS = ["red", "green", "blue", "yellow", "purple", "orange"]
SCORE = """
from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0].ravel()


def embs2score(source, candidate):
    return -float(((source - candidate) ** 2).sum())
"""


class Desk:
    def __init__(self, folder):
        self.folder = folder
        tiny_model.make(folder)
        self.photos = folder / "Summer"
        (self.photos / "Sea side").mkdir(parents=True)
        for n, colour in enumerate(COLOURS):
            self.draw(colour, self.photos / ("Sea side" if n % 2 else "") / f"{colour}.png")
        self.file = folder / "summer.lookalike"
        self.score = folder / "my_score.py"
        self.score.write_text(SCORE)

    def draw(self, colour, path, width=60):
        image = Image.new("RGB", (width, 40), colour)
        image.paste("black", (0, 0, 10, 10))
        image.save(path)

    @property
    def options(self):
        return ["--model", str(self.folder / "tiny.onnx"), "--score", str(self.score)]

    def index(self, *more):
        given = ["index", str(self.photos), "-o", str(self.file), "--quiet", *self.options]
        return main([*given, *more])

    def search(self, *more, photo="red.png"):
        given = ["search", str(self.photos / photo), str(self.file), *self.options]
        return main([*given, *more])

    def entries(self):
        async def run():
            with self.file.open("rb") as opened:
                file = CollectionFile(opened)
                list(file.verify())
                name = file.collection.id
                return {each.id: each async for some in file.entries(name) for each in some}

        return asyncio.run(run())


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def test_a_folder_is_indexed_and_searched(desk, capsys):
    assert desk.index() == 0
    assert "6 photos, of which 6 are new" in capsys.readouterr().out
    assert "Sea side/green.png" in desk.entries()
    assert desk.entries()["Sea side/green.png"].tags == ("sea", "side", "green")
    assert desk.search("-k", "3", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], len(found["photos"])) == (6, 3)
    assert found["photos"][0]["path"] == "red.png"
    assert found["photos"][0]["score"] == pytest.approx(0, abs=1e-2)
    assert desk.search("-k", "2") == 0
    first, _ = capsys.readouterr().out.splitlines()
    assert first.split()[-1] == "red.png"


def test_words_are_searched_for_alone_and_beside_a_photo(desk, capsys):
    desk.index()
    capsys.readouterr()
    given = [str(desk.file), *desk.options, "--json"]

    def found(*more):
        assert main(["search", *more, *given]) == 0
        answer = capsys.readouterr()
        return [each["path"] for each in json.loads(answer.out)["photos"]], answer.err

    paths, said = found("--text", "sea side")
    assert set(paths[:3]) == {f"Sea side/{colour}.png" for colour in COLOURS[1::2]}
    assert not said
    # A word that no table knows, and the names of files.
    paths, said = found("--text", "purple zzyzx")
    assert paths[0] == "purple.png"
    assert "“zzyzx” is unknown here. It is looked for in the names" in said
    # Beside a photo, what is called so comes before what is more alike.
    photo = str(desk.photos / "red.png")
    (alone, _), (both, _) = found(photo), found(photo, "--text", "sea zzyzx")
    places = [
        [order.index(f"Sea side/{each}.png") for each in COLOURS[1::2]] for order in (both, alone)
    ]
    assert sum(places[0]) < sum(places[1])
    assert main(["search", "--text", "?!", *given]) == 1
    assert "no word" in capsys.readouterr().err
    assert main(["search", *given]) == 1
    assert "nothing to search for" in capsys.readouterr().err


def test_indexing_again_describes_what_is_new_and_drops_what_is_gone(desk, capsys):
    desk.index()
    before = desk.entries()
    (desk.photos / "red.png").unlink()
    desk.draw("pink", desk.photos / "pink.png")
    desk.draw("black", desk.photos / "blue.png", width=80)
    os.utime(desk.photos / "Sea side" / "green.png", (1, 1))
    capsys.readouterr()
    assert desk.index() == 0
    assert "6 photos, of which 2 are new" in capsys.readouterr().out
    after = desk.entries()
    assert "red.png" not in after
    assert after["blue.png"].width == 80
    assert after["Sea side/green.png"].modified == 1
    assert after["purple.png"] == before["purple.png"]
    assert desk.search("--json", photo="pink.png") == 0
    found = json.loads(capsys.readouterr().out)["photos"]
    assert {each["path"] for each in found} == set(after)
    assert sorted(path.name for path in desk.folder.glob("*.part")) == []


def test_another_scorer_is_made_of_thumbnails_or_indexed_again(desk, capsys):
    desk.index()
    desk.score.write_text(COLOUR)
    assert desk.search("-k", "1", "--json", photo="Sea side/green.png") == 0
    out = capsys.readouterr().out
    assert json.loads(out[out.index("{") :])["photos"][0]["path"] == "Sea side/green.png"
    assert desk.index() == 0
    assert "described again" in capsys.readouterr().out


def test_what_cannot_be_added_is_listed(desk, capsys):
    (desk.photos / "notes.txt").write_text("hello")
    with zipfile.ZipFile(desk.photos / "more.zip", "w") as archive:
        archive.write(desk.photos / "red.png", "deep/er.png")
    (desk.photos / "bad.zip").write_bytes(b"PK")
    assert desk.index() == 1
    out = capsys.readouterr().out
    assert "1 file was not added" in out
    assert "1 other file left out" in out
    assert "notes.txt" not in out
    assert "bad.zip: The zip file is broken" in out
    assert "more/deep/er.png" in desk.entries()


def test_errors_say_what_to_do(desk, capsys):
    def complaint(status):
        assert status == 1
        return capsys.readouterr().err

    assert "there is no folder" in complaint(main(["index", str(desk.folder / "x"), "-o", "y.lookalike", *desk.options]))  # fmt: skip  # noqa: E501
    assert "build_site.py" in complaint(main(["index", str(desk.photos), "-o", "y", "--model", "no.onnx"]))  # fmt: skip  # noqa: E501
    desk.file.write_bytes(b"hello")
    assert "no .lookalike file" in complaint(desk.index())
    assert "no .lookalike file" in complaint(desk.search())
    desk.file.unlink()
    assert "summer.lookalike is not there." in complaint(desk.search())
    desk.index()
    capsys.readouterr()
    assert "at least 1" in complaint(desk.search("-k", "0"))
    assert "not an image" in complaint(desk.search(photo="../tiny.json"))
    (desk.photos / "itself.png").symlink_to("itself.png")
    for photo, reason in (
        ("itself.png", "itself.png: It is a link that leads back to itself."),
        (".", "Summer: It is a folder, and not a file."),
        ("none.png", "none.png is not there."),
    ):
        said = complaint(desk.search(photo=photo))
        assert reason in said
        assert "Errno" not in said
    one = ["index", str(desk.photos / "red.png"), "-o", str(desk.folder / "one.lookalike")]
    assert main([*one, *desk.options]) == 1
    assert ".: It is a file: give a folder, or a zip file." in capsys.readouterr().out
    desk.score.write_text("1 +")
    assert "SyntaxError" in complaint(desk.search())
    desk.score.write_text(SCORE)
    tiny = desk.folder / "tiny.onnx"
    tiny.write_bytes(tiny.read_bytes() + b"\x72\x00")  # another file of the same network
    assert "another network" in complaint(desk.search())


def test_what_is_wrong_with_a_photo_or_the_collection_is_said_of_it_by_its_name(desk, capsys):
    desk.index()
    good, bad = desk.photos / "red.png", desk.folder / "notes.txt"
    bad.write_text("hello")
    cut = desk.folder / "cut.png"
    Image.effect_noise((60, 40), 90).save(cut)
    cut.write_bytes(cut.read_bytes()[:-900])
    capsys.readouterr()
    assert main(["search", str(good), str(bad), str(desk.file), *desk.options]) == 1
    assert capsys.readouterr().err.startswith(f"search: {bad}: The file is not an image")
    assert main(["search", str(good), str(cut), str(desk.file), *desk.options]) == 0
    assert f"search: {cut}: A part of the picture is damaged" in capsys.readouterr().err
    # The other way round.
    assert main(["search", str(desk.file), str(good), *desk.options]) == 1
    assert capsys.readouterr().err.startswith(f"search: {desk.file}: The file is not an image")
    assert main(["search", str(good), str(bad), *desk.options]) == 1
    assert capsys.readouterr().err.startswith(f"search: {bad}: This is no .lookalike file")


def test_the_commands_of_the_documentation_run(desk, capsys):
    text = (Path(__file__).parents[2] / "docs" / "collections.md").read_text("utf-8")
    commands = re.findall(r"^python -m lookalike (.*)$", text, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["index", "search", "search"]
    names = {"FOLDER": desk.photos, "PHOTO": desk.photos / "red.png", "NAME.lookalike": desk.file}
    for command in commands:
        given = [str(names.get(word, word)) for word in shlex.split(command)]
        assert main([*given, *desk.options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-12].endswith("red.png")
    assert len(lines) == 6 + 6 + 1


def test_usage(capsys):
    assert main([]) == 2
    assert main(["--help"]) == 0
    assert "evaluate|index|search" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "extra"),
    [("index", "collections"), ("search", "collections"), ("evaluate", "evaluate")],
)
def test_a_command_whose_libraries_are_missing_says_how_to_have_them(
    command, extra, capsys, monkeypatch
):
    def missing(name):
        raise ModuleNotFoundError("No module named 'tqdm'", name="tqdm")

    monkeypatch.setattr("importlib.import_module", missing)
    assert main([command, "--help"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{command}: tqdm is not installed here.")
    assert f"-m pip install -e '.[{extra}]'" in said


def test_rows_that_are_kept_stay_with_their_photos(desk, capsys):
    desk.index()
    desk.draw("pink", desk.photos / "a.png")
    desk.index()

    async def rows():
        with desk.file.open("rb") as opened:
            file = CollectionFile(opened)
            blocks = [b async for b in file.features(file.collection.id, file.kinds[0])]
            return {n: row for b in blocks for n, row in zip(b.ids, b.matrix, strict=True)}

    grown = asyncio.run(rows())
    desk.file.unlink()
    desk.index()
    for name, row in asyncio.run(rows()).items():
        np.testing.assert_array_equal(grown[name], row)


def test_a_scorer_that_needs_no_photo_is_given_none(desk, capsys):
    desk.index()
    desk.score.write_text(
        f'START = ["red"]\n{SCORE}\n\ndef get_source(examples):\n    return float(len(examples))\n'
        "\n\ndef embs2score(source, candidate):\n    return source - float(candidate[0])\n"
    )
    capsys.readouterr()
    assert main(["search", str(desk.file), *desk.options, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["photos"]
    assert len(found) == 6
    assert (
        found[0]["score"]
        == max(each["score"] for each in found)
        > min(each["score"] for each in found)
    )


@pytest.mark.parametrize("words", [[], ["--text", "sea side"]])
def test_a_scorer_s_own_order_is_that_of_the_answer(desk, capsys, words):
    desk.index()
    desk.score.write_text(
        f"{SCORE}\n\ndef rank(results):\n    assert all(len(each.feature) for each in results)\n"
        "    return sorted(results, key=lambda each: each.photo.title, reverse=True)\n"
    )
    capsys.readouterr()
    # Also of those that are not among the two nearest.
    assert desk.search("-k", "2", "--json", *words) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in found["photos"]] == ["Sea side/yellow.png", "red.png"]
    assert found["total"] == 6


def test_the_network_of_the_checkout_is_found_from_any_folder(desk, monkeypatch, capsys):
    monkeypatch.setattr("lookalike.terminal.network.CHECKOUT", desk.folder)
    elsewhere = desk.folder / "docs"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    given = ["index", str(desk.photos), "-o", str(desk.file), "--score", str(desk.score)]
    assert main(given) == 1
    assert f"The network {MODEL} is not there" in capsys.readouterr().err
    (desk.folder / MODEL.parent).mkdir(parents=True)
    for end in (".onnx", ".json"):
        made = (desk.folder / "tiny").with_suffix(end)
        (desk.folder / MODEL).with_suffix(end).write_bytes(made.read_bytes())
    assert main(given) == 0
    # One that was asked for is no other.
    assert main([*given, "--model", "tiny.onnx"]) == 1
