"""Names and modules that ItsDangerous had in older releases."""

from __future__ import annotations

from ..machinery.registry import LegacyName, Table, constant, kept, version_of

_JWS_ADVICE = "Use 'URLSafeTimedSerializer', or a library for JSON Web Tokens such as Authlib or PyJWT."


def _jws(home: str, names: list[str]) -> dict[str, LegacyName]:
    return {name: kept(f"{home}.{name}", "0.18 to 2.1", f"itsdangerous.jws.{name}", _JWS_ADVICE) for name in names}


_SERIALIZERS = ["JSONWebSignatureSerializer", "TimedJSONWebSignatureSerializer"]

#: Module name -> name -> what it was.
NAMES: Table = {
    "itsdangerous": {
        "__version__": version_of(
            "itsdangerous",
            "0.10 to 2.3",
            "The '__version__' attribute is deprecated and will be removed in ItsDangerous 2.3. Use feature detection"
            " or 'importlib.metadata.version(\"itsdangerous\")' instead.",
        ),
        **_jws("itsdangerous", _SERIALIZERS),
        "json": LegacyName(
            lambda: __import__("json"),
            "0.10 to 2.1",
            "'itsdangerous.json' was removed in ItsDangerous 2.1. Import 'json' instead.",
        ),
        "EPOCH": constant("itsdangerous.EPOCH", "0.10 to 1.0", 0, "Timestamps count from 1970."),
    },
    "itsdangerous.jws": _jws("itsdangerous.jws", _SERIALIZERS),
}
