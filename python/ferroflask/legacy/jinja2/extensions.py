"""Jinja extensions whose work templates do by themselves since Jinja 2.9; adding them changes nothing."""

from __future__ import annotations

from jinja2.ext import Extension


class AutoEscapeExtension(Extension):
    """Stood for the `autoescape` block."""


class WithExtension(Extension):
    """Stood for the `with` block."""
