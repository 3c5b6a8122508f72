"""One small vocabulary for a page, and three browsers that understand it."""
