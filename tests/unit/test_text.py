"""Words, their vectors, ConSE, the blend, and what a text means to a search."""

import asyncio
import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lookalike.errors import TextError
from lookalike.model.layer_tap import LayerTap
from lookalike.model.model import ModelSpec
from lookalike.model.text_encoder import TextSpec
from lookalike.photo import Photo
from lookalike.ranking.text_query import TextQuery
from lookalike.text.conse import TOP, Conse
from lookalike.text.interpret import to_ask
from lookalike.text.matcher import ByClasses, ByEncoder
from lookalike.text.rank_fusion import blended, percentiles
from lookalike.text.relevance_feedback import ENOUGH, FIRST, RelevanceFeedback
from lookalike.text.word_vectors import WordVectors, forms
from lookalike.words import fold
from small_words import WORDS, Shelf, packed, reader, table
from small_world import SPEC, ColourModel

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


# -- Words -----------------------------------------------------------------------------------------


def test_a_phrase_is_the_mean_of_its_words_and_of_unit_length():
    words = table()
    phrase = words.phrase("a Rose on the BLUE")
    assert phrase.known == ("rose", "blue")
    assert phrase.unknown == ()
    each = [words.phrase(word).vector for word in ("rose", "blue")]
    assert phrase.vector @ (each[0] + each[1]) == pytest.approx(np.linalg.norm(each[0] + each[1]))
    assert np.linalg.norm(phrase.vector) == pytest.approx(1)


@pytest.mark.parametrize(
    ("typed", "found"),
    [("roses", "rose"), ("Berries", "berry"), ("ROSE", "rose"), ("reds", "red"), ("cars", None)],
)
def test_simple_plurals_and_capitals_are_found(typed, found):
    assert table().find(typed) == found


def test_a_singular_finds_its_plural():
    assert table({"skies": (1, 0), "trees": (0, 1)}).find("tree") == "trees"


@given(st.lists(st.lists(st.sampled_from([*WORDS, "quux", "the"]), max_size=4), max_size=6))
def test_many_phrases_at_once_are_what_each_is_by_itself(phrases):
    texts = [" ".join(words) for words in phrases]
    together = table().phrases(texts, 2.0)
    assert together.shape == (len(texts), table().dimensions)
    for text, vector in zip(texts, together, strict=True):
        alone = table().phrase(text, 2.0).vector
        np.testing.assert_array_equal(vector, 0 if alone is None else alone)


def test_unknown_words_are_named_and_the_others_count():
    phrase = table().phrase("quux rose xyzzy")
    assert phrase.known == ("rose",)
    assert phrase.unknown == ("quux", "xyzzy")
    assert table().phrase("quux").vector is None


def test_stop_words_count_where_there_is_nothing_else():
    words = table({"the": (1, 0), "rose": (0, 1)})
    assert words.phrase("the rose").known == ("rose",)
    assert words.phrase("The").known == ("the",)


@given(st.text(max_size=40))
def test_any_text_is_a_phrase(text):
    phrase = table().phrase(text)
    if phrase.vector is None:
        assert phrase.known == ()
    else:
        assert np.linalg.norm(phrase.vector) == pytest.approx(1, abs=1e-5)


@given(st.text(max_size=12))
def test_forms_are_distinct_and_begin_with_the_word(word):
    found = forms(word)
    assert found[0] == fold(word)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no table", packed()[:-40]])
def test_a_broken_table_says_so(data):
    with pytest.raises(TextError, match="broken"):
        WordVectors.from_bytes(data)


def test_words_and_vectors_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="2 words"):
        WordVectors(["a", "b"], np.ones((3, 2)))


# -- ConSE -----------------------------------------------------------------------------------------


def test_a_sure_classifier_puts_a_photo_at_its_class():
    conse = Conse(["background", "red", "blue"], table())
    vectors = conse.embed(np.array([[0.0, 50.0, 0.0], [0.0, 0.0, 50.0]]))
    assert vectors == pytest.approx(np.eye(4)[[0, 2]], abs=1e-6)


def test_a_doubtful_one_puts_it_in_between_by_the_probabilities():
    conse = Conse(["red", "blue"], table())
    (vector,) = conse.embed(np.log([[0.75, 0.25]]))
    assert vector == pytest.approx(np.array([3, 0, 1, 0]) / math.sqrt(10), abs=1e-6)


def test_background_and_classes_without_a_vector_take_no_weight():
    conse = Conse(["background", "red", "quux"], table())
    assert conse.embed(np.array([[90.0, 1.0, 90.0]]))[0] == pytest.approx(np.eye(4)[0], abs=1e-6)


def test_synonyms_count_alike_and_unknown_ones_not_at_all():
    conse = Conse(["red, quux, blue"], table())
    assert conse.embed(np.zeros((1, 1)))[0] == pytest.approx(
        np.array([1, 0, 1, 0]) / math.sqrt(2), abs=1e-6
    )


def test_a_class_lies_between_its_names_and_its_kinds():
    kinds = {"red": ["quux", "blue"], "quux": ["rose"]}
    words = WordVectors(list(WORDS), np.array(list(WORDS.values()), float), kinds)
    vectors = Conse(["red", "blue", "quux"], words).embed(90 * np.eye(3))
    red, blue, rose = (words.phrase(word).vector for word in ("red", "blue", "rose"))
    assert vectors[0] == pytest.approx((red + blue) / np.linalg.norm(red + blue), abs=1e-6)
    assert vectors[1] == pytest.approx(blue, abs=1e-6)
    assert vectors[2] == pytest.approx(rose, abs=1e-6)


def test_only_the_most_probable_classes_count():
    labels = ["red"] * TOP + ["blue"]
    logits = np.zeros((1, TOP + 1))
    logits[0, -1] = -1.0
    assert Conse(labels, table()).embed(logits)[0] == pytest.approx(np.eye(4)[0], abs=1e-6)


@given(st.lists(FINITE, min_size=6, max_size=6))
def test_any_logits_give_a_vector_of_unit_length(logits):
    (vector,) = Conse(SPEC.labels, table()).embed(np.array([logits]))
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_the_nearest_classes_are_named_once_best_first():
    conse = Conse(["background", "red, rose", "blue", "red", "quux"], table())
    near = conse.nearest(table().phrase("red").vector, 5)
    assert [name for name, _ in near] == ["red", "blue"]
    assert near[0][1] > near[1][1]


def test_what_conse_cannot_use_is_refused():
    with pytest.raises(TextError, match="none of the model's classes"):
        Conse(["background", "quux"], table())
    with pytest.raises(TextError, match="for 2 classes"):
        Conse(["red", "blue"], table()).embed(np.zeros((1, 3)))


# -- Matching --------------------------------------------------------------------------------------


def test_matches_are_cosines():
    vector = table().phrase("red").vector
    by_classes = ByClasses(Conse(["red", "blue"], table()), vector)
    assert by_classes.layer == "logits"
    assert by_classes.match(np.array([60.0, 0.0], np.float32)) == pytest.approx(1)
    by_encoder = ByEncoder("image_embeds", np.array([3.0, 4.0], np.float32))
    assert by_encoder.layer == "image_embeds"
    assert by_encoder.match(np.array([0.0, 2.0], np.float32)) == pytest.approx(0.8)


@given(st.lists(st.integers(0, 40_000), max_size=200))
def test_tokens_are_cut_or_padded_to_the_length(tokens):
    fitted = TextSpec("image_embeds", 77, 0, 49_407).fit(tokens)
    assert len(fitted) == 77
    assert fitted[:76] == [*tokens, *[0] * 77][:76]
    if len(tokens) > 77:
        assert fitted[-1] == 49_407


class CountingModel(ColourModel):
    def __init__(self):
        self.runs = []

    async def run(self, batch, layers):
        self.runs.append(list(layers))
        return await super().run(batch, layers)


def test_one_run_serves_the_scorer_and_the_words():
    async def read():
        model = CountingModel()
        photo = np.ones((1, 3, 8, 8), np.float32)
        beside = LayerTap(model, photo, ["logits"])
        outputs = await beside.run(photo.copy(), ["avg_pool"])
        given = await beside.read()
        assert list(outputs) == ["avg_pool"]
        assert list(given) == ["logits"]
        assert model.runs == [["avg_pool", "logits"]]
        expected = (await model.run(photo, ["logits"]))["logits"][0]
        assert given["logits"] == pytest.approx(expected)

    asyncio.run(read())


def test_a_scorer_that_looks_at_a_part_costs_a_run_of_its_own():
    async def read():
        model = CountingModel()
        beside = LayerTap(model, np.ones((1, 3, 8, 8), np.float32), ["logits", "avg_pool"])
        await beside.run(np.zeros((2, 3, 8, 8), np.float32), ["avg_pool"])
        await beside.read()
        await beside.read()
        assert model.runs == [["avg_pool"], ["logits", "avg_pool"]]

    asyncio.run(read())


def test_a_scorer_that_writes_to_what_it_reads_changes_nothing_for_the_words():
    async def read():
        photo = np.ones((1, 3, 8, 8), np.float32)
        beside = LayerTap(ColourModel(), photo, ["logits"])
        outputs = await beside.run(photo, ["logits"])
        outputs["logits"][0] *= 0
        expected = (await ColourModel().run(photo, ["logits"]))["logits"][0]
        assert expected.any()
        np.testing.assert_array_equal((await beside.read())["logits"], expected)

    asyncio.run(read())


def test_a_tap_of_no_layers_never_runs_the_network_itself():
    async def read():
        model = CountingModel()
        assert await LayerTap(model, np.ones((1, 3, 8, 8), np.float32), []).read() == {}
        assert model.runs == []

    asyncio.run(read())


# -- The blend -------------------------------------------------------------------------------------


@given(st.lists(FINITE, max_size=60))
def test_percentiles_lie_within_0_and_1_and_half_is_their_mean(values):
    found = percentiles(values)
    assert len(found) == len(values)
    assert ((found > 0) & (found < 1)).all()
    if values:
        assert found.mean() == pytest.approx(0.5)


@given(st.lists(st.tuples(st.integers(-300, 300), FINITE), min_size=1, max_size=40))
def test_any_scorer_of_the_same_order_gives_the_same_blend(pairs):
    alike, matching = zip(*pairs, strict=True)
    by_exp = blended([math.exp(value) for value in alike], matching)
    assert by_exp == pytest.approx(blended(alike, matching))


@given(st.lists(st.tuples(FINITE, FINITE), min_size=2, max_size=40))
def test_who_is_better_by_both_is_better(pairs):
    blend = blended(*zip(*pairs, strict=True))
    for i, (a, b) in enumerate(pairs):
        for j, (c, d) in enumerate(pairs):
            if a > c and b > d:
                assert blend[i] > blend[j]


def test_both_are_wanted():
    # Best by one and worst by the other is less than good by both.
    blend = blended([1, 2, 3, 4, 5], [5, 2, 3, 4, 1])
    assert blend[3] > blend[0]
    assert blend[3] > blend[4]


# -- Feedback --------------------------------------------------------------------------------------


def photos(count, start=0):
    return [Photo(str(number)) for number in range(start, start + count)]


def test_the_first_of_the_answers_to_the_words_stand_for_them():
    feedback = RelevanceFeedback("red quux")
    feedback.answered("red quux", photos(FIRST + 5))
    feedback.answered("sea", photos(3, 50))
    assert not feedback.seen("50")
    assert not feedback.seen(str(FIRST))
    assert feedback.seen("3")
    assert not feedback.seen("3")
    assert feedback.examples == ["3"]


def test_no_more_than_enough_do():
    feedback = RelevanceFeedback("quux")
    feedback.answered("quux", photos(FIRST))
    assert sum(feedback.seen(str(number)) for number in range(FIRST)) == ENOUGH


def test_an_engine_that_was_restarted_chooses_by_what_brought_them():
    feedback = RelevanceFeedback("red quux")
    feedback.restore([("1", "sea"), ("2", "quux"), ("3", "")])
    assert feedback.examples == ["2"]


# -- Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("dog", ("dog",)),
        ("A dog in the Snow", ("dog snow", "dog", "snow")),
        ("one two six ten", ("one", "two", "six", "ten")),
        ("dog, dog!", ("dog",)),
        ("the", ("the",)),
        ("", ()),
        ("this, but not at night", ("night",)),
        ("not at night", ("night",)),
        ("a beach without people", ("beach people", "beach", "people")),
        ("A dog’s nose", ("dog nose", "dog", "nose")),
        ("its Mother's", ("mother",)),
        ("the letter s", ("letter s", "letter", "s")),
        ("not", ("not",)),
    ],
)
def test_the_phrase_is_asked_first_where_it_is_short(text, asked):
    assert to_ask(text) == asked


@given(st.text(max_size=300))
def test_what_is_asked_is_distinct_and_not_too_much(text):
    asked = to_ask(text)
    assert len(set(asked)) == len(asked) <= 10
    assert all(asked)


def read(text, photo=False, model=None, **options):
    return asyncio.run(reader(model or ColourModel(), **options).read(text, photo=photo))


def test_words_are_compared_by_the_classes():
    reading = read("rose")
    assert isinstance(reading.matcher, ByClasses)
    assert reading.near[0].tag == "red"
    assert all(0 <= guess.probability <= 1 for guess in reading.near)
    assert reading.problem is None


def test_a_word_that_is_not_known_is_said_and_the_others_rank():
    reading = read("rose quux")
    assert reading.matcher is not None
    assert "“quux”" in reading.problem.message
    assert "“rose”" in reading.problem.advice


@pytest.mark.parametrize(
    ("photo", "words"), [(True, "by your photo alone"), (False, "plain results of the service")]
)
def test_words_that_are_all_unknown_are_still_asked_and_that_is_said(photo, words):
    reading = read("quux", photo)
    assert reading.matcher is None
    assert reading.asked == ("quux",)
    assert reading.problem.code == "unknown-words"
    assert reading.problem.message == "“quux” is unknown here."
    assert words in reading.problem.advice


def test_what_is_unknown_is_said_with_the_services_that_are_asked_for_it():
    def said(text, *services):
        problem = asyncio.run(
            reader(ColourModel()).read(text, photo=False, services=services)
        ).problem
        return f"{problem.message} {problem.advice}"

    assert said("quux", "Openverse") == (
        "“quux” is unknown here. These are plain results of Openverse, the most like the first"
        " ones on top. Other words for the same may do better."
    )
    assert said("灯台 маяк", "Openverse", "Flickr") == (
        "“灯台” and “маяк” are unknown here. These are plain results of Openverse and Flickr,"
        " the most like the first ones on top. English words may do better."
    )
    assert said("rose quux xyzzy", "A", "B", "C") == (
        "“quux” and “xyzzy” are unknown here."
        " They are asked of A, B and C; photos are ranked by “rose”."
    )


def test_without_the_table_or_classes_that_is_said():
    assert "broken" in read("rose", data=b"x").problem.message
    model = ColourModel()
    model.spec = dataclasses.replace(SPEC, layers={"avg_pool": (3,)})
    assert "names no classes" in read("rose", model=model).problem.message


def test_the_table_is_fetched_when_it_is_needed_and_once():
    async def twice():
        shelf = Shelf()
        made = reader(ColourModel())
        made._table = shelf
        assert shelf.asked == 0
        await made.read("rose", photo=False)
        await made.read("blue", photo=False)
        assert shelf.asked == 1

    asyncio.run(twice())


class Encoder:
    spec = TextSpec("avg_pool", 77, 0, 1)

    def __init__(self, fails=False):
        self.fails = fails

    async def encode(self, text):
        if self.fails:
            raise TextError("The encoder is broken.")
        return np.array([1.0, 0.0, 0.0], np.float32)


def test_a_text_encoder_comes_first():
    reading = read("quux", encoder=Encoder())
    assert isinstance(reading.matcher, ByEncoder)
    assert reading.matcher.layer == "avg_pool"
    assert reading.problem is None


def test_where_the_encoder_fails_the_classes_serve_and_that_is_said():
    reading = read("rose", encoder=Encoder(fails=True))
    assert isinstance(reading.matcher, ByClasses)
    assert "encoder is broken" in reading.problem.message


def test_a_text_without_a_word_is_none():
    made = reader(ColourModel())
    assert TextQuery.made(" …! ", made, photo=False) is None
    assert TextQuery.made("x", made, photo=False) is not None


def test_the_models_file_says_whether_there_is_an_encoder():
    data = {
        **dataclasses.asdict(SPEC),
        "text": {"layer": "avg_pool", "length": 8, "pad": 0, "end": 1},
    }
    assert ModelSpec.from_json(data).text == TextSpec("avg_pool", 8, 0, 1)
    del data["text"]
    assert ModelSpec.from_json(data).text is None
    assert len(WORDS) == len(table())
