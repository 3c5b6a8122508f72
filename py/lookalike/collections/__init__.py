"""Collections of a person's own photos: made once, searched exactly, kept on their machine."""
