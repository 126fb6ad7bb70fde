"""Two session cookies that a Flask of 2014, on Python 2, sent under the secret `some_secret`: data of the article
series.

They are compressed, their tags say tuple and bytes, and their time stamps count from 2011, as those of
ItsDangerous did before 1.0.
"""

from __future__ import annotations

SECRET = "some_secret"
ONE_MESSAGE = (
    ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfLEdTfxfPUn8XX6DKWCAEAJKBGq8"
    ".BpE6dg.F1VURZa7VqU9bvbC4XIBO9-3Y4Y"
)
TWO_MESSAGES = (
    ".eJyrVopPy0kszkgtVrKKrlZSKIFQSUpWSknhYVXJRm55UYG2tkq1OlDRyHC_rKgIvypPdzcDTxdXA1-XwHLfLEdTfxfPUn8XX6DKWLBaMg1yrfCt"
    "ciz1rfIEGxRbCwAhGjC5.BpE7Cg.Cb_B_k2otqczhknGnpNjQ5u4dqw"
)
FIRST = (b"message", b"access at 1404020982.83")
SECOND = (b"message", b"access at 1404021130.32")
