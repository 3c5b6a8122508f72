"""Sets up a checkout and builds `dist/`. Standard library only; no part of what is shipped."""
