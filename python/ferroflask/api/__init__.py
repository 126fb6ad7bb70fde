"""The folder that holds our ``flask`` package.

Nothing imports it by this path: the take-over loads ``flask/`` under its own name. It must stay empty.
"""
