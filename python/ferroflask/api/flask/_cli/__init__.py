"""The parts of the `flask` command. What they offer is named in `flask.cli`."""
