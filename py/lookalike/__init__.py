"""Lookalike: find photos like yours on services that can only be searched by words."""
