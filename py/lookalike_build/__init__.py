"""Sets up a checkout and builds `dist/`. No part of what is shipped.

Standard library only, but for what is run as a program of its own: `draw_*.py` and `drawn/`.
"""
