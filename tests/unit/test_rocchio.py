import numpy as np
import pytest

from lookalike.errors import ScoreError
from lookalike.scorer.rocchio import rocchio


def feature(*values):
    return np.array(values, np.float32)


def test_one_query_alone_is_itself():
    query = feature(1, 2)
    assert rocchio([(query, 3.0, "query")]) is query


def test_nothing_is_made_of_nothing():
    assert rocchio([]) is None


def test_the_formula():
    examples = [
        (feature(1, 0), 3.0, "query"),
        (feature(0, 1), -1.0, "query"),
        (feature(4, 4), 1.0, "liked"),
        (feature(0, 4), 1.0, "liked"),
        (feature(0, 20), -1.0, "disliked"),
    ]
    # (3 (1, 0) - (0, 1)) / 4 + 0.75 (2, 4) - 0.15 (0, 20)
    assert rocchio(examples) == pytest.approx([0.75 + 1.5, -0.25 + 3 - 3])


def test_marks_need_no_query_and_a_lone_query_may_be_unwanted():
    assert rocchio([(feature(4, 0), 1.0, "liked")]) == pytest.approx([3, 0])
    assert rocchio([(feature(4, 0), -2.0, "query")]) == pytest.approx([-4, 0])


def test_the_result_cannot_be_written_to_and_is_single_precision():
    made = rocchio([(feature(1), 1.0, "query"), (feature(2), 1.0, "query")])
    assert (made.dtype, made.flags.writeable) == (np.float32, False)


def test_queries_that_all_count_nothing_are_told_unless_something_is_marked():
    nothing = (feature(1, 2), 0.0, "query")
    with pytest.raises(ScoreError, match="weight 0"):
        rocchio([nothing])
    assert rocchio([nothing, (feature(4, 0), 1.0, "liked")]) == pytest.approx([3, 0])


def test_features_of_several_lengths_are_told():
    with pytest.raises(ScoreError, match="one length"):
        rocchio([(feature(1), 1.0, "query"), (feature(1, 2), 1.0, "query")])
