"""The policy of docs/policies.md, which a fork may begin from."""

import re
from pathlib import Path

import pytest

from lookalike.policies import POLICIES
from play import photo, play

# What is shipped to browsers holds no documents.
pytestmark = pytest.mark.native

PAGE = Path(__file__).resolve().parents[2] / "docs" / "policies.md"


@pytest.fixture
def best_tags(monkeypatch):
    monkeypatch.setattr("lookalike.policies.POLICIES", dict(POLICIES))
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) < 30
    names = {}
    exec(code, names)
    return names["POLICIES"]["best_tags"].make


def test_the_policy_of_the_page_searches_and_turns_to_the_better_tag(best_tags):
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog") for i in range(60)]
    game = play(
        best_tags(),
        photos,
        ["dog", "cat"],
        score=lambda shown: 1.0 if shown.id.startswith("cat") else 0.0,
    )
    assert len(game.looked) == len(set(game.looked)) > 30
    # Twelve looks are under way before any score is known.
    assert all(name.startswith("cat") for name in game.looked[12:42])


def test_it_ends_when_all_that_it_can_reach_is_looked_at(best_tags):
    photos = [photo(f"{tag}{i}", tag, "pet") for tag in ("cat", "dog") for i in range(30)]
    photos.append(photo("rock", "stone"))
    game = play(best_tags(), photos, ["dog"])
    assert sorted(game.looked) == sorted(found.id for found in photos[:-1])
    assert len(game.asked) == len(set(game.asked))
