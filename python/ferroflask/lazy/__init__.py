"""Modules, names and packages of others that are loaded when they are first used."""
