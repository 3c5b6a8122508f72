"""Collections of own photos without a browser: `python -m lookalike index` and `search`."""
