"""Ours beside stock: the same input to both, and the same answer from both."""
