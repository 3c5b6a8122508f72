"""Adding photos to a collection: what is new, what is changed, what is broken."""

import asyncio
import errno
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lookalike.collections.collection import AVG_POOL, ModelId, feature_kind, top_classes
from lookalike.collections.embedder import Embedder
from lookalike.collections.indexing import Pace, index
from lookalike.collections.memory import MemoryStore
from lookalike.collections.progress import Control
from lookalike.collections.store import StoreFull
from lookalike.errors import BadPhoto, ModelError
from lookalike.formats.samples import Samples
from lookalike.images import Reopened
from small_collection import HOLIDAY, KIND, MODEL, CountingModel, jpeg, make_scorer, upload


class World:
    def __init__(self, model=None, text=None, **options):
        self.store = MemoryStore()
        self.model = model or CountingModel()
        self.embedder = Embedder(self.model, MODEL, make_scorer(text), **options)

    async def index(self, *uploads, control=None, pace=None):
        if not await self.store.collections():
            await self.store.create(HOLIDAY)
        reports = index(self.store, HOLIDAY.id, uploads, self.embedder, control, pace)
        return [report async for report in reports]

    async def entries(self):
        return {each.id: each async for some in self.store.entries(HOLIDAY.id) for each in some}

    async def rows(self, kind=AVG_POOL):
        return {
            name: row
            async for block in self.store.features(HOLIDAY.id, kind)
            for name, row in zip(block.ids, block.matrix, strict=True)
        }


def zipped(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return buffer.getvalue()


def test_one_run_of_the_network_gives_everything():
    async def run():
        world = World()
        reports = await world.index(upload("2024/Sea/red_boat.jpg", jpeg("red", (300, 150))))
        assert world.model.runs == 1
        (entry,) = (await world.entries()).values()
        assert (entry.width, entry.height, entry.model) == (300, 150, MODEL)
        assert entry.tags == ("2024", "sea", "red", "boat")
        assert sum(share for _, share in top_classes(entry.classes)) == pytest.approx(1, abs=1e-2)
        (small,) = (await world.store.thumbnails(HOLIDAY.id, [entry.id])).values()
        assert Image.open(io.BytesIO(small)).size == (240, 120)
        usage = await world.store.usage(HOLIDAY.id)
        assert usage.features == {KIND: 1, AVG_POOL: 1}
        last = reports[-1]
        assert (last.done, last.total, last.added, last.stored, last.failed) == (1, 1, 1, 1, [])

    asyncio.run(run())


def test_a_scorer_without_the_network_gets_a_run_of_its_own():
    async def run():
        world = World(text="colour")
        await world.index(upload("a.jpg", jpeg("red")))
        assert world.model.runs == 1
        assert (await world.rows())["a.jpg"].any()
        colour = feature_kind(world.embedder.scorer.key)
        assert (await world.rows(colour))["a.jpg"].shape == (3,)

    asyncio.run(run())


def test_a_part_of_the_photo_is_not_taken_for_the_whole():
    async def run():
        whole, part = World(), World(text="part")
        photo = jpeg("half")
        await whole.index(upload("a.jpg", photo))
        await part.index(upload("a.jpg", photo))
        assert part.model.runs == 2
        np.testing.assert_array_equal((await whole.rows())["a.jpg"], (await part.rows())["a.jpg"])

    asyncio.run(run())


def test_what_is_in_is_not_described_again():
    async def run():
        world = World()
        photos = [upload(f"{name}.jpg", jpeg(name), origin="disk") for name in ("red", "blue")]
        await world.index(*photos)
        again = (await world.index(*photos))[-1]
        assert (again.unchanged, again.added, world.model.runs) == (2, 0, 2)
        assert photos[0].read.count == 1
        # Touched, and the content is the same: it is read, and described by nothing.
        touched = upload("red.jpg", jpeg("red"), 99, "disk")
        touched_report = (await world.index(touched))[-1]
        assert (touched_report.unchanged, world.model.runs) == (1, 2)
        assert (await world.entries())["red.jpg"].modified == 99
        before = (await world.rows())["red.jpg"]
        await world.index(upload("red.jpg", jpeg("green"), 100, "disk"))
        assert world.model.runs == 3
        assert (before != (await world.rows())["red.jpg"]).any()
        assert len(await world.entries()) == 2

    asyncio.run(run())


def test_another_network_describes_all_again():
    async def run():
        world = World()
        photo = upload("a.jpg", jpeg("red"))
        await world.index(photo)
        world.embedder.model_id = ModelId("other", "1")
        assert (await world.index(photo))[-1].added == 1
        assert (await world.entries())["a.jpg"].model.name == "other"

    asyncio.run(run())


def test_what_is_no_photo_is_listed_and_the_rest_goes_on():
    async def run():
        world = World()
        broken = jpeg("red")[:200]

        async def unreadable():
            raise OSError("gone")

        gone = replace(upload("gone.jpg", b""), read=unreadable)
        last = (
            await world.index(
                upload("notes.txt", b"hello"), upload("cut.jpg", broken), gone,
                upload("../up.jpg", jpeg("red")), upload("empty.jpg", b""),
                upload(".DS_Store", b"x"), upload("__MACOSX/a.jpg", b"x"),
                replace(upload("huge.jpg", b""), size=10**10), upload("good.jpg", jpeg("red")),
            )
        )[-1]  # fmt: skip
        reasons = {failure.path: failure.reason for failure in last.failed}
        assert set(await world.entries()) == {"good.jpg"}
        assert (last.done, last.total, last.added, last.others) == (6, 6, 1, 1)
        assert "incomplete" in reasons["cut.jpg"]
        assert "could not be read" in reasons["gone.jpg"]
        assert "empty" in reasons["empty.jpg"]
        assert "larger than" in reasons["huge.jpg"]
        assert "leads nowhere" in reasons["../up.jpg"]

    asyncio.run(run())


def test_a_browser_opens_what_pillow_cannot():
    async def run():
        async def reopen(content, kind):
            if content == b"offline":
                raise BadPhoto("It could not be fetched.")
            if content != b"a format of tomorrow":
                return None
            values = np.full((30, 40, 4), 255, np.uint8)
            return Reopened(Samples(values, alpha=3), (400, 300), upright=True)

        world = World(reopen=reopen)
        bad = upload("b.heic", b"?"), upload("c.heic", b"offline")
        last = (await world.index(upload("a.heic", b"a format of tomorrow"), *bad))[-1]
        assert [failure.reason for failure in last.failed] == [
            "The file is not an image that can be opened here.", "It could not be fetched.",
        ]  # fmt: skip
        entry = (await world.entries())["a.heic"]
        assert (entry.width, entry.height, entry.size) == (400, 300, 20)

    asyncio.run(run())


def test_photos_in_zip_files_keep_their_paths():
    async def run():
        files = {
            "Sea/a.jpg": jpeg("red"), "Sea/notes.txt": b"hello", "__MACOSX/Sea/._a.jpg": b"x",
            "inner.zip": zipped({"b.jpg": jpeg("blue")}), "bomb.jpg": b"\0" * 30_000_000,
        }  # fmt: skip
        world = World()
        last = (await world.index(upload("mine.zip", zipped(files))))[-1]
        assert set(await world.entries()) == {"mine/Sea/a.jpg"}
        reasons = {failure.path: failure.reason for failure in last.failed}
        assert "unpack it first" in reasons["mine/inner.zip"]
        assert "grow too much" in reasons["mine/bomb.jpg"]
        assert last.others == 1  # the notes
        again = (await world.index(upload("mine.zip", zipped(files))))[-1]
        assert (again.unchanged, world.model.runs) == (1, 1)
        broken = (await world.index(upload("other.zip", zipped(files)[:500])))[-1]
        assert "broken" in broken.failed[0].reason

    asyncio.run(run())


def test_a_damaged_file_in_a_zip_is_listed():
    async def run():
        content = bytearray(zipped({"a.jpg": jpeg("half"), "b.jpg": jpeg("red")}))
        content[60:80] = bytes(20)
        world = World()
        last = (await world.index(upload("mine.zip", bytes(content))))[-1]
        assert [failure.path for failure in last.failed] == ["mine/a.jpg"]
        assert set(await world.entries()) == {"mine/b.jpg"}

    asyncio.run(run())


def test_pause_resume_and_cancel():
    async def run():
        world, control = World(), Control()
        await world.store.create(HOLIDAY)
        photos = [upload(f"{number}.jpg", jpeg("red")) for number in range(30)]
        reports = index(world.store, HOLIDAY.id, photos, world.embedder, control)
        await anext(reports)
        control.pause()
        for _ in range(50):
            await asyncio.sleep(0)
        begun = world.model.runs
        assert begun <= 8
        control.resume()
        await anext(reports)
        control.cancel()
        *_, last = [report async for report in reports]
        assert last.cancelled
        assert 0 < last.stored == last.added < 30
        assert len(await world.entries()) == last.stored
        assert (await world.index(*photos))[-1].added == 30 - last.stored

    asyncio.run(run())


def test_paused_time_does_not_count():
    now = [0.0]
    control = Control(lambda: now[0])
    now[0] = 10
    control.pause()
    control.pause()
    now[0] = 100
    assert control.worked() == 10
    control.resume()
    control.resume()
    now[0] = 105
    assert control.worked() == 15


def test_batches_are_stored_on_the_way():
    async def run():
        world = World()
        photos = [upload(f"{number}.jpg", jpeg("red")) for number in range(10)]
        reports = await world.index(*photos, pace=Pace(photos=4, seconds=1e9))
        assert [report.stored for report in reports][-4:] == [8, 8, 8, 10]
        ages = iter(range(0, 10_000, 10))
        old = await World().index(*photos, pace=Pace(100, 5.0, clock=lambda: next(ages)))
        assert [report.stored for report in old][-2:] == [10, 10]

    asyncio.run(run())


def test_a_full_store_and_a_dead_network_keep_what_is_in():
    async def run():
        world = World()
        world.store = MemoryStore(room=20_000)
        photos = [upload(f"{number}.jpg", jpeg("half", (240, 240))) for number in range(40)]
        with pytest.raises(StoreFull):
            await world.index(*photos, pace=Pace(photos=4))
        stored = len(await world.entries())
        assert 0 < stored < 40
        dead = World(CountingModel(dies_after=5))
        with pytest.raises(ModelError):
            await dead.index(*photos)
        assert len(await dead.entries()) == 5

    asyncio.run(run())


def test_an_upload_that_raises_anything_else_ends_the_work_and_nothing_hangs():
    async def run():
        async def read():
            raise RuntimeError("a bug")

        world = World()
        with pytest.raises(RuntimeError, match="a bug"):
            await world.index(replace(upload("a.jpg", b"x"), read=read))

    asyncio.run(run())


# -- The same name ------------------------------------------------------------------------------


def noise(seed):
    """Photos of one size in bytes and pixels, each with other content."""
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 32, 3), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "BMP")
    return buffer.getvalue()


def two(maker):
    """Two files of one name with other content, of the same size and time."""
    name, first, second = "DCIM/IMG_1.bmp", noise(1), noise(2)
    if maker == "files":
        return [upload(name, first)], [upload(name, second)], "DCIM/IMG_1.bmp"
    if maker == "places":
        return [upload(name, first, 7, "a")], [upload(name, second, 7, "b")], "DCIM/IMG_1.bmp"
    zips = [upload("DCIM.zip", zipped({"IMG_1.bmp": content})) for content in (first, second)]
    if maker == "zips":
        return [zips[0]], [zips[1]], "DCIM/IMG_1.bmp"
    return [upload(name, first)], [zips[1]], "DCIM/IMG_1.bmp"


@pytest.mark.parametrize("together", [False, True])
@pytest.mark.parametrize("maker", ["files", "places", "zips", "folder and zip"])
def test_the_same_name_with_other_content_is_another_photo(maker, together):
    async def run():
        first, second, name = two(maker)
        world = World()
        if together:
            reports = await world.index(*first, *second)
            assert (reports[-1].added, reports[-1].total) == (2, 2)
        else:
            await world.index(*first)
            reports = await world.index(*second)
            assert (reports[-1].added, reports[-1].total) == (1, 1)
        assert reports[-1].renamed == 1
        other = name.replace(".bmp", " (2).bmp")
        entries = await world.entries()
        assert set(entries) == {name, other}
        assert entries[other].path == name
        # The same again: all is there already, in whichever order.
        again = (await world.index(*second, *first))[-1]
        assert (again.unchanged, again.added, again.renamed) == (2, 0, 0)
        assert len(await world.entries()) == 2

    asyncio.run(run())


def test_the_very_same_content_is_there_already_wherever_it_comes_from():
    async def run():
        world = World()
        photo = noise(1)
        await world.index(upload("a.bmp", photo, 7, "disk"))
        last = (await world.index(upload("a.bmp", photo, 9), upload("a.bmp", photo, 8, "usb")))[-1]
        assert (last.unchanged, last.added, world.model.runs) == (2, 0, 1)
        assert list(await world.entries()) == ["a.bmp"]

    asyncio.run(run())


@pytest.mark.parametrize(
    ("page", "terminal"), [("Holiday/a.bmp", "a.bmp"), ("Holiday/sea/a.bmp", "sea/a.bmp")]
)
@pytest.mark.parametrize("page_first", [True, False])
def test_a_folder_that_a_page_and_a_terminal_add_is_there_once(page, terminal, page_first):
    async def run():
        world = World()
        photo = noise(1)
        # A page is told no place, and the chosen folder's name before all paths.
        ways = [upload(page, photo, 7), upload(terminal, photo, 7, "disk")]
        first, second = ways if page_first else reversed(ways)
        await world.index(first)
        for again in (second, first, second):
            last = (await world.index(again))[-1]
            assert (last.unchanged, last.added, world.model.runs) == (1, 0, 1)
        assert list(await world.entries()) == [first.path]
        # Another photo in its place is the same photo, changed, for whoever has told the place.
        await world.index(upload(terminal, noise(2), 9, "disk"))
        assert list(await world.entries()) == [first.path]
        # In a folder beside it, the same content is another photo.
        assert (await world.index(upload(f"Other/{page}", noise(2), 9)))[-1].added == 1

    asyncio.run(run())


def test_copies_in_a_folder_and_in_a_folder_of_it_are_two_photos():
    async def run():
        world = World()
        copies = [upload(name, noise(1)) for name in ("a.bmp", "sea/a.bmp")]
        assert (await world.index(*copies))[-1].added == 2
        assert (await world.index(*copies))[-1].unchanged == 2

    asyncio.run(run())


def test_a_hundred_of_one_name_are_a_hundred():
    async def run():
        world = World()
        photos = [upload("a.bmp", noise(seed)) for seed in range(100)]
        last = (await world.index(*photos))[-1]
        assert (last.added, last.renamed, last.done) == (100, 99, 100)
        assert len({entry.digest for entry in (await world.entries()).values()}) == 100
        assert (await world.index(*reversed(photos)))[-1].unchanged == 100

    asyncio.run(run())


def test_a_name_with_a_number_is_not_given_to_another():
    async def run():
        world = World()
        a, b, c = (noise(seed) for seed in range(3))
        await world.index(upload("x.bmp", a), upload("x (2).bmp", b), upload("x.bmp", c))
        assert set(await world.entries()) == {"x.bmp", "x (2).bmp", "x (3).bmp"}
        await world.index(upload("x (3).bmp", b))
        assert len(await world.entries()) == 4
        assert (await world.entries())["x (3) (2).bmp"].path == "x (3).bmp"

    asyncio.run(run())


def test_a_file_of_the_same_place_with_other_content_is_the_photo_changed():
    async def run():
        world = World()
        await world.index(upload("a.bmp", noise(1), 7, "disk"), upload("a.bmp", noise(2), 7, "usb"))
        await world.index(upload("a.bmp", noise(3), 9, "usb"))
        entries = await world.entries()
        assert set(entries) == {"a.bmp", "a (2).bmp"}
        assert entries["a (2).bmp"].modified == 9

    asyncio.run(run())


def test_what_was_stored_by_an_earlier_version_is_read_to_be_known_again():
    async def run():
        world = World()
        await world.index(upload("a.bmp", noise(1)), upload("b.bmp", noise(2)))
        entries = [replace(each, sample="") for each in (await world.entries()).values()]
        await world.store.update(HOLIDAY.id, entries)
        last = (await world.index(upload("a.bmp", noise(1)), upload("b.bmp", noise(3))))[-1]
        assert (last.unchanged, last.added, last.renamed) == (1, 1, 1)
        assert all(each.sample for name, each in (await world.entries()).items() if name != "b.bmp")

    asyncio.run(run())


def test_the_description_of_a_photo_is_kept_where_its_file_cannot_be_read_any_more():
    async def run():
        async def unreadable():
            raise PermissionError(errno.EACCES, "Permission denied")

        world = World()
        await world.index(upload("a.bmp", noise(1), 7, "disk"))
        changed = replace(upload("a.bmp", noise(2), 9, "disk"), read=unreadable)
        last = (await world.index(changed))[-1]
        assert [failure.reason for failure in last.failed] == ["You have no permission to read it."]
        assert list(await world.entries()) == ["a.bmp"]

    asyncio.run(run())


def test_names_of_any_kind_are_kept():
    async def run():
        names = ["caf\udce9.bmp", "a\nb.bmp", "\x1b[31mred.bmp", "\u202egpj.bmp", "x" * 3000, "\U0001f600.bmp"]  # fmt: skip  # noqa: E501
        world = World()
        last = (await world.index(*(upload(name, noise(1)) for name in names)))[-1]
        assert not last.failed
        assert set(await world.entries()) == set(names)

    asyncio.run(run())
