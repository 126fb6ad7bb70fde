"""The same applications on stock Flask (gunicorn, granian) and on ours, measured side by side in one run.

``python -m benches.http [works|connections|scaling|scheduler|client|all]`` from the project's folder; `make bench`
sets up what it needs first. Each group of measures leaves its raw figures in ``docs/performance/<group>.json``, and
the page and the chart there are made from all of those that lie there.

Every server runs alone, pinned to one CPU, with wrk on another; servers take turns within each round. A figure is the
best of the rounds, beside it the lowest and the highest; ratios are between figures of one run, never between runs.

The way of a figure: ``command`` → ``rounds`` (who is measured when) → ``stages`` (one running server) → ``measures``
(what is asked of it, by ``load`` or ``at_once``) → ``results`` (the JSON) → ``figures`` (best, spread, ratio) →
``page``, ``chart``, ``console``.
"""
