"""Says where two outcomes differ, and where one differs from what its case states."""

from __future__ import annotations

import difflib
import hashlib
import re

from itsdangerous import BadSignature, TimestampSigner

from .cleaning import HTTP_DATE, SESSION, Place, clean_answer, clean_output
from .http_client import WireAnswer
from .running import Outcome, Pair
from .scenario import Scenario, Step

#: Seconds that a masked moment of one side may be away from the other's.
CLOCK = 20.0


def differing_answers(scenario: Scenario, index: int, pair: Pair) -> list[str]:
    """All complaints about one question; none means that both sides answered as they must."""
    step = scenario.questions[index]
    found: list[str] = []
    answers: dict[str, WireAnswer] = {}
    for side, outcome in (("stock", pair.stock), ("ours", pair.ours)):
        if outcome.problem or index >= len(outcome.answers):
            found.append(f"{side} did not run: {outcome.problem}")
            continue
        answer = outcome.answers[index]
        if isinstance(answer, str):
            found.append(f"{side} did not answer: {answer}\n{outcome.stderr[-3000:]}")
            continue
        answers[side] = answer
        found += [f"{side}: {text}" for text in _broken_promises(scenario, step, answer, outcome.place)]
        if answer.status == 500 != step.status:
            found.append(f"{side} said:\n{outcome.stderr[-3000:]}")
    if len(answers) == 2:
        found += _between(step, answers["stock"], answers["ours"], pair)
    return found


def _broken_promises(scenario: Scenario, step: Step, answer: WireAnswer, place: Place) -> list[str]:
    found = []
    if answer.status != step.status:
        found.append(f"status {answer.status}, not {step.status}")
    body = answer.body.decode("utf-8", "backslashreplace")
    if isinstance(step.answer, bytes) and answer.body != step.answer:
        found.append(f"body {answer.body!r}, not {step.answer!r}")
    if isinstance(step.answer, str) and body != step.answer:
        found.append(f"body {body!r}, not {step.answer!r}")
    found += [f"body {body!r} has no {text!r}" for text in step.holds if text not in body]
    for name, wanted in step.sends.items():
        given = [place.clean(value) for value in answer.values(name)]
        if (wanted is None and given) or (wanted is not None and wanted not in given):
            found.append(f"{name} is {given}, not {wanted!r}")
    return found + _unsigned(scenario, answer)


def _unsigned(scenario: Scenario, answer: WireAnswer) -> list[str]:
    """Complain of session cookies that stock, with the same secret, would not take."""
    if scenario.secret is None:
        return []
    signer = TimestampSigner(scenario.secret, salt="cookie-session", key_derivation="hmac", digest_method=hashlib.sha1)
    found = []
    for cookie in filter(None, map(SESSION.match, answer.values("Set-Cookie"))):
        try:
            signer.unsign(cookie["value"], max_age=3600)
        except BadSignature as reason:
            found.append(f"the session cookie does not verify: {reason}")
    return found


def _between(step: Step, stock: WireAnswer, ours: WireAnswer, pair: Pair) -> list[str]:
    left = clean_answer(stock, pair.stock.place, step.only)
    right = clean_answer(ours, pair.ours.place, step.only)
    found = [
        f"{what} differs\n  stock {getattr(left, what)!r}\n  ours  {getattr(right, what)!r}"
        for what in ("status_line", "headers", "body", "surplus")
        if getattr(left, what) != getattr(right, what)
    ]
    for one, other in zip(left.moments, right.moments, strict=False):
        if abs(one - other) > CLOCK:
            found.append(f"a date differs by {abs(one - other):g} s")
    return found + _transport(step, stock, ours)


def _transport(step: Step, stock: WireAnswer, ours: WireAnswer) -> list[str]:
    """Stock adds its Date and Server even where the program has sent them. Ours has each once, the program's if any."""
    found = []
    for name in ("Date", "Server"):
        if not stock.values(name) or len(ours.values(name)) != 1:
            found.append(f"{name} headers: stock {stock.values(name)}, ours {ours.values(name)}")
    for date in (*stock.values("Date"), *ours.values("Date")):
        if not HTTP_DATE.fullmatch(date):
            found.append(f"{date!r} is no date")
    if step.ours_alone:
        name, value = step.ours_alone
        if ours.values(name) != [value]:
            found.append(f"ours sends {name} {ours.values(name)}, and must send {[value]}")
    return found


def differing_output(scenario: Scenario, pair: Pair) -> list[str]:
    """All complaints about printed lines, the access log, the exit status and the files that were written."""
    found = [outcome.problem for outcome in (pair.stock, pair.ours) if outcome.problem]
    for side, outcome in (("stock", pair.stock), ("ours", pair.ours)):
        found += [f"{side}: {text}" for text in _broken_words(scenario, outcome)]
    stock, ours = pair.stock, pair.ours
    found += _lines("stdout", clean_stdout(stock), clean_stdout(ours))
    found += _lines("stderr", *(without_warnings(scenario, side.other_lines()) for side in (stock, ours)))
    found += _lines("access log", stock.access_lines(), ours.access_lines())
    if stock.status != ours.status:
        found.append(f"stock exits with {stock.status}, ours with {ours.status} (None: had to be killed)")
    if stock.files != ours.files:
        found.append(f"stock wrote {sorted(stock.files)}, ours {sorted(ours.files)}, or not the same into them")
    return found


def _broken_words(scenario: Scenario, outcome: Outcome) -> list[str]:
    found = [f"stdout has no {text!r}:\n{outcome.stdout}" for text in scenario.prints if text not in outcome.stdout]
    found += [f"stderr has no {text!r}:\n{outcome.stderr}" for text in scenario.complains if text not in outcome.stderr]
    if not scenario.serves and outcome.status != scenario.exits:
        found.append(f"exit status {outcome.status}, not {scenario.exits}\n{outcome.stderr}")
    return found


def clean_stdout(outcome: Outcome) -> list[str]:
    return clean_output(outcome.stdout, outcome.place).splitlines()


def without_warnings(scenario: Scenario, lines: list[str]) -> list[str]:
    """The lines without the DeprecationWarning that the case wants (and the code line Python shows under it)."""
    if scenario.ours_warns is None:
        return lines
    kept, skipping = [], False
    for line in lines:
        if re.search(r"DeprecationWarning: ", line):
            skipping = True
        elif not (skipping and line.startswith("  ")):
            skipping = False
            kept.append(line)
    return kept


def _lines(what: str, stock: list[str], ours: list[str]) -> list[str]:
    if stock == ours:
        return []
    return [f"{what} differs\n" + "\n".join(difflib.unified_diff(stock, ours, "stock", "ours", lineterm="", n=1))]
