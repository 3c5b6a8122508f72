"""Photos that are drawn, not taken: brushes, and the scenes that they paint."""
