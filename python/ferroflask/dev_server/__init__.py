"""The development server and its reloader."""
