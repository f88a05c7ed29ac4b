"""What the state of a version allows: one dict of steps, one of whose turn it is. Who may is `cases/permissions.py`.

The same table stands in PostgreSQL (`claims_step_allowed`); a test compares the two pair by pair.
"""

from django.utils.translation import gettext_noop

from cases.exceptions import Conflict
from cases.sentences import Sentence
from claims.enums import VersionState as State

# state -> {step: where it leads}
TRANSITIONS: dict[State, dict[str, State]] = {
    State.DRAFT: {"submit": State.SUBMITTED},
    State.SUBMITTED: {
        "approve": State.APPROVED,
        "request_changes": State.CHANGES_REQUESTED,
        "reopen": State.DRAFT,
    },
    State.CHANGES_REQUESTED: {"submit": State.SUBMITTED},
    # Any change voids an approval: by hand ("reopen") or because what it rests on changed ("request_changes").
    State.APPROVED: {
        "publish": State.PUBLISHED,
        "reopen": State.DRAFT,
        "request_changes": State.CHANGES_REQUESTED,
    },
    State.PUBLISHED: {"correct": State.CORRECTED, "retract": State.RETRACTED},
    State.CORRECTED: {},
    State.RETRACTED: {},
}

AUTHOR, REVIEWER, PUBLISHER, NOBODY = "author", "reviewer", "publisher", ""
TURN: dict[State, str] = {
    State.DRAFT: AUTHOR,
    State.SUBMITTED: REVIEWER,
    State.CHANGES_REQUESTED: AUTHOR,
    State.APPROVED: PUBLISHER,
    State.PUBLISHED: NOBODY,
    State.CORRECTED: NOBODY,
    State.RETRACTED: NOBODY,
}

EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED, State.APPROVED})
PUBLIC = frozenset({State.PUBLISHED, State.CORRECTED, State.RETRACTED})

_VERBS = {
    "submit": gettext_noop("submitted"),
    "approve": gettext_noop("approved"),
    "request_changes": gettext_noop("sent back"),
    "reopen": gettext_noop("reopened"),
    "publish": gettext_noop("published"),
    "correct": gettext_noop("corrected"),
    "retract": gettext_noop("retracted"),
}


def allowed(state: str) -> dict[str, State]:
    """The steps that lead on from `state`, with their targets."""
    return TRANSITIONS[State(state)]


def check_step(state: str, step: str) -> State:
    """Return where `step` leads from `state`; raise Conflict, in words, when it leads nowhere."""
    target = allowed(state).get(step)
    if target is None:
        words = {"state": State(state).label.lower(), "step": _VERBS[step]}
        raise Conflict(Sentence("A claim that is %(state)s cannot be %(step)s.", **words))
    return target


def check_editable(state: str) -> None:
    """Raise Conflict unless a version in `state` may still be written."""
    if state not in EDITABLE:
        onward = _CORRECT if state in PUBLIC else _REOPEN
        state = State(state).label.lower()
        raise Conflict(Sentence("This version is %(state)s and frozen: %(onward)s", state=state, onward=onward))


_CORRECT = gettext_noop("correct the claim to make a new version.")
_REOPEN = gettext_noop("reopen it to change it.")
_PAGE = """# The life of a claim version

Made from the code by `manage.py claim_states > docs/claim-states.md`; do not edit. PostgreSQL holds the same table.

| state | whose turn | what leads on |
|---|---|---|
"""


def as_markdown() -> str:
    """The page `docs/claim-states.md`; a test compares it with the file."""
    rows = []
    for state, steps in TRANSITIONS.items():
        onward = ", ".join(f"{step.replace('_', ' ')} → {target.label.lower()}" for step, target in steps.items())
        rows.append(f"| {state.label} | {TURN[state] or 'nobody'} | {onward or 'nothing'} |")
    return _PAGE + "\n".join(rows) + "\n"
