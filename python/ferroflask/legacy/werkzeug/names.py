"""Names and modules that Werkzeug had in older releases. A name that lives on elsewhere is one word in a list here; a
name that only we still have is one line with its provider.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..machinery.registry import LegacyName, Table, kept, moved, version_of

#: What `werkzeug` itself offered until 0.16, by the module that has it today.
_TOP_LEVEL = {
    "datastructures": """Accept Authorization CallbackDict CharsetAccept CombinedMultiDict EnvironHeaders ETags
        FileMultiDict FileStorage Headers HeaderSet ImmutableDict ImmutableList ImmutableMultiDict
        ImmutableTypeConversionDict LanguageAccept MIMEAccept MultiDict RequestCacheControl ResponseCacheControl
        TypeConversionDict WWWAuthenticate""",
    "debug": "DebuggedApplication",
    "exceptions": "abort Aborter",
    "formparser": "parse_form_data",
    "http": """dump_cookie dump_header dump_options_header generate_etag http_date HTTP_STATUS_CODES is_entity_header
        is_hop_by_hop_header is_resource_modified parse_accept_header parse_cache_control_header parse_cookie parse_date
        parse_dict_header parse_etags parse_list_header parse_options_header parse_set_header quote_etag
        quote_header_value remove_entity_headers remove_hop_by_hop_headers unquote_etag unquote_header_value""",
    "local": "Local LocalManager LocalProxy LocalStack release_local",
    "middleware.dispatcher": "DispatcherMiddleware",
    "middleware.shared_data": "SharedDataMiddleware",
    "security": "check_password_hash generate_password_hash",
    "test": "create_environ EnvironBuilder run_wsgi_app",
    "testapp": "test_app",
    "urls": "iri_to_uri uri_to_iri",
    "utils": """append_slash_redirect cached_property environ_property find_modules header_property import_string
        redirect secure_filename""",
    "wsgi": "ClosingIterator FileWrapper get_current_url get_host LimitedStream responder wrap_file",
}


def _everywhere(home: str, era: str, places: dict[str, str]) -> dict[str, LegacyName]:
    return {
        name: moved(f"{home}.{name}", era, f"werkzeug.{place}.{name}")
        for place, names in places.items()
        for name in names.split()
    }


def _kept_all(home: str, era: str, provider: str, names: str, advice: str) -> dict[str, LegacyName]:
    return {name: kept(f"{home}.{name}", era, f"{provider}.{name}", advice) for name in names.split()}


_URL_NAMES = """BaseURL BytesURL Href URL url_decode url_decode_stream url_encode url_encode_stream url_fix url_join
    url_parse url_quote url_quote_plus url_unparse url_unquote url_unquote_plus"""
_URL_ADVICE = "Use 'urllib.parse' instead."
_WSGI_NAMES = """extract_path_info get_query_string get_script_name make_chunk_iter make_line_iter peek_path_info
    pop_path_info"""
_WSGI_ADVICE = "Take it from the WSGI environ."
_HTML_ADVICE = "Use 'markupsafe' or 'html' instead."
_AUTH_ADVICE = "Use the 'from_header' method of the class in 'werkzeug.datastructures' instead."
_MERGED = "'Request' and 'Response' have it all."

_CLASSES = {
    "BaseRequest": "Request",
    "BaseResponse": "Response",
    "PlainRequest": "Request",
}
_MIXINS = {
    "accept": ["AcceptMixin"],
    "auth": ["AuthorizationMixin", "WWWAuthenticateMixin"],
    "common_descriptors": ["CommonRequestDescriptorsMixin", "CommonResponseDescriptorsMixin"],
    "cors": ["CORSRequestMixin", "CORSResponseMixin"],
    "etag": ["ETagRequestMixin", "ETagResponseMixin"],
    "json": ["JSONMixin"],
    "user_agent": ["UserAgentMixin"],
}
_LOOSE_MIXINS = ["DynamicCharsetRequestMixin", "DynamicCharsetResponseMixin", "ResponseStreamMixin", "StreamOnlyMixin"]


def _wrapper_classes(home: str, names: Iterable[str]) -> dict[str, LegacyName]:
    return {
        name: moved(f"{home}.{name}", "0.1 to 2.1", f"werkzeug.wrappers.{_CLASSES[name]}")
        if name in _CLASSES
        else kept(f"{home}.{name}", "0.1 to 2.1", f"werkzeug.mixins.{name}", _MERGED)
        for name in names
    }


_ALL_MIXINS = [name for names in _MIXINS.values() for name in names] + _LOOSE_MIXINS

_URLS = _kept_all("werkzeug.urls", "0.5 to 3.0", "werkzeug.urls", _URL_NAMES, _URL_ADVICE)
_WSGI = _kept_all("werkzeug.wsgi", "0.5 to 3.0", "werkzeug.wsgi_functions", _WSGI_NAMES, _WSGI_ADVICE)
_HTTP = {
    **_kept_all(
        "werkzeug.http",
        "0.3 to 3.0",
        "werkzeug.http_functions",
        "parse_authorization_header parse_www_authenticate_header",
        _AUTH_ADVICE,
    ),
    **_kept_all(
        "werkzeug.http",
        "0.5 to 2.1",
        "werkzeug.http_functions",
        "cookie_date bytes_to_wsgi wsgi_to_bytes",
        "Use 'http_date', or encode as latin-1.",
    ),
}
_UTILS = {
    **_kept_all(
        "werkzeug.utils",
        "0.1 to 2.1",
        "werkzeug.html_text",
        "unescape html xhtml HTMLBuilder format_string",
        _HTML_ADVICE,
    ),
    **_kept_all(
        "werkzeug.utils",
        "0.1 to 2.1",
        "machinery.call_arguments",
        "ArgumentValidationError bind_arguments validate_arguments",
        "Use 'inspect.signature' instead.",
    ),
    **_kept_all(
        "werkzeug.utils",
        "0.7 to 2.1",
        "werkzeug.html_text",
        "detect_utf_encoding",
        "Use 'json.detect_encoding' instead.",
    ),
    **_kept_all(
        "werkzeug.utils",
        "0.15 to 2.1",
        "werkzeug.html_text",
        "invalidate_cached_property",
        "Use 'del obj.name' instead.",
    ),
    **_everywhere("werkzeug.utils", "0.1 to 1.0", {"http": "dump_cookie parse_cookie", "datastructures": "MultiDict"}),
}
_USER_AGENT = {
    name: kept(
        f"werkzeug.useragents.{name}", "0.1 to 2.1", f"werkzeug.user_agents.{name}", "Use 'werkzeug.user_agent'."
    )
    for name in ("UserAgent", "UserAgentParser")
}
_COMPAT_NAMES = """PY2 text_type string_types integer_types iterkeys itervalues iteritems implements_to_string
    implements_iterator with_metaclass reraise range_type unichr NativeStringIO BytesIO StringIO to_bytes to_native
    to_unicode imap izip native_string_result"""
_CACHE_NAMES = """BaseCache NullCache SimpleCache FileSystemCache MemcachedCache GAEMemcachedCache RedisCache
    UWSGICache"""


#: Module name -> name -> what it was.
NAMES: Table = {
    "werkzeug": {
        "__version__": version_of(
            "werkzeug",
            "0.1 to 3.1",
            "'werkzeug.__version__' was removed in Werkzeug 3.1. Use 'importlib.metadata.version(\"werkzeug\")'.",
            stays=False,
        ),
        **_everywhere("werkzeug", "0.1 to 1.0", _TOP_LEVEL),
        **_kept_all(
            "werkzeug",
            "0.1 to 1.0",
            "werkzeug.urls",
            "Href url_decode url_encode url_fix url_quote url_quote_plus url_unquote url_unquote_plus",
            _URL_ADVICE,
        ),
        **_kept_all(
            "werkzeug",
            "0.1 to 1.0",
            "werkzeug.wsgi_functions",
            "extract_path_info make_line_iter peek_path_info pop_path_info",
            _WSGI_ADVICE,
        ),
        **_HTTP,
        **{name: row for name, row in _UTILS.items() if name != "MultiDict"},
        **_wrapper_classes("werkzeug", ["BaseRequest", "BaseResponse", *_ALL_MIXINS]),
        "UserAgent": _USER_AGENT["UserAgent"],
        "escape": moved("werkzeug.escape", "0.1 to 1.0", "markupsafe.escape"),
        "OrderedMultiDict": moved("werkzeug.OrderedMultiDict", "0.6 to 1.0", "werkzeug.datastructures.MultiDict"),
    },
    "werkzeug.urls": _URLS,
    "werkzeug.wsgi": {
        **_WSGI,
        "DispatcherMiddleware": moved(
            "werkzeug.wsgi.DispatcherMiddleware", "0.5 to 1.0", "werkzeug.middleware.dispatcher.DispatcherMiddleware"
        ),
        "SharedDataMiddleware": moved(
            "werkzeug.wsgi.SharedDataMiddleware", "0.1 to 1.0", "werkzeug.middleware.shared_data.SharedDataMiddleware"
        ),
        "ProxyMiddleware": moved(
            "werkzeug.wsgi.ProxyMiddleware", "0.14 to 1.0", "werkzeug.middleware.http_proxy.ProxyMiddleware"
        ),
    },
    "werkzeug.security": {
        "safe_str_cmp": kept(
            "werkzeug.security.safe_str_cmp",
            "0.7 to 2.1",
            "werkzeug.passwords.safe_str_cmp",
            "Use 'hmac.compare_digest'.",
        ),
        "pbkdf2_hex": kept(
            "werkzeug.security.pbkdf2_hex", "0.9 to 2.1", "werkzeug.passwords.pbkdf2_hex", "Use 'hashlib.pbkdf2_hmac'."
        ),
        "pbkdf2_bin": kept(
            "werkzeug.security.pbkdf2_bin", "0.9 to 2.1", "werkzeug.passwords.pbkdf2_bin", "Use 'hashlib.pbkdf2_hmac'."
        ),
    },
    "werkzeug.http": _HTTP,
    "werkzeug.utils": _UTILS,
    "werkzeug.exceptions": {},
    "werkzeug.routing": {
        "parse_rule": kept(
            "werkzeug.routing.parse_rule",
            "0.5 to 2.2",
            "werkzeug.rule_text.parse_rule",
            "Look at a bound rule's attributes.",
        ),
    },
    "werkzeug.local": {
        "get_ident": moved("werkzeug.local.get_ident", "0.5 to 2.1", "threading.get_ident"),
    },
    "werkzeug.wrappers": _wrapper_classes("werkzeug.wrappers", [*_CLASSES, *_ALL_MIXINS]),
    "werkzeug.wrappers.base_request": _wrapper_classes("werkzeug.wrappers.base_request", ["BaseRequest"]),
    "werkzeug.wrappers.base_response": _wrapper_classes("werkzeug.wrappers.base_response", ["BaseResponse"]),
    **{
        f"werkzeug.wrappers.{module}": _wrapper_classes(f"werkzeug.wrappers.{module}", names)
        for module, names in _MIXINS.items()
    },
    "werkzeug.useragents": _USER_AGENT,
    "werkzeug.contrib.fixers": {
        "ProxyFix": kept(
            "werkzeug.contrib.fixers.ProxyFix",
            "0.5 to 1.0",
            "werkzeug.proxies.ProxyFix",
            "Use 'werkzeug.middleware.proxy_fix.ProxyFix(app, x_for=1, x_proto=1, x_host=1)' instead.",
        ),
    },
    "werkzeug.contrib.cache": {
        name: kept(
            f"werkzeug.contrib.cache.{name}",
            "0.5 to 1.0",
            f"werkzeug.caches.{name}",
            "Use the package 'cachelib' instead.",
        )
        for name in _CACHE_NAMES.split()
    },
    "werkzeug.contrib.atom": {
        name: kept(
            f"werkzeug.contrib.atom.{name}",
            "0.1 to 1.0",
            f"werkzeug.atom.{name}",
            "Use the package 'feedwerk' instead.",
        )
        for name in ("AtomFeed", "FeedEntry")
    },
    "werkzeug.contrib.lint": {
        "LintMiddleware": moved(
            "werkzeug.contrib.lint.LintMiddleware", "0.1 to 1.0", "werkzeug.middleware.lint.LintMiddleware"
        ),
    },
    "werkzeug.contrib.profiler": {
        "ProfilerMiddleware": moved(
            "werkzeug.contrib.profiler.ProfilerMiddleware",
            "0.1 to 1.0",
            "werkzeug.middleware.profiler.ProfilerMiddleware",
        ),
    },
    "werkzeug.contrib.securecookie": {
        "SecureCookie": moved(
            "werkzeug.contrib.securecookie.SecureCookie", "0.1 to 1.0", "secure_cookie.cookie.SecureCookie"
        ),
    },
    "werkzeug.contrib.sessions": {
        name: moved(f"werkzeug.contrib.sessions.{name}", "0.1 to 1.0", f"secure_cookie.session.{name}")
        for name in ("Session", "SessionStore", "FilesystemSessionStore", "SessionMiddleware")
    },
    "werkzeug.contrib.wrappers": _wrapper_classes(
        "werkzeug.contrib.wrappers", ["DynamicCharsetRequestMixin", "DynamicCharsetResponseMixin"]
    ),
    "werkzeug._compat": {
        name: kept(f"werkzeug._compat.{name}", "0.9 to 2.0", f"machinery.python2.{name}", "Use Python 3's own names.")
        for name in _COMPAT_NAMES.split()
    },
}
