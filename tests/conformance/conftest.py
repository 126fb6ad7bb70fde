"""What the tests of this folder share: the pairs of outcomes, each run once."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from .harness.running import Outcomes


@pytest.fixture(scope="session")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    # Started in the background, pytest may ignore Ctrl-C; a program inherits that, and would never end.
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield Outcomes(tmp_path_factory.mktemp("tutorials"))
    signal.signal(signal.SIGINT, before)
