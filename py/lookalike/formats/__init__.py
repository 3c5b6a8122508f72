"""Files of pictures: told apart by their bytes, freed of what is no pixel, and decoded."""
