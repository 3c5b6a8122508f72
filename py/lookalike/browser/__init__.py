"""The engine in a browser: the only package that knows JavaScript."""
