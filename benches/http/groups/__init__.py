"""The groups of measures: what is measured of what, and the sentences that the page has about it."""

from .catalogue import ABOUT, NAMES, TITLES, group

__all__ = ["ABOUT", "NAMES", "TITLES", "group"]
