"""The query, features, scores, and the order of the photos."""
