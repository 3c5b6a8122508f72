"""`python -m lookalike index`: nothing is dropped that is not surely gone."""

import os
import shutil
import zipfile
from pathlib import Path

import pytest

from lookalike.terminal import folder as folder_module
from small_collection import COLOUR
from terminal_desk import COLOURS, Desk

pytestmark = pytest.mark.native


@pytest.fixture
def desk(tmp_path):
    """Six photos in a folder, and six in one within it; they are indexed."""
    desk = Desk(tmp_path)
    desk.draw_all()
    desk.draw_all(desk.photos / "Sea side")
    assert desk.index() == 0
    assert len(desk.entries()) == 12
    return desk


SCANDIR = os.scandir


class Failing:
    """`os.scandir` that fails for some folders, at once or after the first entries."""

    def __init__(self, number, folders, after=0):
        self._number, self._folders, self._after = number, folders, after

    def __call__(self, path):
        entries = SCANDIR(path)
        return self._cut(entries) if Path(path).name in self._folders else entries

    def _cut(self, entries):
        if not self._after:
            raise OSError(self._number, os.strerror(self._number))

        class Cut:
            def __enter__(self):
                return self

            def __exit__(self, *_):
                entries.close()

            def __iter__(cut):  # noqa: N805
                for _ in range(self._after):
                    yield next(entries)
                raise OSError(self._number, os.strerror(self._number))

        return Cut()


def empty(folder):
    shutil.rmtree(folder)
    folder.mkdir()


def placeholder(folder):
    empty(folder)
    (folder / "NOT MOUNTED.txt").write_text("")


def another_drive(folder):
    empty(folder)
    Desk.draw(None, "pink", folder / "other.png")


def a_file(folder):
    shutil.rmtree(folder)
    folder.write_bytes(b"hello")


AWAY = {"empty": empty, "gone": shutil.rmtree, "a file": a_file, "another drive": another_drive}


@pytest.mark.parametrize("inner", [False, True])
@pytest.mark.parametrize("how", AWAY)
def test_what_cannot_be_seen_is_not_gone(desk, capsys, how, inner):
    before = desk.entries()
    content = desk.file.read_bytes()
    AWAY[how](desk.photos / "Sea side" if inner else desk.photos)
    assert desk.index() == 1
    after = desk.entries()
    assert after.items() >= before.items()
    if how != "another drive":
        assert desk.file.read_bytes() == content
    if how != "gone" or inner:
        assert f"{6 if inner else 12} photos not found, and kept" in capsys.readouterr().out


@pytest.mark.parametrize("after", [0, 2])
@pytest.mark.parametrize("number", [5, 13, 107, 116])  # EIO, EACCES, ENOTCONN, ESTALE
@pytest.mark.parametrize("name", ["Summer", "Sea side"])
@pytest.mark.parametrize("prune", [False, True])
def test_a_folder_that_cannot_be_read_keeps_its_photos(
    desk, capsys, monkeypatch, number, name, prune, after
):
    before = desk.entries()
    monkeypatch.setattr(folder_module.os, "scandir", Failing(number, {name}, after))
    assert desk.index(*["--prune"] * prune) == 1
    assert desk.entries() == before
    out = capsys.readouterr().out
    assert f"{'.' if name == 'Summer' else name}: " in out
    assert "not found, and kept" in out


def test_asked_to_all_that_is_gone_is_dropped(desk, capsys):
    shutil.rmtree(desk.photos / "Sea side")
    assert desk.index() == 1
    assert "--prune" in capsys.readouterr().out
    assert desk.index("--prune") == 0
    assert "6 photos no longer there: dropped" in capsys.readouterr().out
    assert set(desk.entries()) == {f"{colour}.png" for colour in COLOURS}
    assert desk.index() == 0
    empty(desk.photos)
    assert desk.index("--prune") == 0
    assert desk.entries() == {}


def test_one_of_several_that_is_gone_is_dropped_and_told(desk, capsys):
    (desk.photos / "Sea side" / "red.png").unlink()
    assert desk.index() == 0
    assert "1 photo no longer there: dropped" in capsys.readouterr().out
    assert len(desk.entries()) == 11


def test_two_folders_with_the_same_names_are_kept_side_by_side(desk, capsys):
    desk.file.unlink()
    first, second = desk.folder / "one" / "DCIM", desk.folder / "two" / "DCIM"
    for number, folder in enumerate([first, second]):
        for name in ("IMG_1.png", "IMG_2.png", "IMG_3.png"):
            desk.draw(COLOURS[number], folder / name)
            os.utime(folder / name, (1, 1))
    desk.draw("white", first / "same.png")
    shutil.copytree(first, desk.folder / "copy")
    shutil.copy(first / "same.png", second / "same.png")
    assert desk.index(folder=first) == 0
    assert desk.index(folder=second) == 0
    out = capsys.readouterr().out
    assert "3 photos of a path that another photo has" in out
    assert "7 photos, of which 3 are new" in out
    for folder in (first, second, first):
        assert desk.index(folder=folder) == 0
        assert len(desk.entries()) == 7
    # What is gone from one is gone from that one.
    (second / "IMG_2.png").unlink()
    assert desk.index(folder=second) == 0
    assert set(desk.entries()) == {
        "IMG_1.png", "IMG_1 (2).png", "IMG_2.png", "IMG_3.png", "IMG_3 (2).png", "same.png",
    }  # fmt: skip


def test_a_drive_that_has_another_path_now_is_known_again(desk, capsys):
    desk.photos.rename(desk.folder / "elsewhere")
    assert desk.index(folder=desk.folder / "elsewhere") == 0
    assert "12 photos, of which 0 are new" in capsys.readouterr().out
    (desk.folder / "elsewhere" / "red.png").unlink()
    assert desk.index(folder=desk.folder / "elsewhere") == 0
    assert len(desk.entries()) == 11


def test_a_zip_file_beside_a_folder_of_its_name(desk):
    with zipfile.ZipFile(desk.photos / "Sea side.zip", "w") as archive:
        archive.write(desk.photos / "red.png", "green.png")
        archive.write(desk.photos / "Sea side" / "blue.png", "blue.png")
        archive.write(desk.photos / "red.png", "new.png")
    assert desk.index() == 0
    assert len(desk.entries()) == 14
    assert desk.entries()["Sea side/green (2).png"].path == "Sea side/green.png"
    assert desk.index() == 0
    assert len(desk.entries()) == 14


LIBRARY = {"originals/0/red.png": "red", "resources/derivatives/0/blue.png": "blue"}


@pytest.mark.parametrize("zipped", ["", "as a folder", "what is in it"])
@pytest.mark.parametrize("within", [False, True])
def test_of_a_library_of_apples_only_its_originals_are_taken_however_it_is_given(
    desk, zipped, within
):
    library = desk.folder / "Given" / "Photos Library.photoslibrary"
    for path, colour in LIBRARY.items():
        desk.draw(colour, library / path)
    given = library
    if zipped:
        given = library.with_name(f"{library.name}.zip")
        base = library.parent if zipped == "as a folder" else library
        with zipfile.ZipFile(given, "w") as archive:
            for path in LIBRARY:
                archive.write(library / path, (library / path).relative_to(base))
        shutil.rmtree(library)
    desk.file.unlink()
    assert desk.index(folder=given.parent if within else given) == 0
    [photo] = desk.entries()
    assert photo.endswith("originals/0/red.png")


@pytest.mark.parametrize("name", ["Recycled", "lost+found", "Trip.thumbnails"])
def test_a_zip_file_is_read_though_a_folder_of_its_name_would_be_left_out(desk, name):
    desk.draw("red", desk.folder / "red.png")
    with zipfile.ZipFile(desk.photos / f"{name}.zip", "w") as archive:
        archive.write(desk.folder / "red.png", "red.png")
        archive.write(desk.folder / "red.png", ".thumbs/red.png")
    assert desk.index() == 0
    assert f"{name}/red.png" in desk.entries()
    assert f"{name}/.thumbs/red.png" not in desk.entries()


@pytest.mark.parametrize("how", ["cut", "empty", "no zip", "gone", "no permission"])
def test_a_zip_file_that_is_damaged_since_keeps_its_photos(desk, capsys, how, monkeypatch):
    zip_file = desk.photos / "more.zip"
    with zipfile.ZipFile(zip_file, "w") as archive:
        for colour in COLOURS:
            archive.write(desk.photos / f"{colour}.png", f"in/{colour}.png")
    assert desk.index() == 0
    before = desk.entries()
    assert len(before) == 18
    content = zip_file.read_bytes()
    if how == "gone":
        zip_file.unlink()
    elif how == "no permission":
        opened = Path.open

        def refuse(path, *given, **more):
            if path.name == "more.zip":
                raise PermissionError(13, "Permission denied")
            return opened(path, *given, **more)

        monkeypatch.setattr(Path, "open", refuse)
    else:
        zip_file.write_bytes({"cut": content[:-30], "empty": b"", "no zip": b"hello"}[how])
    assert desk.index() == 1
    assert desk.entries() == before
    assert ("more.zip" in capsys.readouterr().out) or how == "gone"


def test_a_file_that_cannot_be_read_any_more_keeps_its_photo(desk, capsys):
    before = desk.entries()
    cut = desk.photos / "red.png"
    cut.write_bytes(cut.read_bytes()[:40])
    link = desk.photos / "blue.png"
    link.unlink()
    link.symlink_to(desk.folder / "nowhere")
    os.mkfifo(desk.photos / "pipe.png")
    desk.draw("pink", desk.photos / "pink.png")
    assert desk.index() == 1
    after = desk.entries()
    assert after.items() >= before.items()
    assert "pink.png" in after
    out = capsys.readouterr().out
    assert "red.png: " in out
    assert "blue.png: It is a link to something that is not there." in out
    assert "pipe.png: It is no file" in out
    assert "3 files were not added" in out


def test_without_permission_photos_stay(desk):
    """In a process without root's rights, where this one has them."""
    if os.geteuid() == 0:
        user = {"user": 65534, "group": 65534, "extra_groups": []}
        for path in [desk.folder, *desk.folder.rglob("*")]:
            os.chown(path, 65534, 65534)
        for path in desk.folder.parents:
            if path.stat().st_mode & 0o5 != 0o5:
                path.chmod(path.stat().st_mode | 0o5)
    else:
        user = {}
    before = desk.entries()
    (desk.photos / "Sea side").chmod(0)
    (desk.photos / "red.png").chmod(0)
    os.utime(desk.photos / "red.png", (1, 1))
    desk.draw("pink", desk.photos / "pink.png")
    (desk.photos / "pink.png").chmod(0o644)
    done = desk.run(*desk.arguments(), **user)
    (desk.photos / "Sea side").chmod(0o755)
    out = done.stdout.decode()
    assert done.returncode == 1, (out, done.stderr)
    assert out.count("You have no permission to read it.") == 2
    assert "6 photos not found, and kept: Sea side" in out
    assert desk.entries().items() >= before.items()
    assert "pink.png" in desk.entries()


def test_another_scorer_describes_what_is_not_found_from_its_thumbnails(desk, capsys):
    shutil.rmtree(desk.photos / "Sea side")
    desk.score.write_text(COLOUR)
    assert desk.index() == 1
    assert "described again" in capsys.readouterr().out
    entries = desk.entries()
    assert len(entries) == 12
    assert min(sorted(desk.rows().values())[-2:]) == 12
    assert desk.search("-k", "12", "--json", photo=desk.photos / "red.png") == 0


def test_nothing_is_written_where_there_is_no_photo(desk, capsys):
    desk.file.unlink()
    empty(desk.photos)
    assert desk.index() == 1
    assert "There is no photo" in capsys.readouterr().out
    assert not desk.file.exists()
    assert not desk.part.exists()


def test_links_to_folders_are_told_and_loops_end(desk, capsys):
    (desk.photos / "loop").symlink_to(desk.photos)
    (desk.photos / "Sea side" / "up").symlink_to("..")
    other = desk.folder / "Other"
    desk.draw_all(other, ["pink"])
    (desk.photos / "other").symlink_to(other)
    assert desk.index() == 0
    out = capsys.readouterr().out
    assert "links to folders" in out
    assert {"loop", "other", "Sea side/up"} <= set(
        out.replace(",", "").replace(".", "").split()
    ) | {"Sea side/up"}
    assert len(desk.entries()) == 12
    assert desk.index("--follow-links") == 0
    assert "other/pink.png" in desk.entries()
    assert len(desk.entries()) == 13
    # Left out again, they are not gone.
    assert desk.index("--prune") == 1
    assert len(desk.entries()) == 13


def test_the_output_in_the_folder_is_no_bad_photo(desk, capsys):
    desk.file = desk.photos / "mine.lookalike"
    assert desk.index() == 0
    assert desk.index() == 0
    desk.file = desk.photos / "without a suffix"
    assert desk.index() == 0
    assert desk.index() == 0
    assert "not added" not in capsys.readouterr().out


def test_a_name_with_dots_is_the_whole_name(desk):
    folder = desk.folder / "2019.08 St. Petersburg"
    desk.draw_all(folder)
    desk.file = desk.folder / "x.lookalike"
    assert desk.index(folder=folder) == 0
    with desk.file.open("rb") as opened:
        from lookalike.collections.opened_file import CollectionFile

        assert CollectionFile(opened).collection.name == "2019.08 St. Petersburg"


def test_more_zip_files_than_may_be_open_at_once(desk):
    resource = pytest.importorskip("resource")
    for number in range(60):
        with zipfile.ZipFile(desk.photos / f"{number}.zip", "w") as archive:
            for colour in COLOURS[:2]:
                archive.write(desk.photos / f"{colour}.png", f"{colour}.png")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    done = desk.run(
        *desk.arguments(), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, hard))
    )
    assert done.returncode == 0, done.stdout
    assert len(desk.entries()) == 12 + 120
