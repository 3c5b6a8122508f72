"""`python -m lookalike index`: what is done is kept, whatever ends it, and the next run goes on."""

import errno
import os
import signal
import subprocess

import numpy as np
import pytest
from PIL import Image

from lookalike.collections import lookalike_file
from lookalike.terminal import growing_file
from terminal_desk import SCORE, Desk

pytestmark = pytest.mark.native

PHOTOS = 300
STOPS = """

import os
import signal

_seen = 0
_get_feature = get_feature


async def get_feature(model, image):
    global _seen
    _seen += 1
    if _seen == {after}:
        os.kill(os.getpid(), {signal})
    return await _get_feature(model, image)
"""
"""A measure that ends its own process at one of the photos."""


@pytest.fixture
def desk(tmp_path):
    desk = Desk(tmp_path)
    desk.photos.mkdir()
    for number in range(PHOTOS):
        pixels = np.random.default_rng(number).integers(0, 256, (4, 4, 3), np.uint8)
        Image.fromarray(pixels).save(desk.photos / f"{number:03}.png")
    return desk


def stopped(desk, number, after):
    measure = SCORE + STOPS.format(after=after, signal=int(number))
    desk.score.write_text(measure)
    done = desk.run(*desk.arguments("--threads", "2"))
    # The same measure for the next run: what it describes photos by must be the same.
    desk.score.write_text(measure.replace(f"_seen == {after}", "_seen == -1"))
    return done


def goes_on(desk, before):
    """A run that goes on describes only what is missing."""
    desk.score.write_text(SCORE)
    done = desk.run(*desk.arguments())
    assert done.returncode == 0, done
    assert len(desk.entries()) == PHOTOS
    assert not desk.part.exists()
    return done.stdout.decode()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_all_that_is_done_in_the_file(desk, number):
    desk.score.write_text(SCORE)
    environment = {"STOP_AFTER": "20", "STOP_BY": str(int(number))}
    done = desk.run(*desk.arguments("--threads", "2"), environment=STOPPING | environment)
    assert done.returncode == 128 + number, done
    assert b"It was stopped" in done.stdout
    count = len(desk.entries())
    assert 19 <= count < PHOTOS
    assert f"of which {PHOTOS - count} are new" in goes_on(desk, count)


def test_what_was_stored_survives_the_hardest_end(desk):
    desk.score.write_text(SCORE)
    environment = {"STOP_AFTER": "290", "STOP_BY": str(int(signal.SIGKILL))}
    done = desk.run(*desk.arguments("--threads", "2"), environment=STOPPING | environment)
    assert done.returncode == -signal.SIGKILL
    assert not desk.file.exists()
    assert desk.part.exists()
    found = desk.run("search", "--text", "x", str(desk.file), *desk.options)
    assert found.returncode == 1
    assert b"run index again" in found.stderr
    said = goes_on(desk, 256)
    assert "256 photos of an earlier run that was interrupted: kept." in said
    assert f"of which {PHOTOS - 256} are new" in said
