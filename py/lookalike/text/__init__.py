"""Searching by words: what they mean, and how well a photo matches them. See docs/text.md."""
