"""Password hashes that Werkzeug no longer makes: those that are stored can still be checked. New ones with an
old method are made with today's default. Also the helpers that stood beside them.
"""

from __future__ import annotations

import hashlib
import hmac
import sys
import typing as t
import warnings

from ..machinery.registry import enabled

if t.TYPE_CHECKING:
    from types import ModuleType

_ADVICE = (
    "The password hash method {0!r} was removed in Werkzeug 3.0. Leave 'method' out for the default, which is strong;"
    " replace a stored hash when its user logs in the next time."
)

#: What pbkdf2 did when its hash did not name the number.
_FORMER_ITERATIONS = 150_000


def safe_str_cmp(a: str | bytes, b: str | bytes) -> bool:
    """Compare two texts in a time that does not depend on where they differ."""
    return hmac.compare_digest(*(each.encode() if isinstance(each, str) else each for each in (a, b)))


def pbkdf2_bin(
    data: str | bytes,
    salt: str | bytes,
    iterations: int = _FORMER_ITERATIONS,
    keylen: int | None = None,
    hashfunc: t.Any = None,
) -> bytes:
    """Return the derived key as bytes."""
    name = hashfunc if isinstance(hashfunc, str) else "sha256" if hashfunc is None else hashfunc().name
    plain = [each.encode() if isinstance(each, str) else each for each in (data, salt)]
    return hashlib.pbkdf2_hmac(name, plain[0], plain[1], iterations, keylen)


def pbkdf2_hex(
    data: str | bytes,
    salt: str | bytes,
    iterations: int = _FORMER_ITERATIONS,
    keylen: int | None = None,
    hashfunc: t.Any = None,
) -> str:
    """Return the derived key as hexadecimal digits."""
    return pbkdf2_bin(data, salt, iterations, keylen, hashfunc).hex()


def mend(security: ModuleType) -> None:
    """Make `werkzeug.security` understand the methods that it refuses today; the others remain its own."""
    todays = vars(security).get("_hash_internal")
    if todays is None or getattr(todays, "__module__", None) == __name__:
        return

    def hash_internal(method: str, salt: str, password: str) -> tuple[str, str]:
        if method.partition(":")[0] in ("scrypt", "pbkdf2") or not _is_former(method) or not enabled():
            return t.cast("tuple[str, str]", todays(method, salt, password))
        caller = sys._getframe(1).f_code.co_name
        try:
            warnings.warn(_ADVICE.format(method), DeprecationWarning, stacklevel=3)
        except DeprecationWarning:
            return t.cast("tuple[str, str]", todays(method, salt, password))
        if caller == "check_password_hash":
            return _former_hash(method, salt, password), method
        return t.cast("tuple[str, str]", todays("scrypt", salt, password))

    security._hash_internal = hash_internal  # type: ignore[attr-defined]


def _is_former(method: str) -> bool:
    return method == "plain" or method in hashlib.algorithms_available


def _former_hash(method: str, salt: str, password: str) -> str:
    if method == "plain":
        return password
    if salt:
        return hmac.new(salt.encode(), password.encode(), method).hexdigest()
    return hashlib.new(method, password.encode()).hexdigest()
