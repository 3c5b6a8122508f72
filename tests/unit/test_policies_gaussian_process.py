import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lookalike.policies.acquisition import expected_improvement
from lookalike.policies.gaussian_process import PoolGaussianProcess, combined, lower_times
from lookalike.policies.scale import RobustScale

NOISE = 0.5
ANCHORS = 2


def kernel_of(size, seed):
    points = np.random.default_rng(seed).normal(size=(size, 3))
    return np.exp(-0.5 * ((points[:, None] - points[None]) ** 2).sum(-1))


def grown(kernel, columns, y, split):
    """A process with anchors first, the pool in two parts, and observations in between."""
    n = len(kernel)
    process = PoolGaussianProcess(NOISE)
    anchors = np.arange(ANCHORS)
    process.anchor(kernel[:ANCHORS, :ANCHORS], [2.0, 1.0], NOISE)
    process.extend(kernel[:ANCHORS, ANCHORS:split], kernel.diagonal()[ANCHORS:split])
    rows = list(anchors)
    for i, column in enumerate(columns):
        if i == len(columns) // 2:
            process.extend(kernel[np.ix_(rows, range(split, n))], kernel.diagonal()[split:])
        if column >= process.columns:
            continue
        whole = kernel[ANCHORS + column, ANCHORS : ANCHORS + process.columns]
        row = process.observe(column, whole)
        rows.append(ANCHORS + column)
        process.settle(row, y[i])
    return process, rows


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000))
def test_the_posterior_is_that_of_the_textbook(seed):
    rng = np.random.default_rng(seed)
    kernel = kernel_of(90, seed)
    columns = rng.permutation(80)[:70]
    y = rng.normal(5, 3, 70)
    process, rows = grown(kernel, columns, y, split=60)
    a, _ = process.scale()
    observed = process.observed()
    z = np.concatenate([[2.0, 1.0], observed])
    solved = np.linalg.inv(kernel[np.ix_(rows, rows)] + NOISE * np.eye(len(rows)))
    cross = kernel[rows, ANCHORS:]
    mean, variance = process.posterior()
    assert a > 0
    assert np.allclose(mean, cross.T @ solved @ z)
    assert np.allclose(variance, 1 - np.einsum("ij,ij->j", cross, solved @ cross))


def test_the_scale_is_of_maximum_likelihood():
    rng = np.random.default_rng(3)
    kernel = kernel_of(60, 3)
    process, rows = grown(kernel, range(40), rng.normal(5, 3, 40), split=60)
    a, c = process.scale()
    y = (process.observed() + c) / a
    solved = np.linalg.inv(kernel[np.ix_(rows, rows)] + NOISE * np.eye(len(rows)))

    def likelihood(a, c):
        z = np.concatenate([[2.0, 1.0], a * y - c])
        return len(y) * np.log(a) - z @ solved @ z / 2

    best = likelihood(a, c)
    for da, dc in [(0.01, 0), (-0.01, 0), (0, 0.01), (0, -0.01)]:
        assert likelihood(a * (1 + da), c + dc) < best


def test_what_is_never_known_teaches_nothing_but_that_it_was_looked_at():
    kernel = kernel_of(30, 1)
    process, _ = grown(kernel, range(5), [1.0, 2, 3, 4, 5], split=30)
    mean, variance = process.posterior()
    row = process.observe(20, kernel[22, ANCHORS:])
    process.settle(row, np.nan)
    later_mean, later_variance = process.posterior()
    assert np.allclose(mean, later_mean)
    assert later_variance[20] < variance[20]


def test_values_count_in_the_order_of_the_observations():
    kernel = kernel_of(30, 1)
    one, _ = grown(kernel, range(3), [1.0, 5, 3], split=30)
    other = PoolGaussianProcess(NOISE)
    other.anchor(kernel[:2, :2], [2.0, 1.0], NOISE)
    other.extend(kernel[:2, 2:], np.ones(28))
    rows = [other.observe(i, kernel[2 + i, 2:]) for i in range(3)]
    for i in (2, 1, 0):
        other.settle(rows[i], [1.0, 5, 3][i])
    assert np.allclose(one.posterior(), other.posterior())


def test_values_can_be_replaced():
    kernel = kernel_of(30, 1)
    one, _ = grown(kernel, range(4), [1.0, 5, 3, 2], split=30)
    other, _ = grown(kernel, range(4), [7.0, 8, 3, 2], split=30)
    other.revalue({2: 1.0, 3: 5.0})
    assert np.allclose(one.posterior(), other.posterior())


def test_it_counts_its_changes_and_its_scale_is_that_of_now():
    kernel = kernel_of(30, 1)
    process, _ = grown(kernel, range(3), [1.0, 5, 3], split=20)
    seen = [(process.changes, process.scale())]
    row = process.observe(4, kernel[6, 2:])
    seen.append((process.changes, process.scale()))
    process.settle(row, 9.0)
    seen.append((process.changes, process.scale()))
    process.revalue({row: 2.0})
    seen.append((process.changes, process.scale()))
    changes, scales = zip(*seen, strict=True)
    assert sorted(set(changes)) == list(changes)
    assert scales[1] == scales[0]  # nothing is known of it yet
    assert len(set(scales)) == 3
    afresh, _ = grown(kernel, [0, 1, 2, 4], [1.0, 5, 3, 2.0], split=20)
    assert process.scale() == pytest.approx(afresh.scale())


@given(rows=st.integers(0, 9), columns=st.integers(0, 9))
def test_rows_are_combined_as_by_a_product_of_matrices(rows, columns):
    rng = np.random.default_rng(10 * rows + columns)
    weights, matrix = rng.normal(size=rows), rng.normal(size=(20, 20))[:rows, :columns]
    assert combined(weights, matrix) == pytest.approx(weights @ matrix)


@pytest.mark.parametrize("rows", [0, 1, 64, 65, 200])
def test_of_a_triangle_only_what_is_not_zero_is_multiplied(rows):
    rng = np.random.default_rng(rows)
    triangle, columns = np.tril(rng.normal(size=(rows, rows))), rng.normal(size=(rows, 5))
    assert lower_times(triangle, columns) == pytest.approx(triangle @ columns)


def test_a_process_that_knows_nothing_has_its_prior():
    process = PoolGaussianProcess(NOISE)
    process.extend(np.zeros((0, 3)), np.array([1.0, 1.0, 0.5]))
    mean, variance = process.posterior()
    assert mean.tolist() == [0, 0, 0]
    assert variance.tolist() == [1, 1, 0.5]


@pytest.mark.parametrize("values", [[2.0], [2.0, 2.0, 2.0]])
def test_scores_that_are_all_alike_do_no_harm(values):
    process, _ = grown(kernel_of(30, 1), range(len(values)), values, split=30)
    assert np.isfinite(process.posterior()).all()


@pytest.mark.parametrize(
    ("mean", "variance", "threshold", "expected"),
    # By hand: at the threshold sd/sqrt(2 pi); far above it the difference; far below nothing.
    [(0, 1, 0, 0.39894), (0, 4, 0, 0.79788), (9, 1, 1, 8), (0, 1, 9, 0), (1, 1, 0, 1.08332)],
)
def test_expected_improvement_by_hand(mean, variance, threshold, expected):
    found = expected_improvement(np.array([float(mean)]), np.array([float(variance)]), threshold)
    assert found[0] == pytest.approx(expected, abs=2e-3)


@settings(max_examples=50, deadline=None)
@given(
    scores=st.lists(st.integers(-80, 80).map(lambda n: n / 16), min_size=3, max_size=40),
    factor=st.sampled_from([0.25, 2.0, 1024.0]),
    offset=st.sampled_from([-4.0, 0.0, 8.0]),
)
def test_the_scale_of_scores_does_not_matter(scores, factor, offset):
    one, other = RobustScale(), RobustScale()
    for score in scores:
        one.add(score)
        other.add(factor * score + offset)
    for score in scores:
        mapped = one(score)
        assert other(factor * score + offset) == pytest.approx(mapped, rel=1e-3, abs=1e-3)
        assert one.inverse(mapped) == pytest.approx(score, rel=1e-6, abs=1e-6)


def test_the_order_of_scores_stays_even_where_tails_are_heavy():
    scale = RobustScale()
    scores = [float(np.exp(x)) for x in range(12)]
    for score in scores:
        scale.add(score)
    mapped = [scale(score) for score in scores]
    assert mapped == sorted(mapped)
    assert mapped[-1] < 12
