import os
from datetime import date, datetime, timedelta
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask, g, jsonify, render_template_string, request
from flask_babel import (
    Babel,
    force_locale,
    format_currency,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_timedelta,
    get_locale,
    get_timezone,
    gettext,
    lazy_gettext,
    ngettext,
    pgettext,
    refresh,
)

WHEN = datetime(2026, 2, 3, 16, 5, 6)
LAZY = lazy_gettext("Good morning")
WORDS = {
    "de": {
        "Good morning": "Guten Morgen",
        "Hello %(name)s": "Hallo %(name)s",
        ("one pear", "%(num)d pears"): ("eine Birne", "%(num)d Birnen"),
    },
    "fr": {"Good morning": "Bonjour", "Hello %(name)s": "Salut %(name)s"},
}


def write_catalogs(folder: Path) -> None:
    for language, words in WORDS.items():
        catalog = Catalog(locale=language)
        for text, meant in words.items():
            catalog.add(text, meant)
        if language == "de":
            catalog.add("May", "Mai", context="month")
        place = folder / "translations" / language / "LC_MESSAGES"
        place.mkdir(parents=True)
        with open(place / "messages.mo", "wb") as file:
            write_mo(file, catalog)


def make_app(folder: Path) -> Flask:
    write_catalogs(folder)
    app = Flask("dates", root_path=str(folder))
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    chosen = []

    def pick_locale():
        chosen.append(request.path)
        return request.args.get("lang") or request.accept_languages.best_match(["de", "fr", "en"])

    def pick_timezone():
        return request.args.get("zone") or getattr(g, "zone", None)

    babel = Babel(app, locale_selector=pick_locale, timezone_selector=pick_timezone)

    @app.before_request
    def zone_of_header():
        if "X-Zone" in request.headers:
            g.zone = request.headers["X-Zone"]

    @app.get("/")
    def words():
        return jsonify(
            locale=str(get_locale()),
            zone=str(get_timezone()),
            lazy=str(LAZY),
            hello=gettext("Hello %(name)s", name="Ada"),
            pears=[ngettext("one pear", "%(num)d pears", count) for count in (1, 5)],
            month=pgettext("month", "May"),
            known=[str(locale) for locale in babel.list_translations()],
        )

    @app.get("/formats")
    def formats():
        return jsonify(
            [
                format_datetime(WHEN),
                format_datetime(WHEN, "full"),
                format_date(date(2026, 2, 3)),
                format_decimal("1234567.891"),
                format_currency("1099.5", "EUR"),
                format_percent("0.34"),
                format_timedelta(timedelta(days=6)),
            ]
        )

    @app.get("/template")
    def template():
        source = "{{ _('Good morning') }} {% trans name='<Ada>' %}Hello {{ name }}{% endtrans %} {{ when|datetimeformat }} {{ 0.5|percentformat }}"
        return render_template_string(source, when=WHEN)

    @app.get("/forced")
    def forced():
        outside = gettext("Good morning")
        with force_locale("fr"):
            inside = gettext("Good morning")
        g.zone = "Asia/Tokyo"
        refresh()
        return jsonify(outside, inside, gettext("Good morning"), str(get_timezone()), format_datetime(WHEN))

    @app.get("/chosen")
    def show_chosen():
        return jsonify(chosen)

    return app
