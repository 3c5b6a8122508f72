"""What score.py gives: from its text to functions, and running these safely."""
