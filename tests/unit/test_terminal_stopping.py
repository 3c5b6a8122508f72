"""`python -m lookalike index`: what is done is kept, whatever ends it, and the next run goes on."""

import errno
import os
import signal
import subprocess

import numpy as np
import pytest
from PIL import Image

from lookalike.terminal import growing_file
from terminal_desk import SCORE, Desk

pytestmark = pytest.mark.native

PHOTOS = 300
STOPS = """

import asyncio
import os
import signal

_seen = 0
_plain = get_feature


async def get_feature(model, image):
    global _seen
    _seen += 1
    if str(_seen) == os.environ.get("STOP_AFTER"):
        os.kill(os.getpid(), int(os.environ["STOP_BY"]))
        while os.environ.get("STOP_TWICE"):
            await asyncio.sleep(0)
            # Once the first has been heard, the second ends Python itself.
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                os.kill(os.getpid(), signal.SIGINT)
    return await _plain(model, image)
"""
"""A scorer that sends a signal to its own process at one of the photos, if it is told to."""


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.score.write_text(SCORE + STOPS)
    desk.photos.mkdir()
    for number in range(PHOTOS):
        pixels = np.random.default_rng(number).integers(0, 256, (4, 4, 3), np.uint8)
        Image.fromarray(pixels).save(desk.photos / f"{number:03}.png")
    return desk


def stopped(desk, number, after, **options):
    environment = {"STOP_AFTER": str(after), "STOP_BY": str(int(number))}
    return desk.run(*desk.arguments("--threads", "2"), environment=environment, **options)


def goes_on(desk):
    """Run again, to the end."""
    done = desk.run(*desk.arguments())
    assert done.returncode == 0, done
    assert len(desk.entries()) == PHOTOS
    assert set(desk.rows().values()) == {PHOTOS}
    assert not desk.part.exists()
    return done.stdout.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_all_that_is_done_in_the_file(desk, number):
    done = stopped(desk, number, 20)
    assert done.returncode == 128 + number, done
    assert b"It was stopped" in done.stdout
    count = len(desk.entries())
    assert 19 <= count < PHOTOS
    assert f"of which {PHOTOS - count} are new" in goes_on(desk)


def test_a_second_ctrl_c_ends_it_at_once_were_it_within_the_scorer(desk):
    environment = {"STOP_AFTER": "290", "STOP_BY": str(int(signal.SIGINT)), "STOP_TWICE": "1"}
    done = desk.run(*desk.arguments("--threads", "2"), environment=environment)
    assert (done.returncode, done.stdout) == (130, b"")
    assert b"Stopped at once." in done.stderr
    assert b"KeyboardInterrupt" not in done.stderr
    goes_on(desk)


def test_what_was_stored_survives_the_hardest_end(desk):
    done = stopped(desk, signal.SIGKILL, 290)
    assert done.returncode == -signal.SIGKILL
    assert not desk.file.exists()
    found = desk.run("search", "--text", "x", str(desk.file), *desk.options)
    assert found.returncode == 1
    assert b"run index again" in found.stderr
    kept = PHOTOS - described_again(goes_on(desk))
    assert 256 <= kept <= 290


def described_again(said):
    assert "photos of an earlier run that was interrupted: kept." in said
    return int(said.split("of which ")[1].split()[0])


def test_an_older_file_and_what_was_interrupted_are_put_together(desk):
    for path in sorted(desk.photos.iterdir())[100:]:
        path.rename(desk.folder / path.name)
    assert desk.index() == 0
    for path in desk.folder.glob("???.png"):
        path.rename(desk.photos / path.name)
    before = desk.entries()
    done = stopped(desk, signal.SIGTERM, 150)
    assert done.returncode == 128 + signal.SIGTERM
    assert desk.entries().items() >= before.items()
    goes_on(desk)


@pytest.mark.parametrize("cut", [1, 5_000, 0])
def test_a_part_that_lacks_its_end_is_used_as_far_as_it_goes(desk, cut):
    """As after a loss of power; 0: only the list of contents is missing."""
    stopped(desk, signal.SIGKILL, 290)
    content = desk.part.read_bytes()
    desk.part.write_bytes(content[: len(content) - cut])
    said = goes_on(desk)
    assert cut == 0 or "of which" in said


def test_a_part_that_is_none_is_no_hindrance(desk):
    desk.part.write_bytes(b"PK\x03\x04 hello" * 100)
    goes_on(desk)


def test_nobody_listens_any_more(desk):
    """The next program in a pipe has ended, and the terminal is closed."""
    reading, writing = os.pipe()
    os.close(reading)
    loud = [argument for argument in desk.arguments() if argument != "--quiet"]
    done = desk.run(*loud, stdout=writing, stderr=writing)
    os.close(writing)
    assert done.returncode == 0
    assert len(desk.entries()) == PHOTOS
    shell = 'exec "$@" >&- 2>&-'
    desk.file.unlink()
    command = ["sh", "-c", shell, "sh", os.sys.executable, "-m", "lookalike", *desk.arguments()]
    environment = {**os.environ, "PYTHONPATH": str(growing_file.Path(__file__).parents[2] / "py")}
    assert subprocess.run(command, env=environment, check=False, timeout=300).returncode == 0
    assert len(desk.entries()) == PHOTOS


def full(room, number):
    """How the file is opened on a disk that has room for so many bytes."""
    locked = growing_file._locked

    class Full(growing_file.WholeFile):
        def write(self, data):
            left = room - self.tell()
            if len(data) > left:
                super().write(data[: max(0, left)])
                raise OSError(number, os.strerror(number))
            return super().write(data)

    def opened(part):
        with locked(part) as file:
            # The lock is on the file, however often it is opened.
            return Full(os.dup(file.fileno()), "r+b")

    return opened


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
@pytest.mark.parametrize("room", [100, 200_000, 0.97])
def test_a_full_disk_is_told_and_loses_nothing(desk, capsys, monkeypatch, room, number):
    """It is full at once, between two batches, or when all is put together."""
    for path in sorted(desk.photos.iterdir())[20:]:
        path.rename(desk.folder / path.name)
    assert desk.index() == 0
    for path in desk.folder.glob("???.png"):
        path.rename(desk.photos / path.name)
    before, content = desk.entries(), desk.file.read_bytes()
    if room < 1:
        # A little less than a whole run takes.
        (desk.folder / "probe").mkdir()
        probe = Desk(desk.folder / "probe")
        probe.score.write_text(SCORE + STOPS)
        assert probe.index(folder=desk.photos) == 0
        room = int(probe.file.stat().st_size * room)
    monkeypatch.setattr(growing_file, "_locked", full(room, number))
    capsys.readouterr()
    assert desk.index() == 1
    said = capsys.readouterr().err
    assert "The disk is full. Free some space" in said
    assert desk.file.read_bytes() == content
    assert desk.index() == 1
    monkeypatch.undo()
    said = goes_on(desk)
    assert desk.entries().items() >= before.items()
    if room >= 200_000:
        assert "interrupted: kept" in said


def test_one_run_at_a_time_writes_a_file(desk, capsys):
    file = growing_file._locked(desk.part)
    assert desk.index() == 1
    assert "Another run is writing this file." in capsys.readouterr().err
    file.close()
    assert desk.index() == 0
