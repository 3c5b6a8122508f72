"""What files of pictures are made of: told apart by their bytes, and freed of what is no pixel."""
