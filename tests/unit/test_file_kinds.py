"""What in a folder is a photo by its name: one list, for the terminal and the page."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from lookalike.file_kinds import (
    exported,
    is_hidden,
    is_named_as_photo,
    is_other,
)

UPLOADS_JS = Path(__file__).resolve().parents[2] / "site/js/collections/uploads.js"

LEFT_OUT = [
    "__MACOSX/a/b.jpg", ".DS_Store", "a/.thumbs/b.jpg", "a/Thumbs.db", "b/desktop.ini",
    "2019/@eaDir/IMG_1.jpg/SYNOPHOTO_THUMB_XL.jpg", "#recycle/a.jpg", "$RECYCLE.BIN/S-1/a.jpg",
    "System Volume Information/x.jpg", "a/._IMG_1.jpg", "lost+found/a.jpg", "@Recycle/a.jpg",
    "Photos Library.photoslibrary/resources/derivatives/0/a.jpeg", "L.lrdata/0/a.jpg",
    "L.photoslibrary/L.photoslibrary/resources/a.jpeg", "L.photoslibrary/L.photoslibrary/a.jpeg",
    "Old.photolibrary/Thumbnails/a.jpg", ".@__thumb/default1.jpg", "x/RECYCLER/a.jpg",
]  # fmt: skip
KEPT = [
    "a.jpg", "a/b.c.jpg", "recycle/a.jpg", "Photos Library.photoslibrary/originals/0/a.heic",
    "Old.photolibrary/Masters/2010/a.jpg", "eaDir/a.jpg", "My.photoslibrary", "derivatives/a.jpg",
    "L.photoslibrary/L.photoslibrary/originals/0/a.heic", "L.photoslibrary/L.photoslibrary",
]  # fmt: skip


@pytest.mark.parametrize("path", LEFT_OUT)
def test_what_systems_keep_for_themselves_is_left_out(path):
    assert is_hidden(path)
    assert is_hidden(path.replace("/", "\\"))


@pytest.mark.parametrize("path", KEPT)
def test_what_a_person_keeps_is_not(path):
    assert not is_hidden(path)


def test_what_is_no_photo_by_its_name():
    others = ["a.json", "b/IMG_1.XMP", "IMG_1.AAE", "film.MOV", "x.mp4", "notes.txt", "a.jpg.json"]
    assert all(map(is_other, others))
    assert not any(map(is_other, ["a.jpg", "a.jpg_original", "IMG", "a.dng", "b.unknown", "x.y/z"]))
    assert is_named_as_photo("a/B.JPEG")
    assert not is_named_as_photo("a/B.jpg_large")


@pytest.mark.native
def test_the_page_leaves_out_the_same():
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node")
    paths = [*LEFT_OUT, *KEPT, "film.mov", "x/y.json"]
    code = (
        f"import {{ chosen, others }} from {json.dumps(UPLOADS_JS.as_uri())};"
        f"const kinds = {json.dumps(exported())};"
        f"const files = {json.dumps(paths)}.map((name) => ({{ webkitRelativePath: name, name }}));"
        "const some = chosen(files, kinds);"
        "console.log(JSON.stringify([some.map(({ path }) => path), others(some, kinds)]));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "-e", code], capture_output=True, text=True, check=True
    )
    kept, others = json.loads(done.stdout)
    assert kept == [path for path in paths if not is_hidden(path)]
    assert others == sum(map(is_other, kept))
