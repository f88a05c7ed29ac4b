"""Refusals are English in the log and for programs, and speak the language of a page."""

import pytest
from django.utils.translation import override

from cases.exceptions import Conflict, InvalidInput
from cases.sentences import Sentence, in_words
from claims.enums import VersionState
from claims.workflow import TRANSITIONS, check_editable, check_step


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (Conflict("You wrote part of this version: somebody else must review it."), "Vous avez écrit une partie"),
        (InvalidInput(Sentence("Weigh at most %(number)s alternatives.", number=9)), "Pesez au plus 9 autres"),
        (Conflict("Nobody translated this."), "Nobody translated this."),
        (Conflict(), ""),
        ("You may not do this.", "Vous ne pouvez pas faire cela."),
    ],
)
def test_refusal_is_told_in_french_as_far_as_its_words_are_known(error, words):
    with override("fr"):
        assert in_words(error).startswith(words)
    assert in_words(error) == str(error)


@pytest.mark.parametrize("state", VersionState)
def test_every_step_that_a_state_does_not_allow_is_refused_in_french(state):
    refused = {step for steps in TRANSITIONS.values() for step in steps} - set(TRANSITIONS[state])
    for step in refused:
        with pytest.raises(Conflict) as caught:
            check_step(state, step)
        with override("fr"):
            said = in_words(caught.value)
        assert said.startswith("Une allégation à l’état «")
        assert str(caught.value).startswith("A claim that is ")
        assert not {"submitted", "approved", "sent", "reopened", "corrected", "retracted"} & set(
            said.rstrip(".").split()
        )


def test_frozen_version_says_in_french_what_leads_on():
    with pytest.raises(Conflict) as caught:
        check_editable(VersionState.PUBLISHED)
    with override("fr"):
        assert in_words(caught.value).endswith("corrigez l’allégation pour faire une nouvelle version.")
