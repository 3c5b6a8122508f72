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
def thompson(monkeypatch):
    monkeypatch.setattr("lookalike.policies.POLICIES", dict(POLICIES))
    [code] = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.strip().splitlines()) < 30
    names = {}
    exec(code, names)
    return names["POLICIES"]["thompson"].make


def test_the_policy_of_the_page_searches_and_turns_to_the_better_tag(thompson):
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog") for i in range(60)]
    game = play(
        thompson(),
        photos,
        ["dog", "cat"],
        score=lambda shown: 1.0 if shown.id.startswith("cat") else 0.0,
    )
    assert len(game.looked) == len(set(game.looked)) > 30
    assert sum(name.startswith("cat") for name in game.looked[:30]) > 20


def test_the_same_seed_decides_the_same(thompson):
    photos = [photo(f"{tag}{i}", tag) for tag in ("cat", "dog") for i in range(30)]
    games = [play(thompson(), photos, ["dog", "cat"], seed=seed) for seed in (3, 3, 4)]
    assert games[0].looked == games[1].looked != games[2].looked
