from lookalike.sources.flickr import Flickr
from lookalike.sources.source import Capabilities, capabilities


class Plain:
    def search(self, query, limit, before):
        return []

    def thumbnail(self, photo):
        return b""


def test_a_source_that_says_nothing_has_the_defaults():
    can = capabilities(Plain())
    assert can == Capabilities("plain", "Plain")
    assert (can.dates, can.pages, can.key) == (False, 1, False)
    assert (can.per_minute, can.per_day) == (None, None)


def test_a_source_says_what_it_can():
    class Slow(Plain):
        can = Capabilities("slow", "Slow", per_minute=1)

    assert capabilities(Slow()).per_minute == 1


def test_flickr_obeys_dates_and_wants_a_key():
    can = capabilities(Flickr())
    assert (can.name, can.title, can.per_call) == ("flickr", "Flickr", 100)
    assert can.dates
    assert can.key
    assert can.filters == {"license", "since", "until", "safe"}
