"""`python -m flask`: the same program as the `flask` script. It knows nothing but where that program starts."""

from __future__ import annotations

from flask.cli import main

if __name__ == "__main__":
    main()
