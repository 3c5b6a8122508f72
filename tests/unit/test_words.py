"""Words in any script: the same however they are typed, whole, and never lost."""

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.text.path_match import PathMatch
from lookalike.text.path_words import tags_of, words_of
from lookalike.words import fold, is_unspaced, split_numbers, words

FOLD_JS = Path(__file__).resolve().parents[2] / "site/js/search/fold.js"
ASSIGNED = [
    character
    for code in range(0x110000)
    if unicodedata.category(character := chr(code)) not in ("Cn", "Cs", "Co")
]
LETTERS = [character for character in ASSIGNED if character.isalpha()]

texts = st.text(st.sampled_from(ASSIGNED), max_size=30) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A boat, at the Sea_side 2019", ["a", "boat", "at", "the", "sea", "side", "2019"]),
        ("Anna's IMG_12", ["anna", "s", "img", "12"]),
        ("हिन्दी फ़ोटो", ["हिन्दी", unicodedata.normalize("NFC", "फ़ोटो")]),
        ("தமிழ் நாடு", ["தமிழ்", "நாடு"]),
        ("ภาพถ่าย หมา", ["ภาพถ่าย", "หมา"]),
        ("東京の写真/海", ["東京の写真", "海"]),
        ("가족 사진", ["가족", "사진"]),
        ("שָׁלוֹם עולם", [unicodedata.normalize("NFC", "שָׁלוֹם"), "עולם"]),
        ("صور البحر", ["صور", "البحر"]),
        ("می‌خواهم", ["میخواهم"]),
        ("İstanbul ISTANBUL", ["istanbul", "istanbul"]),
        ("Straße STRASSE straẞe", ["strasse"] * 3),
        ("ΟΔΟΣ οδος", ["οδοσ", "οδοσ"]),
        ("Übung ÜBUNG", ["übung", "übung"]),
        ("dog🐶cat", ["dog", "🐶", "cat"]),
        ("❤️ ❤", ["❤", "❤"]),
        ("👍🏽👍", ["👍", "👍"]),
        ("👩‍👩‍👧🐕", ["👩‍👩‍👧", "🐕"]),
        ("🇩🇪🇫🇷", ["🇩🇪", "🇫🇷"]),
        ("soft\u00adhyphen", ["softhyphen"]),
        ("‏שלום‎", ["שלום"]),
        ("… — !?", []),
    ],
)
def test_words_of_many_scripts(text, expected):
    assert words(text) == expected
    assert words(unicodedata.normalize("NFD", text)) == expected
    assert words(unicodedata.normalize("NFC", text)) == expected


@given(texts)
def test_what_reads_the_same_has_the_same_words(text):
    for form in ("NFC", "NFD"):
        assert words(unicodedata.normalize(form, text)) == words(text)
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(texts)
def test_folding_is_done_once(text):
    assert fold(fold(text)) == fold(text)
    assert [each for word in words(text) for each in words(word)] == words(text)


@given(st.lists(st.text(st.sampled_from(LETTERS), min_size=1, max_size=8), max_size=4))
def test_letters_are_never_lost_and_spaces_part_words(parts):
    found = words(" ".join(parts))
    assert found == [each for part in parts for each in words(part)]
    letters = [c for c in fold(" ".join(parts)) if c.isalpha() or c.isnumeric()]
    assert [c for c in "".join(found) if c.isalpha() or c.isnumeric()] == letters


def test_a_letter_with_its_marks_is_one_word_in_every_script():
    marks = {}
    for character in ASSIGNED:
        if unicodedata.category(character) in ("Mn", "Mc"):
            marks.setdefault(unicodedata.name(character, "?").split()[0], []).append(character)
    tried = 0
    for letter in LETTERS:
        for mark in marks.get(unicodedata.name(letter, "").split(" ")[0], [])[:6]:
            assert len(words(letter + mark + letter)) == 1, (letter, mark)
            tried += 1
    assert tried > 10_000


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_of_ascii_nothing_has_changed(text):
    plain = "".join(c if c.isalnum() else " " for c in text.lower())
    assert words(text) == plain.split()


def test_numbers_part_from_letters():
    assert split_numbers("img12b") == ["img", "12", "b"]
    assert split_numbers("हिन्दी") == ["हिन्दी"]


def test_scripts_without_spaces_are_known():
    assert all(map(is_unspaced, ["ภาพ", "写真", "ひらがな", "ພາສາ", "ភាសា", "မြန်မာ"]))
    assert not any(map(is_unspaced, ["हिन्दी", "사진", "photo", "שלום", "🐶"]))


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("été", unicodedata.normalize("NFD", "Été 2019/IMG_1.jpg")),
        (unicodedata.normalize("NFD", "été"), "Été 2019/IMG_1.jpg"),
        ("istanbul", "İstanbul/a.jpg"),
        ("STRASSE", "Straße.jpg"),
        ("写真", "東京の写真.jpg"),
        ("หมา", "ภาพถ่ายหมา/1.jpg"),
        ("हिन्दी", "फोटो/हिन्दी 2.jpg"),
        ("🐶", "Bello🐶.jpg"),
        ("한국", unicodedata.normalize("NFD", "한국/사진.jpg")),
    ],
)
def test_own_photos_are_found_by_names_in_any_script(typed, path):
    assert PathMatch(typed).share(path) == 1.0
    assert PathMatch(typed).share("other/photo.jpg") == 0.0


def test_a_path_is_the_same_however_a_system_writes_it():
    path = "Été/DéjàVu-éclair12.jpg"
    for read in (tags_of, words_of):
        assert read(unicodedata.normalize("NFD", path)) == read(path)
    assert tags_of(path) == ("été", "déjà", "vu", "éclair")


@pytest.mark.native
def test_the_page_folds_every_character_as_python_does():
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node")
    code = (
        f"import {{ fold }} from {json.dumps(FOLD_JS.as_uri())}; let text = '';"
        "process.stdin.on('data', (part) => (text += part)).on('end',"
        "() => console.log(JSON.stringify(JSON.parse(text).map(fold))));"
    )
    # Each alone, and behind others, on which its small form may hang.
    sent = [*ASSIGNED, *(f"Σ{c}Σ" for c in ASSIGNED[::50]), "ΟΔΟΣ", "İSTANBUL", "I\u0307x"]
    done = subprocess.run(
        [node, "--input-type=module", "-e", code],
        input=json.dumps(sent), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout)
    assert [(c, fold(c), f) for c, f in zip(sent, found, strict=True) if fold(c) != f] == []
