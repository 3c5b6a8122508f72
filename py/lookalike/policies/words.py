"""From tags and titles to words: `lookalike.words`."""

from lookalike.words import words as words
