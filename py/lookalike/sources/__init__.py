"""Photo services, one module each, and the seam that they share."""
