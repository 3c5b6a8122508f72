"""How fast a collection of own photos is: filled in the page, loaded, and searched.

Of the 1,836 photos of ../shared/labelled; without them, of 120 that are drawn. Used by `bench.py`.
"""

import json
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "labelled"
DRAWN = 120
QUERIES = 5
PATIENCE = 3_600_000
"""Milliseconds."""

ROWS = {
    "own photos": ("Own photos in a collection", "{:,.0f}"),
    "indexed a second": ("Own photos indexed a second", "{:.1f}"),
    "first query": ("Query in a collection, which is loaded for it", "{:.2f} s"),
    "next query": ("Query in a collection that is loaded", "{:.2f} s"),
}


def files():
    """Give the photos, by name."""
    if SHARED.is_dir():
        lines = (SHARED / "labelled.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        return {f"{row['id']}.jpg": (SHARED / row["file"]).read_bytes() for row in rows}
    from generated_photos import collection

    return {f"{row['id']}.jpg": row["bytes"] for row in collection(DRAWN)}


def collections(browser, site, place):
    """Measure a collection.

    Args:
        browser, site: see `conftest`.
        place: a folder to write the photos to.

    Returns:
        A value for each of `ROWS`: a count, photos a second, and seconds from the choice of a photo
        to its first result, the median of the later ones.
    """
    from statistics import median

    from conftest import apart
    from own_photos import OwnPhotos, folder_of

    photos = files()
    folder = folder_of(place, photos, "Bench")
    with apart(browser, site) as look:
        own = OwnPhotos(look.open(key=None)).open()
        own.make(folder)
        own.wait("Bench", timeout=PATIENCE)
        times = marks(look)["collecting"]
        indexed = len(photos) / (times[-1] - times[0])
        look.page.reload()
        look.page.get_by_text("Ready in").wait_for(timeout=PATIENCE)
        seconds = [query(look, own, content) for content in list(photos.values())[: QUERIES + 1]]
    return {
        "own photos": len(photos),
        "indexed a second": indexed,
        "first query": seconds[0],
        "next query": median(seconds[1:]),
    }


def query(look, own, content):
    """Search the collection alone, once; give the seconds to the first result."""
    if look.page.locator("#workspace").is_visible():
        look.page.locator("#home").click()
    own.open()
    own.act("Bench", "Search these")  # on the first screen, it holds for the next search
    look.page.evaluate(
        """() => {
             for (const name of ["chosen", "scored"]) performance.clearMarks(name);
             addEventListener("change", () => performance.mark("chosen"),
                              { capture: true, once: true });
           }"""
    )
    look.forget()
    look.choose(("query.jpg", content))
    look.wait_until_done(PATIENCE)
    times = marks(look)
    return times["scored"][0] - times["chosen"][0]


def marks(look):
    """Give when each mark of the page's timeline was made, in seconds."""
    times = {}
    for name, start in look.page.evaluate(
        "() => performance.getEntriesByType('mark').map(({ name, startTime }) => [name, startTime])"
    ):
        times.setdefault(name, []).append(start / 1000)
    return times
