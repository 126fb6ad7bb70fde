"""Classes that Werkzeug's requests and responses were put together from until 2.0. Their work is in `Request` and
`Response` themselves, so these are empty.
"""

from __future__ import annotations


class AcceptMixin:
    """Stood for the Accept headers."""


class AuthorizationMixin:
    """Stood for the Authorization header."""


class WWWAuthenticateMixin:
    """Stood for the WWW-Authenticate header."""


class CommonRequestDescriptorsMixin:
    """Stood for a request's plain headers."""


class CommonResponseDescriptorsMixin:
    """Stood for a response's plain headers."""


class CORSRequestMixin:
    """Stood for a request's CORS headers."""


class CORSResponseMixin:
    """Stood for a response's CORS headers."""


class ETagRequestMixin:
    """Stood for a request's conditions."""


class ETagResponseMixin:
    """Stood for conditional answers."""


class JSONMixin:
    """Stood for JSON bodies."""


class UserAgentMixin:
    """Stood for the User-Agent header."""


class ResponseStreamMixin:
    """Stood for a response's `stream`."""


class StreamOnlyMixin:
    """Switched the parsing of a request's body off."""

    disable_data_descriptor = True
    want_form_data_parsed = False


class DynamicCharsetRequestMixin:
    """Stood for charsets other than UTF-8 in requests."""


class DynamicCharsetResponseMixin:
    """Stood for charsets other than UTF-8 in responses."""
