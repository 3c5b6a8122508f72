"""The ugliest folder, in the page: nothing is lost, and each refusal has its reason."""

import re
import shutil

import pytest
from conftest import START_UP
from own_photos import OwnPhotos
from playwright.sync_api import expect

import ugly_folder
from lookalike.formats.decoding import CUT, DAMAGED, PREVIEW

pytest.importorskip("pillow_heif", reason="nothing writes HEIC here")

KEPT = """(database) => new Promise((resolve, reject) => {
  const asked = database.transaction("entries").objectStore("entries").getAllKeys();
  asked.onerror = () => reject(asked.error);
  asked.onsuccess = () => resolve(asked.result.map((key) => key[1]));
})"""
ELSEWHERE = {"loop", "a/loop", "itself.jpg", "gone.jpg"}
"""Links, which a browser follows or leaves out by itself before the page sees any file."""


def refused(card):
    """What was refused, and why."""
    card.locator(".collection-failures").evaluate("(details) => { details.open = true; }")
    listed = card.locator(".collection-failures li").all_inner_texts()
    rows = [text.rsplit("\n", 1) for text in listed]
    return {path: reason for path, reason in rows if reason not in (CUT, DAMAGED, PREVIEW)}


def test_of_the_ugliest_folder_nothing_is_lost_and_each_refusal_has_its_reason(look, tmp_path):
    folder = tmp_path / "Ugly"
    count = ugly_folder.make(folder)
    for path in ELSEWHERE:
        (folder / path).unlink()
    look.open(key=None)
    own = OwnPhotos(look)
    own.make(folder, "Ugly")
    own.wait("Ugly", re.compile("Done: "), timeout=4 * START_UP)
    card = own.card("Ugly")
    expect(card).to_contain_text(f"{count} photos, ")
    expect(card.locator(".collection-pace")).to_contain_text(
        f"Done: {count} photos added and {len(ugly_folder.OTHERS)} other files left out"
    )
    assert not ugly_folder.refusals_that_differ(refused(card), "Ugly/")
    ids = {path.removeprefix("Ugly/") for path in own.kept(KEPT)}
    assert ugly_folder.OPENED.keys() <= ids
    assert len(ids) == count
    # The same folder once more: all of it is there, and the same is told.
    shutil.rmtree(folder / "odd")
    own.add("Ugly", folder)
    inside = len(ugly_folder.ODD)
    own.wait("Ugly", re.compile(rf"no photo added \({count - inside} in already\)"))
    expect(card).to_contain_text(f"{count} photos, ")
    assert not ugly_folder.refusals_that_differ(refused(card), "Ugly/")
