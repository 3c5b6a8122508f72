"""The commands print whatever the names are, and whatever the terminal can show."""

import json
import os
import re

import pytest

from lookalike.shown import shown
from terminal_desk import COLOURS, SCORE, Desk, found

pytestmark = pytest.mark.native

UGLY = [
    b"latin \xe9.png", b"two\nlines.png", b"\x1b[31mred\x1b[0m.png", b"bell\x07\r.png",
    "\U0001f600 emoji.png".encode(), "\u202egnp.exe.png".encode(), "\u2028line.png".encode(),
    b"\x9b0m csi.png", "c1 \x9b31m.png".encode(), b"tab\t.png", b"back\\slash.png",
    b"' \" $(x) %s {}.png", "नमस्ते.png".encode(), "e\u0301.png".encode(), "é.png".encode(),
    b"-k.png", b" .png", b"a" * 250 + b".png",
]  # fmt: skip
ASCII = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
LATIN = {"PYTHONIOENCODING": "latin-1"}
POSIX = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.draw_all()
    return desk


@pytest.fixture
def ugly(desk):
    for number, name in enumerate(UGLY):
        desk.draw(COLOURS[number % 6], desk.photos / f"x{number}.png", width=20 + number)
        os.rename(
            os.fsencode(desk.photos / f"x{number}.png"), os.fsencode(desk.photos) + b"/" + name
        )
    (desk.photos / "bad \x1b[2J\n.jpg").write_bytes(b"no photo")
    folder = os.fsencode(desk.photos) + b"/folder \xff\n\x1b[1m"
    os.mkdir(folder)
    desk.draw("red", desk.photos / "in.png")
    os.rename(os.fsencode(desk.photos / "in.png"), folder + b"/in.png")
    return desk


def assert_plain(text):
    """Nothing in it does anything to a terminal."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]", text), text


@pytest.mark.parametrize("environment", [{}, ASCII, LATIN, POSIX])
def test_any_name_is_indexed_printed_and_found(ugly, environment):
    done = ugly.run(*ugly.arguments(), environment=environment)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode == 1  # there is a bad one
    coding = "latin-1" if environment is LATIN else "utf-8"
    assert_plain(done.stdout.decode(coding))
    assert rb"bad \x1b[2J\n.jpg: " in done.stdout
    assert b"of which 25 are new" in done.stdout
    entries = ugly.entries()
    assert len(entries) == 25
    assert ugly.run(*ugly.arguments(), environment=environment).stdout.count(b"which 0 are") == 1
    photo = os.fsencode(ugly.photos) + b"/" + UGLY[0]
    given = ["search", photo, str(ugly.file), *ugly.options, "-k", "25"]
    plain = ugly.run(*given, environment=environment)
    assert plain.returncode == 0, plain.stderr.decode()
    assert_plain(plain.stdout.decode(coding))
    assert len(plain.stdout.splitlines()) == 25
    assert rb"latin \xe9.png" in plain.stdout.splitlines()[0]
    told = ugly.run(*given, "--json", environment=environment)
    assert told.returncode == 0, told.stderr.decode()
    paths = found(told.stdout.decode("utf-8" if environment in ({}, POSIX) else "ascii"))
    # From each path of the answer the file itself can be found.
    assert paths[0] == os.fsdecode(UGLY[0])
    there = {os.fsdecode(name) for name in UGLY} - {"back\\slash.png"}
    assert there <= set(paths)
    assert set(paths) == set(entries)
    for path in set(paths) - {"back/slash.png"}:
        assert (ugly.photos / path).exists()


def test_a_scorer_that_prints_does_not_spoil_the_report(desk):
    desk.score.write_text(
        SCORE.replace("async def", "import os, sys\nprint('loaded')\nos.system('echo system')\n"
                      "os.write(1, b'raw\\n')\n\n\nasync def")
             .replace("    return (await", "    print('feature')\n    return (await")
    )  # fmt: skip
    done = desk.run(*desk.arguments())
    assert done.returncode == 0, done
    assert len(done.stdout.splitlines()) == 1
    for word in (b"loaded", b"feature", b"system", b"raw"):
        assert word in done.stderr
    photo = str(desk.photos / "red.png")
    told = desk.run("search", photo, str(desk.file), *desk.options, "--json")
    assert json.loads(told.stdout)["total"] == 6
    assert b"feature" in told.stderr


def test_a_scorer_that_closes_standard_output_closes_nothing(desk):
    desk.score.write_text(SCORE + "\nimport sys\nsys.stdout.close()\nprint('later')\n")
    done = desk.run(*desk.arguments())
    assert done.returncode == 0, done
    assert b"6 photos" in done.stdout


@pytest.mark.parametrize("layer", ["avgpool", "Avg_Pool", "", "x\ny"])
def test_a_layer_that_there_is_not_is_said_with_those_there_are(desk, capsys, layer):
    desk.score.write_text(SCORE.replace('"avg_pool"', repr(layer)))
    assert desk.index() == 1
    said = capsys.readouterr().err
    assert "conv_16_project, avg_pool, logits" in said
    assert "build the site" not in said
    assert layer != "avgpool" or "Is “avg_pool” meant?" in said
    assert not desk.file.exists()


def test_nobody_reads_the_answer(desk):
    assert desk.index() == 0
    reading, writing = os.pipe()
    os.close(reading)
    given = ["search", str(desk.photos / "red.png"), str(desk.file), *desk.options]
    done = desk.run(*given, stdout=writing)
    os.close(writing)
    assert done.returncode == 1
    assert done.stderr == b""


def test_names_are_shown_so_that_they_can_be_told_apart():
    assert shown("Sea side/नमस्ते \U0001f600 e\u0301.jpg") == "Sea side/नमस्ते \U0001f600 e\u0301.jpg"
    assert shown("a\nb\x1b\x9b\udce9\u202e\t") == "a\\nb\\x1b\\x9b\\xe9\\u202e\\t"
    # Emoji that are joined stay one.
    assert shown("\U0001f468\u200d\U0001f469") == "\U0001f468\u200d\U0001f469"
