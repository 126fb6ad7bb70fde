"""Starts one program on stock Flask and on ferroflask, asks both the same, and says where they differ."""
