"""How well policies find: simulated searches over a collection whose every score is known.

`python -m lookalike evaluate --help` says what can be asked; docs/evaluation.md, what came out.
"""
