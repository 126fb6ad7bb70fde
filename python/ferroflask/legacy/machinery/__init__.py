"""How former names, members and keyword arguments are served, whichever library lost them."""
