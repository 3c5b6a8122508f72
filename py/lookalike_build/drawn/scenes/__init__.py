"""What the drawn photos show: one function for each kind, which paints a whole canvas."""
