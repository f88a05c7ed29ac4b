"""Rows of the table of rules for alternatives and replies (G-10, G-11, G-50, G-51)."""

from dataclasses import replace
from datetime import timedelta

from claims.gate.exposed import PersonFacts
from claims.gate.other_side import PartyFacts, ReplyFacts
from tests.claims.facts import EARLIER, NOW, alternative, claim, request, sending, with_citation

URGENT = "The picture spreads by the hour and the election is tomorrow."
WHY = "Asking would tell the person that a witness spoke to us, who is in danger."
DEALT_WITH = {"stance": "contradicts", "disposition": "explained", "disposition_note": "Another day."}
REPLY = ReplyFacts(language="en", translation="", exhibit=7)
ASSESSMENT = {"predicate": "first_known_publisher", "accounts": (), "hypotheses": (alternative(),)}
OTHER = PersonFacts("other", "Karim Other", "official")
HARMLESS = {"adverse": False, "kind": "fact", "predicate": "account_status", "parties": (), "requests": ()}


def against(*fits: str, **fields):
    """An alternative with these ratings, one for each citation."""
    rated = tuple((f"citation-{n}", fit) for n, fit in enumerate(fits, start=1))
    return alternative(fits=rated, **fields)


def waiting(hours: int, **fields):
    """A request that was sent so many hours ago and has no outcome."""
    at = NOW - timedelta(hours=hours)
    return request(**({"outcome": "", "sendings": (sending(at=at),), "deadline": None} | fields))


def withheld(**fields):
    told = {"outcome": "withheld", "outcome_note": WHY, "decided_by": "editor", "sendings": (), "deadline": None}
    return request(**(told | {"searched_on": NOW.date()} | fields))


def asked(*requests, **fields):
    return claim(requests=requests, **fields)


def told_of_two(text: str):
    """A claim that harms two: she kept silent, and the committee answered."""
    parties = (PartyFacts("person:1", "Esmira Xalil"), PartyFacts("organisation:1", "State Committee"))
    answered = request(number=2, party="organisation:1", outcome="responded", replies=(REPLY,))
    return asked(request(), answered, parties=parties, public_text=f"It is very likely hers. {text}")


def late(hours: int, **fields):
    """A message that somebody noted so many hours after it is said to have gone out."""
    return (sending(at=EARLIER, noted_at=EARLIER + timedelta(hours=hours), **fields),)


def noted(hours: int = 0, **fields):
    return asked(request(sendings=late(hours, **fields)))


MEETS = {
    "G-10": [
        claim(),
        with_citation(claim(), **DEALT_WITH),
        claim(hypotheses=(against("inconsistent", "neutral", disposition="ruled_out"),)),
    ],
    "G-11": [
        claim(),
        claim(**ASSESSMENT),
        claim(**ASSESSMENT | {"hypotheses": (alternative(disposition="not_excluded"),)}),
    ],
    "G-50": [
        claim(),
        asked(request(outcome="responded", sendings=(sending(at=NOW),))),
        asked(request(outcome="declined", outcome_note="Her lawyer wrote: no.", sendings=(sending(at=NOW),))),
        asked(waiting(3, outcome="no_response", urgency=URGENT, deadline=NOW - timedelta(hours=1))),
        asked(request(outcome="unreachable", sendings=(sending(obstacle="suspended"), sending(channel="post")))),
        asked(withheld()),
        asked(request(sendings=(sending(obstacle="suspended", channel="message"), sending()))),
        asked(request(number=1, outcome="", sendings=()), request(number=2)),
        claim(reply_hours=100, requests=(request(sendings=(sending(at=NOW - timedelta(hours=101)),)),)),
    ],
    "G-51": [
        claim(),
        asked(request(outcome="responded", replies=(REPLY,))),
        asked(request(outcome="responded", replies=(replace(REPLY, language="az", translation="No."),))),
        asked(withheld()),
        asked(withheld(searched_on=None), request(asked_by="The radio")),
        claim(public_text="It is very likely hers. She did not respond."),
        asked(withheld(), public_text="It is very likely hers. No public response found (searched on 3 June 2024)."),
        claim(public_text="She said: “I did not answer.” It is very likely hers."),
        told_of_two("The committee replied; Xalil did not respond."),
        told_of_two("She, Esmira Xalil, never replied."),
        told_of_two("Some did not respond."),
    ],
    "G-52": [
        claim(),
        noted(),
        noted(hours=24),
        noted(hours=72, is_shown=True),
        asked(request(asked_by="The radio", sendings=late(72)), request(number=2)),
    ],
    "G-53": [
        claim(),
        asked(request(number=1, is_same_text=False), request(number=2)),
        asked(request(asked_by="The radio", is_same_text=False), request(number=2)),
    ],
    "G-54": [
        asked(request(), request(number=2, party="person:other"), named=(OTHER,)),
        asked(request(), withheld(number=2, party="person:other"), named=(OTHER,)),
    ],
}
MISSES = {
    "G-10": [
        with_citation(claim(), stance="contradicts"),
        with_citation(claim(), **DEALT_WITH | {"disposition_note": " "}),
        with_citation(claim(), **DEALT_WITH | {"disposition": ""}),
        claim(hypotheses=(against("consistent", "neutral", disposition="ruled_out"),)),
        claim(hypotheses=(alternative(disposition="ruled_out"),)),
    ],
    "G-11": [
        claim(devils_advocate=""),
        claim(devils_advocate="author"),
        claim(hypotheses=()),
        claim(hypotheses=(alternative("namesake"),)),
        claim(hypotheses=claim().hypotheses[1:]),
        claim(**ASSESSMENT | {"hypotheses": (alternative(disposition="open"),)}),
        claim(**ASSESSMENT | {"hypotheses": (alternative(note=" "),)}),
        claim(**ASSESSMENT | {"hypotheses": (alternative(disposition="as_likely"),)}),
        claim(predicate="accounts_coordinated", hypotheses=(alternative("organic"),)),
    ],
    "G-50": [
        claim(requests=()),
        asked(request(party="person:2")),
        claim(parties=(PartyFacts("person:1", "She"), PartyFacts("organisation:1", "The committee"))),
        asked(request(asked_by="The radio")),
        asked(request(is_same_allegation=False)),
        asked(request(sendings=(), outcome="")),
        asked(request(sendings=(sending(channel="message", obstacle="suspended"),))),
        asked(request(outcome="unreachable", sendings=(sending(), sending()))),
        asked(waiting(47)),
        asked(waiting(49)),
        asked(waiting(3, outcome="no_response")),
        asked(request(outcome="declined", outcome_note=" ")),
        asked(waiting(3, outcome="no_response", urgency="Urgent.", deadline=NOW - timedelta(hours=1))),
        asked(waiting(72, outcome="no_response", deadline=NOW + timedelta(hours=1))),
        asked(withheld(outcome_note="Not now.")),
        asked(withheld(decided_by="author")),
    ],
    "G-51": [
        claim(requests=(), public_text="It is very likely hers. She did not respond."),
        asked(withheld(), public_text="It is very likely hers. She declined to comment."),
        asked(request(outcome="responded"), public_text="It is very likely hers. Elle n’a pas répondu."),
        asked(request(outcome="responded", replies=(replace(REPLY, language="az"),))),
        asked(request(outcome="responded", replies=(replace(REPLY, is_sensitive=True),))),
        asked(withheld(searched_on=None)),
        asked(request(outcome="unreachable", sendings=(sending(), sending(channel="post")))),
        claim(public_text="It is very likely hers. No public response was found."),
        told_of_two("The State Committee “did not respond”."),
        told_of_two("The State Committee did not respond."),
        told_of_two("Xalil replied. No answer was received from the State Committee."),
    ],
    "G-52": [noted(hours=25), asked(request(sendings=(sending(), *late(72))))],
    "G-53": [
        asked(request(is_same_text=False)),
        asked(request(is_same_text=False), request(party="person:2")),
        asked(request(is_same_text=False), request(number=2, is_same_allegation=False)),
        asked(request(is_same_text=False), request(number=2, sendings=(), outcome="")),
    ],
    "G-54": [
        claim(named=(OTHER,)),
        asked(request(), request(number=2, party="person:other", asked_by="The radio"), named=(OTHER,)),
        asked(request(), request(number=2, party="person:other", sendings=(), outcome=""), named=(OTHER,)),
    ],
}
PASSES_BY = {
    "G-11": [claim(**HARMLESS, hypotheses=(), devils_advocate="")],
    "G-50": [claim(**HARMLESS)],
    "G-52": [claim(requests=()), asked(request(asked_by="The radio"))],
    "G-53": [claim(requests=()), claim(**HARMLESS), asked(withheld(is_same_text=False))],
    "G-54": [claim(), claim(named=claim().people), claim(**HARMLESS, named=(OTHER,))],
}
