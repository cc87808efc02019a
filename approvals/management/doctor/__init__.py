"""What an operator asks of an installation: each part is asked with a time limit, and each answer is a sentence."""
