"""What an application declares, without input or output: hooks, rules, blueprints, error handlers, settings.

No module of this package may name the request, the response or the context-bound proxies.
"""
