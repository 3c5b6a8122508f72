"""JSON of any kind, for tests that a service may send whatever it likes."""

from hypothesis import strategies as st

from lookalike.sources.reading import LARGEST

absurd_numbers = st.sampled_from([LARGEST + 1, 2**63, 10**400, -(10**400)])
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | absurd_numbers
    | st.floats()
    | st.text(max_size=8)
    | absurd_numbers.map(str),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
