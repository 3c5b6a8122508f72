"""The loop: calls and looks, at one service and at several, and what is known over searches."""
