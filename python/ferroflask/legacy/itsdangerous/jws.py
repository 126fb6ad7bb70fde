"""JSON Web Signatures as ItsDangerous 0.18 to 2.0 wrote and read them, on today's signer and serializer classes."""

from __future__ import annotations

import hashlib
import json
import time
import typing as t
from datetime import datetime, timezone

from itsdangerous import (
    BadData,
    BadHeader,
    BadPayload,
    BadSignature,
    HMACAlgorithm,
    NoneAlgorithm,
    Serializer,
    SignatureExpired,
    Signer,
)
from itsdangerous.encoding import base64_decode, base64_encode, want_bytes

_TIGHT = (",", ":")


class _Compact:
    """JSON without spaces and with sorted keys: the payload's default form."""

    loads = staticmethod(json.loads)

    @staticmethod
    def dumps(obj: t.Any, **kwargs: t.Any) -> str:
        return json.dumps(obj, separators=_TIGHT, **kwargs)


class JSONWebSignatureSerializer(Serializer):
    """Makes and checks `header.payload.signature` texts; `dumps` returns bytes. The default algorithm is HS512."""

    jws_algorithms: t.ClassVar[dict[str, t.Any]] = {
        "HS256": HMACAlgorithm(hashlib.sha256),
        "HS384": HMACAlgorithm(hashlib.sha384),
        "HS512": HMACAlgorithm(hashlib.sha512),
        "none": NoneAlgorithm(),
    }
    default_algorithm = "HS512"
    default_serializer: t.Any = _Compact

    def __init__(
        self,
        secret_key: t.Any,
        salt: t.Any = None,
        serializer: t.Any = None,
        serializer_kwargs: t.Any = None,
        signer: t.Any = None,
        signer_kwargs: t.Any = None,
        algorithm_name: str | None = None,
    ) -> None:
        given = {} if salt is None else {"salt": salt}
        super().__init__(
            secret_key,
            serializer=serializer,
            serializer_kwargs=serializer_kwargs,
            signer=signer,
            signer_kwargs=signer_kwargs,
            **given,
        )
        # Without a salt the key is the secret itself, as other JWS libraries have it.
        self.derivation = "none" if salt is None else None
        self.algorithm_name = algorithm_name or self.default_algorithm
        self.algorithm = self.make_algorithm(self.algorithm_name)

    def make_algorithm(self, algorithm_name: str) -> t.Any:
        """Return the signing algorithm of that name. Raises NotImplementedError for an unknown one."""
        known = self.jws_algorithms.get(algorithm_name)
        if known is None:
            raise NotImplementedError("Algorithm not supported")
        return known

    def make_signer(self, salt: t.Any = None, algorithm: t.Any = None) -> Signer:
        """Make the signer; a `salt` given here derives the key in any case."""
        return self.signer(
            self.secret_keys,
            salt=self.salt if salt is None else salt,
            sep=".",
            key_derivation=self.derivation if salt is None else None,
            algorithm=self.algorithm if algorithm is None else algorithm,
        )

    def make_header(self, header_fields: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
        """Return the header's content, with the algorithm's name."""
        return {**(header_fields or {}), "alg": self.algorithm_name}

    def dump_payload(self, header: t.Any, obj: t.Any = None) -> bytes:  # type: ignore[override]
        """Return the two encoded parts that are signed."""
        head = want_bytes(self.serializer.dumps(header, **(self.serializer_kwargs or {})))
        body = want_bytes(self.serializer.dumps(obj, **(self.serializer_kwargs or {})))
        return base64_encode(head) + b"." + base64_encode(body)

    def load_payload(self, payload: bytes, serializer: t.Any = None, return_header: bool = False) -> t.Any:
        """Return the payload's value, with the header in a pair if `return_header`. Raises BadPayload, BadHeader."""
        first, dot, second = want_bytes(payload).partition(b".")
        if not dot:
            raise BadPayload('No "." found in value')
        header = self._part(first, BadHeader, "header", None)
        if not isinstance(header, dict):
            raise BadHeader("Header payload is not a JSON object", header=header)
        value = self._part(second, BadPayload, "payload", serializer)
        return (value, header) if return_header else value

    def _part(self, encoded: bytes, error: type[BadData], what: str, serializer: t.Any) -> t.Any:
        try:
            text = base64_decode(encoded)
        except Exception as reason:
            raise error(
                f"Could not base64 decode the {what} because of an exception", original_error=reason
            ) from reason  # type: ignore[call-arg]
        try:
            return super().load_payload(
                text, serializer=json if serializer is None and what == "header" else serializer
            )
        except BadData as reason:
            if error is BadPayload:
                raise
            raise error(f"Could not unserialize {what} because it was malformed", original_error=reason) from reason  # type: ignore[call-arg]

    def dumps(self, obj: t.Any, salt: t.Any = None, header_fields: t.Any = None) -> bytes:
        """Return the signed text, as bytes."""
        header = self.make_header(header_fields)
        return self.make_signer(salt, self.algorithm).sign(self.dump_payload(header, obj))

    def loads(self, s: str | bytes, salt: t.Any = None, return_header: bool = False) -> t.Any:  # type: ignore[override]
        """Check a signed text and return its value. Raises BadSignature; BadHeader for another algorithm."""
        signed = self.make_signer(salt, self.algorithm).unsign(want_bytes(s))
        value, header = self.load_payload(signed, return_header=True)
        if header.get("alg") != self.algorithm_name:
            raise BadHeader("Algorithm mismatch", header=header, payload=value)
        return (value, header) if return_header else value

    def loads_unsafe(self, s: str | bytes, salt: t.Any = None, return_header: bool = False) -> tuple[bool, t.Any]:
        """Return whether the signature was right and, whether or not, the value if it can be read."""
        return self._loads_unsafe_impl(s, salt, load_kwargs={"return_header": return_header})


class TimedJSONWebSignatureSerializer(JSONWebSignatureSerializer):
    """The same with an end: `expires_in` seconds, one hour by default."""

    DEFAULT_EXPIRES_IN = 3600

    def __init__(self, secret_key: t.Any, expires_in: int | None = None, **kwargs: t.Any) -> None:
        super().__init__(secret_key, **kwargs)
        self.expires_in = self.DEFAULT_EXPIRES_IN if expires_in is None else expires_in

    def make_header(self, header_fields: t.Mapping[str, t.Any] | None) -> dict[str, t.Any]:
        """Return the header's content, with the moments of signing and expiry in Unix seconds."""
        issued = self.now()
        return {**super().make_header(header_fields), "iat": issued, "exp": issued + self.expires_in}

    def loads(self, s: str | bytes, salt: t.Any = None, return_header: bool = False) -> t.Any:  # type: ignore[override]
        """Like the base class; raises SignatureExpired, a BadSignature, when the time is over."""
        value, header = super().loads(s, salt, return_header=True)
        if "exp" not in header:
            raise BadSignature("Missing expiry date", payload=value)
        try:
            expires = int(header["exp"])
        except (TypeError, ValueError):
            expires = -1
        if expires < 0:
            raise BadHeader("Invalid expiry date", payload=value, header=header)
        if expires < self.now():
            raise SignatureExpired("Signature expired", payload=value, date_signed=self.get_issue_date(header))
        return (value, header) if return_header else value

    def get_issue_date(self, header: t.Mapping[str, t.Any]) -> datetime | None:
        """Return when the text was signed, if its header says so."""
        issued = header.get("iat")
        return datetime.fromtimestamp(int(issued), timezone.utc) if isinstance(issued, (int, float)) else None

    def now(self) -> int:
        """Return the current Unix time in whole seconds."""
        return int(time.time())
