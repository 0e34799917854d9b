"""Every act leaves its line in the log: found by reading the code of each service.

A service is a function with keywords that knows who acts (`by`, `user`, `rater`, `author`) and
`moment`. It writes a line itself, or calls one of the same file that does, or stands in `WITHOUT`
with the reason.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import jam.verbs
import ratings.verbs
import sites.verbs
import submissions.verbs

APPS = ("jam", "sites", "submissions", "ratings")
ROOT = Path(jam.__file__).parent.parent
WHO = {"by", "user", "rater", "author"}
VERBS = {
    *jam.verbs.VERBS,
    *sites.verbs.VERBS,
    *submissions.verbs.VERBS,
    *ratings.verbs.VERBS,
}

# People's own, and not an act towards anybody; or no write at all.
WITHOUT = {
    "jam/beginning.py:take_along": "a part of beginning a jam, which `jam.services` logs",
    "jam/blocking.py:block": "nobody else learns of it, the log included",
    "jam/blocking.py:unblock": "nobody else learns of it, the log included",
    "jam/choices.py:left_jam": "mails that are not sent any more; the leaving is logged",
    "jam/dry_run.py:play_through": "rolled back: nothing of it stays",
    "jam/log.py:record": "the log itself",
    "jam/outbox.py:post": "a mail; what it tells of is logged",
    "jam/outbox.py:put": "a mail; what it tells of is logged",
    "jam/services.py:end": "a part of cancelling, removing and banning, which are logged",
    "jam/signing_up.py:join": "logged by `jam.services.join`",
    "submissions/freezing.py:revision_of": "a part of handing in, which is logged",
    "submissions/gallery.py:submissions_of": "reads",
    "submissions/permissions/looking.py:ask_refusal": "reads",
    "submissions/services/drafts.py:save_draft": "a draft is its team’s; handing in is logged",
    "submissions/services/files.py:add_file": "a draft is its team’s; handing in is logged",
    "submissions/services/files.py:strip_file": "a draft is its team’s; handing in is logged",
    "submissions/services/files.py:remove_file": "a draft is its team’s; handing in is logged",
    "submissions/services/readmes.py:begin_text": "a draft is its team’s; handing in is logged",
    "submissions/services/uploads.py:begin_upload": "a draft is its team’s; handing in is logged",
    "submissions/services/uploads.py:take_piece": "a draft is its team’s; handing in is logged",
    "submissions/services/origins.py:choose_origins": "a draft is its team’s; handing in is logged",
    "submissions/services/looking.py:part_people": "follows a block, of which nobody learns",
    "ratings/services.py:save": "what a rating holds is secret; its row says who and when",
    "ratings/services.py:practise": "an exercise",
    "ratings/attesting.py:attest": "what is said is secret until the results; its row says when",
    "ratings/attesting.py:take_back": "what is said is secret until the results",
    "ratings/feedback.py:answer": "words between a team and a rater, whose row says when",
    "ratings/feedback.py:mark_helpful": "a mark between a team and a rater",
    "ratings/freezing.py:keep": "a part of freezing and of correcting, which are logged",
}


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every function of the four apps, by its file and name."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "config"} & set(path.parts):
                for node in ast.walk(ast.parse(path.read_text())):
                    if isinstance(node, ast.FunctionDef):
                        yield f"{path.relative_to(ROOT)}:{node.name}", node


FUNCTIONS = list(functions())


def called(node: ast.AST) -> set[str]:
    """The names of the functions that are called."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return {func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
            for func in calls}  # fmt: skip


def is_service(node: ast.FunctionDef) -> bool:
    arguments = {each.arg for each in node.args.args + node.args.kwonlyargs}
    return bool(node.args.kwonlyargs and WHO & arguments and "moment" in arguments)


SERVICES = {name: node for name, node in FUNCTIONS if is_service(node)}
# Those that write a line by themselves.
RECORDING = {name for name, node in FUNCTIONS if "record" in called(node)}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_leaves_a_line(name):
    path = name.partition(":")[0]
    writes = name in RECORDING or any(
        f"{path}:{other}" in RECORDING for other in called(SERVICES[name])
    )
    if name in WITHOUT:
        assert not writes, f"{name} writes a line: take it off WITHOUT."
    else:
        assert writes, f"{name} writes no line of the log."


def test_nothing_stands_there_that_is_gone():
    assert set(WITHOUT) <= set(SERVICES)


def verbs_of(node: ast.expr) -> Iterator[str | None]:
    """The words that an expression may be; None for what only running tells."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from verbs_of(node.body)
        yield from verbs_of(node.orelse)
    else:
        yield None


def recorded() -> Iterator[tuple[str, str]]:
    for name, function in FUNCTIONS:
        for call in ast.walk(function):
            is_record = (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and ast.unparse(call.func) == "log.record"
            )
            if is_record and call.args:
                yield from ((name, verb) for verb in verbs_of(call.args[0]) if verb)


def test_every_verb_has_words():
    """So that the log is read in every language."""
    used = list(recorded())
    assert len(used) > 80
    assert sorted({(name, verb) for name, verb in used if verb not in VERBS}) == []


def test_no_verb_is_there_twice():
    for found in (jam.verbs, sites.verbs, submissions.verbs, ratings.verbs):
        assert len(found.VERBS) == len(set(found.VERBS))
    assert set(ratings.verbs.TELLING) <= VERBS
