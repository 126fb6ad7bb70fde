"""The signer of Flask's session cookies, built from itsdangerous alone: the judge of both sides."""

from __future__ import annotations

import hashlib

from itsdangerous import TimestampSigner


def session_signer(secret: str) -> TimestampSigner:
    return TimestampSigner(secret, salt="cookie-session", key_derivation="hmac", digest_method=hashlib.sha1)
