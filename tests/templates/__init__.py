"""Templates of our environment give what Jinja2 gives: its own suite, constructs, generated templates, real pages."""
