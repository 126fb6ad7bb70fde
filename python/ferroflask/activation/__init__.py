"""How the name ``flask`` comes to mean our package."""
