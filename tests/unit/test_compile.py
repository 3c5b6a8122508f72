import asyncio
import builtins
import linecache
import sys
import traceback
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lookalike.errors import ScoreError
from lookalike.photo import Photo
from lookalike.ranking.validate import tried, try_out
from lookalike.scorer.compile import compile_scorer, features_part, shipped
from lookalike.scorer.console import Console
from lookalike.scorer.scorer import Example, Result
from lookalike.scorer.user_code import UserCode
from small_world import ColourModel

GOOD = """
import numpy as np
from lookalike.images import prepare

LAYER = "avg_pool"


async def get_feature(model, image):
    '''Describe.'''
    return (await model.run(prepare(image, model.spec), [LAYER]))[LAYER][0]


def embs2score(source, candidate):
    return float(source @ candidate)
"""


def code():
    """How a scorer is run on the page, and what it prints."""
    shown = []
    return UserCode(Console(shown.append), interruptible=False), shown


def trial(text, seconds=15.0):
    """Try a file as the page's is tried."""
    return asyncio.run(tried(text, code()[0], ColourModel(), None, seconds))


def refused(text):
    with pytest.raises(ScoreError) as caught:
        trial(text)
    problem = caught.value.problem
    assert problem.message
    assert "score.py" in problem.message
    assert problem.advice
    return problem


# -- What is good is taken -------------------------------------------------------------------------


def test_the_scorer_that_is_shipped_works():
    scorer = trial(shipped())
    assert scorer.layer == "conv_16_project"
    assert scorer.optional == []


def test_what_is_optional_is_named():
    more = "START = ['lynx']\ndef rank(results): return results\n"
    more += "def get_source(examples): return np.ones(3)\n"
    more += "def embs2scores(source, candidates): return candidates @ source\n"
    assert trial(GOOD + more).optional == ["embs2scores", "get_source", "rank", "START"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("\ufeff" + GOOD, id="BOM"),
        pytest.param(GOOD.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(GOOD.replace("\n", "\r"), id="CR"),
        pytest.param(b"\xef\xbb\xbf" + GOOD.encode(), id="BOM in bytes"),
        pytest.param(GOOD.replace("\n", "\r\n").encode(), id="CRLF in bytes"),
        pytest.param(b"# coding: latin-1\n# \xe9\n" + GOOD.encode(), id="declared Latin-1"),
        pytest.param("# ☃ 🐈\n" + GOOD, id="not ASCII"),
    ],
)
def test_a_text_may_come_as_editors_save_it(text):
    trial(text)


def test_lines_are_counted_alike_however_they_end():
    for end in ("\n", "\r\n", "\r"):
        bad = (GOOD + "def broken(:\n").replace("\n", end)
        assert refused(bad).line == GOOD.count("\n") + 1


def test_nothing_is_left_in_the_systems_modules_and_each_scorer_is_its_own():
    before = sys.modules.get("score")
    one, two = compile_scorer("X = 1\n" + GOOD), compile_scorer("X = 2\n" + GOOD)
    with pytest.raises(ScoreError):
        compile_scorer("1 / 0")
    assert sys.modules.get("score") is before
    assert (one._scorer.X, two._scorer.X) == (1, 2)


def test_libraries_that_look_for_the_module_find_it():
    text = "from __future__ import annotations\nfrom dataclasses import dataclass\n"
    trial(text + "@dataclass\nclass A:\n    x: int\n" + GOOD)


def test_the_engines_future_imports_are_not_the_files():
    compile_scorer(GOOD + "import __future__\n")


def test_tracebacks_show_the_files_lines():
    scorer = compile_scorer(GOOD)
    try:
        scorer._scorer.embs2score(None, None)
    except TypeError:
        assert "return float(source @ candidate)" in traceback.format_exc()
    assert linecache.getline("score.py", 2) == "import numpy as np\n"


def test_features_cannot_be_written_to_and_one_array_may_be_used_for_all():
    text = (
        GOOD + "one = np.zeros(3)\nasync def get_feature(m, image):\n    one[:] = image.size[0]\n"
    )
    scorer = compile_scorer(text + "    return one\n")

    async def both():
        images = [Image.new("RGB", (side, 9)) for side in (3, 5)]
        return [await scorer.get_feature(ColourModel(), image) for image in images]

    first, second = asyncio.run(both())
    assert (first[0], second[0]) == (3, 5)
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1
    text = GOOD.replace("    return float(", "    source += 1\n    return float(")
    assert refused(text).line == 14


# -- What is bad is refused, in words and with its line --------------------------------------------


def instead(get_feature=None, embs2score=None):
    """The good file with another body of a function, at line 11 or 15."""
    text = GOOD
    if get_feature:
        text = text.replace("    return (await", f"    {get_feature}\n    return (await")
    if embs2score:
        text = text.replace("    return float", f"    {embs2score}\n    return float")
    return text


# More than can be addressed, on any machine.
HUGE = "[0] * (__import__('sys').maxsize // 2)"


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [
        pytest.param("def get_feature(:", "SyntaxError", 1, id="no Python"),
        pytest.param("x = 'a", "SyntaxError", 1, id="an open string"),
        pytest.param("if True:\npass", "IndentationError", 2, id="indentation"),
        pytest.param("x = 1\n\x00", "null byte", None, id="a null byte"),
        pytest.param("x = '\ud800'\ny = nothing", "score.py", None, id="a lone surrogate"),
        pytest.param(b"x = '\xff\xfe'", "could not be read", None, id="not UTF-8"),
        pytest.param("(" * 500 + ")" * 500, "score.py", None, id="nested too deep"),
        # Inside Pyodide, this is too much for the browser's stack, and the page's watchdog's work.
        pytest.param(
            "x = " + "1+" * 50_000 + "1",
            "score.py",
            None,
            id="a very long sum",
            marks=pytest.mark.native,
        ),
        pytest.param("", "no function get_feature", None, id="empty"),
        pytest.param("async def get_feature(m, i): pass", "embs2score", None, id="half"),
        pytest.param("get_feature = embs2score = 3", "no function", None, id="no functions"),
        pytest.param("\nimport nothing_at_all", "ModuleNotFoundError", 2, id="an import"),
        pytest.param("1 / 0", "could not be loaded (line 1): ZeroDivisionError", 1, id="raises"),
        pytest.param("raise SystemExit(3)", "SystemExit", 1, id="SystemExit"),
        pytest.param("import sys\nsys.exit()", "SystemExit", 2, id="sys.exit"),
        pytest.param("raise KeyboardInterrupt", "KeyboardInterrupt", 1, id="KeyboardInterrupt"),
        pytest.param("raise GeneratorExit", "GeneratorExit", 1, id="GeneratorExit"),
        pytest.param("class E(BaseException): pass\nraise E", "E", 2, id="BaseException"),
        pytest.param("raise StopIteration", "StopIteration", 1, id="StopIteration"),
        pytest.param("def f(): f()\nf()", "RecursionError", 1, id="recursion"),
        pytest.param("raise MemoryError", "MemoryError", 1, id="MemoryError"),
        pytest.param(f"import numpy as np\nx = {HUGE}", "MemoryError", 2, id="memory"),
        pytest.param(GOOD + "START = 'lynx'", "START", None, id="START is a text"),
        pytest.param(GOOD + "START = ['']", "START", None, id="START is empty"),
        pytest.param(GOOD + "START = [1]", "START", None, id="START is a number"),
        pytest.param(GOOD + "START = np.array(['a', 'b'])", "START", None, id="START is an array"),
        pytest.param(GOOD + "START = np.array([])", "START", None, id="START is an empty array"),
        pytest.param(
            GOOD + "class L(list):\n    def __iter__(self): 1 / 0\nSTART = L('a')",
            "START in score.py failed (line 16): ZeroDivisionError",
            16,
            id="START raises",
        ),
        pytest.param(
            GOOD + "class L:\n    def __str__(self): 1 / 0\nLAYER = L()",
            "LAYER in score.py failed (line 16): ZeroDivisionError",
            16,
            id="LAYER raises",
        ),
        pytest.param(
            GOOD + "def __getattr__(name): 1 / 0", "ZeroDivisionError", 15, id="any name raises"
        ),
        pytest.param(GOOD.replace("async ", ""), "SyntaxError", 10, id="await without async"),
        pytest.param(instead("return None"), "get_feature", None, id="feature None"),
        pytest.param(instead("return 'red'"), "ValueError", None, id="feature text"),
        pytest.param(instead("return np.ones((2, 3))"), "not a vector", 8, id="a matrix"),
        pytest.param(instead("return 3.0"), "not a vector", 8, id="a number"),
        pytest.param(instead("return [np.nan]"), "NaN", 8, id="feature NaN"),
        pytest.param(instead("import sys; sys.exit(1)"), "SystemExit", 10, id="feature exits"),
        pytest.param(instead("raise KeyboardInterrupt"), "KeyboardInt", 10, id="feature stops"),
        pytest.param(
            instead("import asyncio; raise asyncio.CancelledError"), "Cancelled", 10, id="cancels"
        ),
        pytest.param(instead("raise StopIteration"), "RuntimeError", None, id="stops iteration"),
        pytest.param(instead(f"x = {HUGE}"), "MemoryError", 10, id="feature memory"),
        pytest.param(instead("f = lambda: f(); f()"), "RecursionError", 10, id="feature recursion"),
        pytest.param(
            instead("await model.run(prepare(image, model.spec), ['nose'])"),
            "get_feature",
            10,
            id="no such layer",
        ),
        pytest.param(instead(None, "return float('nan')"), "nan", 13, id="score NaN"),
        pytest.param(instead(None, "return 'alike'"), "embs2score", None, id="score text"),
        pytest.param(instead(None, "return [1]"), "TypeError", None, id="score list"),
        pytest.param(instead(None, "exit()"), "failed (line 14)", 14, id="score exits"),
        pytest.param(instead(None, "1 / 0"), "ZeroDivisionError", 14, id="score raises"),
        pytest.param(GOOD + "def embs2scores(s, c): return 1", "embs2scores", 15, id="one score"),
        pytest.param(GOOD + "def embs2scores(s, c): return c", "embs2scores", 15, id="a matrix"),
        pytest.param(
            GOOD + "def embs2scores(s, c): return [np.nan] * len(c)", "nan", 15, id="scores NaN"
        ),
        pytest.param(GOOD + "def embs2scores(s, c): 1 / 0", "ZeroDiv", 15, id="scores raise"),
        pytest.param(GOOD + "def get_source(e): return e.x", "AttributeError", 15, id="source"),
        pytest.param(GOOD + "def get_source(): pass", "TypeError", None, id="source takes none"),
        pytest.param(GOOD + "def rank(r): return []", "each of the 1", 15, id="rank drops"),
        pytest.param(GOOD + "def rank(r): return r + r", "each of the 1", 15, id="rank repeats"),
        pytest.param(GOOD + "def rank(r): return None", "TypeError", None, id="rank None"),
        pytest.param(GOOD + "def rank(r): return ['a']", "AttributeError", None, id="rank text"),
        pytest.param(GOOD + "def rank(r): 1 / 0", "rank in score.py", 15, id="rank raises"),
        pytest.param(GOOD + "rank = 3", "TypeError", None, id="rank is a number"),
    ],
)
def test_what_is_bad_is_refused_in_words_and_with_its_line(text, words, line):
    problem = refused(text)
    assert words in problem.message
    if line is not None:
        assert problem.line == line
    # Nothing is left broken.
    trial(GOOD)


def test_a_feature_that_never_comes_is_not_waited_for():
    for wait in (
        "import asyncio; await asyncio.Event().wait()",
        # Nor is one that does not let itself be cancelled.
        "import asyncio\n    for _ in range(9):\n        try:\n"
        "            await asyncio.sleep(.05)\n        except BaseException: pass",
    ):
        with pytest.raises(ScoreError, match="did not return"):
            trial(instead(wait), seconds=0.02)


INTERRUPTED = "raise KeyboardInterrupt"
IN_ITS_WORDS = f"class E(Exception):\n    def __str__(self): {INTERRUPTED}\nraise E"


@pytest.mark.native
@pytest.mark.parametrize("text", [INTERRUPTED, IN_ITS_WORDS])
def test_whoever_interrupts_the_program_interrupts_a_scorer_too(text):
    streams, shown = (sys.stdout, sys.stderr), []
    with pytest.raises(KeyboardInterrupt):
        compile_scorer(text, UserCode(Console(shown.append)))
    assert (sys.stdout, sys.stderr) == streams
    # To end the program is not up to score.py.
    assert "SystemExit" in refused("raise SystemExit").message
    with pytest.raises(ScoreError, match="SystemExit"):
        compile_scorer("raise SystemExit")


@pytest.mark.native
def test_a_program_that_is_interrupted_while_a_photo_is_described_ends():
    scorer = compile_scorer(instead(INTERRUPTED))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(scorer.get_feature(ColourModel(), Image.new("RGB", (9, 9))))


def test_an_exception_whose_own_words_fail_is_told_by_its_name():
    text = "class E(Exception):\n    def __str__(self): raise SystemExit\nraise E"
    assert refused(text).message == "score.py could not be loaded (line 3): E"


def test_an_exception_with_endless_words_is_cut():
    assert len(refused("raise ValueError('x' * 10**6)").message) < 1000


# -- What it breaks is mended ----------------------------------------------------------------------

REDEFINED = ("len", "isinstance", "BaseException", "Exception", "map", "all", "next", "print")


@pytest.mark.parametrize("name", REDEFINED)
def test_builtins_that_the_file_redefines_for_itself_are_its_own(name):
    before = dict(vars(builtins))
    text = f"{name} = None\n__builtins__['{name}'] = None\n{GOOD}"
    trial(text)
    assert dict(vars(builtins)) == before


@pytest.mark.parametrize("name", REDEFINED)
@pytest.mark.parametrize("where", ["load", "get_feature", "embs2score"])
def test_builtins_that_the_file_redefines_for_all_are_put_back(name, where):
    before = dict(vars(builtins))
    act = f"import builtins; builtins.{name} = None; builtins.new = 1"
    text = {
        "load": f"{act}\n{GOOD}",
        "get_feature": instead(act),
        "embs2score": instead(None, act),
    }[where]
    scorer = None
    try:
        scorer = trial(text)
    except ScoreError as error:  # as it may fail by that itself
        assert "score.py" in str(error)  # noqa: PT017
    assert dict(vars(builtins)) == before
    assert scorer is None or scorer.layer == "avg_pool"


def test_deleted_builtins_are_put_back():
    before = dict(vars(builtins))
    with pytest.raises(ScoreError):
        trial("import builtins; vars(builtins).clear(); len")
    assert dict(vars(builtins)) == before


def test_streams_and_numpys_errors_are_put_back():
    streams, errors = (sys.stdout, sys.stderr), np.geterr()
    trial("import sys\nimport numpy\nnumpy.seterr(all='raise')\nsys.stdout = None\n" + GOOD)
    trial(instead("np.seterr(all='raise')"))
    assert (sys.stdout, sys.stderr) == streams
    assert np.geterr() == errors


def test_what_is_awaited_in_between_is_not_run_as_the_scorers():
    """Two features under way, and another task: each prints where it should."""
    run, shown = code()
    text = instead("print('mine'); await model.pause(); print('mine again')")
    scorer = compile_scorer(text, run)
    seen = []

    class Model(ColourModel):
        async def pause(self):
            for _ in range(3):
                await asyncio.sleep(0)

    async def other():
        for _ in range(6):
            seen.append((sys.stdout is run.console, vars(builtins)["len"] is len))
            await asyncio.sleep(0)

    async def all_at_once():
        image = Image.new("RGB", (9, 9), "red")
        await asyncio.gather(*(scorer.get_feature(Model(), image) for _ in range(2)), other())

    asyncio.run(all_at_once())
    assert "".join(shown).splitlines() == ["mine", "mine", "mine again", "mine again"]
    assert set(seen) == {(False, True)}


def test_an_error_keeps_nothing_of_the_failed_call_alive():
    def chain(error):
        while error:
            yield error
            error = error.__cause__ or error.__context__

    with pytest.raises(ScoreError) as caught:
        compile_scorer("x = [0] * 1000\n1 / 0")
    assert all(isinstance(error, ScoreError) for error in chain(caught.value))


# -- What is printed -------------------------------------------------------------------------------


def test_what_is_printed_is_shown_in_order_out_and_err():
    run, shown = code()
    text = "import sys\nprint('one')\nprint('two', file=sys.stderr)\n" + GOOD
    compile_scorer(text + "print('three', end='')\n", run)
    assert shown == ["one\ntwo\nthree"]  # once, when the file had been loaded


def test_what_is_printed_by_all_comparisons_is_one_message():
    run, shown = code()
    scorer = compile_scorer(instead(None, "print(candidate[0])"), run)
    scorer.scores(np.ones(3, np.float32), [np.full(3, i, np.float32) for i in range(3)])
    assert shown == ["0.0\n1.0\n2.0\n"]


@given(st.lists(st.text(max_size=9), max_size=20), st.integers(1, 30))
@settings(deadline=None)
def test_no_more_is_shown_than_the_limit_and_an_ellipsis(texts, limit):
    shown = []
    console = Console(shown.append, limit)
    for _ in range(2):
        console.begin()
        shown.clear()
        for text in texts:
            assert console.write(text) == len(text)
            console.emit_all()
        whole = "".join(texts)
        expected = whole if len(whole) <= limit else whole[:limit] + "…"
        assert "".join(shown) == expected.encode("utf-8", "replace").decode()


def test_the_console_is_a_file_that_cannot_be_closed():
    shown = []
    console = Console(shown.append)
    console.close()
    console.flush()
    print("still", "here", file=console, flush=True)
    with pytest.raises(TypeError):
        console.write(b"bytes")
    console.write("\ud800")
    console.emit_all()
    assert shown == ["still here\n?"]


# -- What features depend on -----------------------------------------------------------------------

SAME = [
    pytest.param(GOOD.replace("float(source @ candidate)", "1.0"), id="embs2score"),
    pytest.param(GOOD.replace("'''Describe.'''", "'''Else.'''"), id="docstring"),
    pytest.param(GOOD.replace("    '''Describe.'''\n", ""), id="no docstring"),
    pytest.param('"""About."""\n' + GOOD, id="docstring of the module"),
    pytest.param("# why\n\n\n" + GOOD.replace("LAYER =", "LAYER   ="), id="comments and layout"),
    pytest.param(GOOD + "def embs2scores(s, c): return c @ s\n", id="embs2scores"),
    pytest.param(GOOD + "def get_source(e): return e[0].feature\n", id="get_source"),
    pytest.param(GOOD + "def rank(r): return r\nSTART = ['a']\n", id="rank and START"),
    pytest.param(GOOD + "START: list = ['a']\n", id="START with a type"),
]
OTHER = [
    pytest.param(GOOD.replace("avg_pool", "logits"), id="layer"),
    pytest.param(GOOD.replace("[0]\n", "[0] * 2\n"), id="get_feature"),
    pytest.param(GOOD + "import math\n", id="another import"),
    pytest.param(GOOD + "if True:\n    START = ['a']\n", id="START under a condition"),
    pytest.param(GOOD + "x = START = ['a']\n", id="START and another"),
    pytest.param(GOOD + "class A:\n    '''Doc.'''\n", id="a class"),
]


@pytest.mark.parametrize("text", SAME)
def test_a_change_of_scoring_alone_keeps_features(text):
    assert compile_scorer(text).key == compile_scorer(GOOD).key


@pytest.mark.parametrize("text", OTHER)
def test_a_change_of_anything_else_does_not(text):
    assert compile_scorer(text).key != compile_scorer(GOOD).key


def test_scoring_that_features_depend_on_counts():
    def text(value):
        changed = instead("embs2score(np.ones(3), np.ones(3))")
        return changed.replace("float(source @", f"{value} + float(source @")

    assert features_part(text(1)) != features_part(text(2))
    start = instead("START[0]") + "START = ['{}']\n"
    assert features_part(start.format("a")) != features_part(start.format("b"))


def test_a_file_nested_too_deep_to_be_compared_still_works():
    text = GOOD + "x = " + "-" * 600 + "1\n"
    try:
        scorer = compile_scorer(text)
    except ScoreError as error:  # too deep for Python itself
        assert "score.py" in str(error)  # noqa: PT017
    else:
        assert scorer.key == compile_scorer(text).key


# -- Many at once, and the order -------------------------------------------------------------------


def vectors(count):
    return [np.full(3, i, np.float32) for i in range(count)]


def test_many_are_compared_by_embs2scores_where_it_is_and_else_one_by_one():
    at_once = compile_scorer(GOOD + "def embs2scores(s, c): return -(c @ s)\n")
    one_by_one = compile_scorer(GOOD)
    source = np.ones(3, np.float32)
    assert at_once.scores(source, vectors(3)) == [0.0, -3.0, -6.0]
    assert one_by_one.scores(source, vectors(3)) == [0.0, 3.0, 6.0]
    assert at_once.scores(source, []) == one_by_one.scores(source, []) == []


def test_what_cannot_be_compared_has_no_score_unless_it_is_all():
    source = np.ones(3, np.float32)
    for text in (
        instead(None, "assert candidate[0] != 1"),
        GOOD + "def embs2scores(s, c): return np.where(c[:, 0] == 1, np.nan, c @ s)\n",
    ):
        scorer = compile_scorer(text)
        assert scorer.scores(source, vectors(3)) == [0.0, None, 6.0]
        with pytest.raises(ScoreError):
            scorer.scores(source, vectors(2)[1:])


def test_features_of_several_lengths_are_told():
    text = GOOD + "async def get_feature(m, image): return np.ones(image.size[0])\n"
    scorer = compile_scorer(text)

    async def two():
        for side in (3, 4):
            await scorer.get_feature(ColourModel(), Image.new("RGB", (side, 9)))

    with pytest.raises(ScoreError, match="returned 4 numbers, and 3"):
        asyncio.run(two())


def test_rank_gives_its_own_order():
    scorer = compile_scorer(GOOD + "def rank(r): return sorted(r, key=lambda x: x.photo.owner)\n")
    results = [Result(Photo(str(i), owner="cab"[i]), 0.0, vectors(1)[0]) for i in range(3)]
    assert scorer.rank(results) == ["1", "2", "0"]


def test_an_object_is_a_scorer_too():
    class Mine:
        async def get_feature(self, model, image):
            return [1.0]

        def embs2score(self, source, candidate):
            return 1

    from lookalike.scorer.scorer import CheckedScorer

    feature = np.ones(1, np.float32)
    example, result = Example(feature, 1.0, "query"), Result(Photo("a"), 0.0, feature)
    try_out(CheckedScorer(Mine()), [example], [result])
    assert CheckedScorer(types.SimpleNamespace(START=["a", " b ", "a"])).start == ("a", "b")


def test_every_version_of_python_writes_the_same():
    text = "async def get_feature(model, image):\n    return [x for x in f(*image, None) or {}]\n"
    assert features_part(text) == (
        "AsyncFunctionDef(name='get_feature', args=arguments(args=[arg(arg='model'), arg(arg="
        "'image')]), body=[Return(value=ListComp(elt=Name(id='x'), generators=[comprehension("
        "target=Name(id='x'), iter=BoolOp(op=Or(), values=[Call(func=Name(id='f'), args=[Star"
        "red(value=Name(id='image')), Constant()]), Dict()]), is_async=0)]))])"
    )


def test_the_shipped_file_describes_photos_as_it_always_has():
    """Else each collection that people have made would be described again."""
    assert compile_scorer(shipped()).key == (
        "e4bda79d285705958f09fe187f7b04a0c43d474de927329cfcebac8e14df747d",
        "conv_16_project",
    )


def test_the_shipped_file_compares_by_the_cosine():
    shipped_one = compile_scorer(shipped())
    feature = np.array([3.0, 4.0], np.float32)
    assert shipped_one.embs2score(feature, 7 * feature) == pytest.approx(1)
    assert shipped_one.embs2score(feature, np.array([4.0, -3.0])) == pytest.approx(0)
    assert shipped_one.embs2score(feature, np.zeros(2, np.float32)) == 0
