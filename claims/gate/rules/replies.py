"""G-50 to G-54: was everybody whom the claim could harm asked for their side, and is what they said told fairly?"""

from collections.abc import Iterator
from datetime import timedelta

from claims.enums import ReplyOutcome
from claims.gate.exposed import PersonFacts
from claims.gate.facts import ClaimFacts
from claims.gate.other_side import PartyFacts, RequestFacts, SendingFacts
from claims.gate.registry import WARNS, Problem, Rule, Sentence, register
from claims.gate.rules.language import judged_text
from claims.phrasing import called, says_no_answer, says_no_public_response, who_kept_silent
from claims.replies import LONG_REASON

ANSWERED = frozenset({ReplyOutcome.RESPONDED, ReplyOutcome.DECLINED})
NOT_ANSWERED = frozenset({ReplyOutcome.NO_RESPONSE, ReplyOutcome.DECLINED, ReplyOutcome.UNREACHABLE})
TARGET = "replies"
LATEST_NOTE = timedelta(days=1)


@register
class EveryPartyWasAsked(Rule):
    """Each account, person and organisation that an adverse claim names was asked about exactly this: over a channel
    that could reach them (a message to a suspended account does not count), with the policy's window to answer or a
    documented urgency, and with an outcome. That they declined comes with who said so, when and in which words.
    Unreachable means that two channels were tried. That nobody was asked is the decision of an editor who did not write
    the claim, with a reason. What another newsroom asked is told, and does not count."""

    id = "G-50"
    title = "Everybody named was asked for a reply"
    basis = "BBC 6.3, SPJ, OCCRP"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.parties)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for party in facts.parties:
            own = [one for one in facts.requests if one.party == party.key and not one.asked_by]
            missing = [list(self._missing(facts, party, one)) for one in own]
            if not missing:
                yield Problem(Sentence("Nobody asked %(label)s for a reply to this.", label=party.label), TARGET)
            elif all(missing):
                yield from (Problem(text, TARGET) for text in min(missing, key=len))

    def _missing(self, facts: ClaimFacts, party: PartyFacts, request: RequestFacts) -> Iterator[str]:
        name = Sentence("R-%(number)s to %(label)s", number=request.number, label=party.label)
        if not request.is_same_allegation:
            yield Sentence("%(name)s put something else to them than the claim now says: ask again.", name=name)
        if request.outcome == ReplyOutcome.WITHHELD:
            if request.decided_by in facts.writers or len(request.outcome_note.strip()) < LONG_REASON:
                yield Sentence(
                    "%(name)s was withheld without the reason of an editor who did not write the claim.", name=name
                )
            return
        if not request.sendings:
            yield Sentence("%(name)s was not sent yet.", name=name)
            return
        yield from self._not_reached(name, request)
        yield from self._too_early(facts, name, request)

    def _not_reached(self, name: str, request: RequestFacts) -> Iterator[str]:
        if request.outcome == ReplyOutcome.UNREACHABLE:
            if len({one.channel for one in request.sendings}) < 2:
                yield Sentence("%(name)s: unreachable means that two channels were tried.", name=name)
        elif request.outcome not in ANSWERED and all(one.obstacle for one in request.sendings):
            yield (
                Sentence(
                    "%(name)s went only to an account that was %(obstacle)s: use a channel that can reach them.",
                    name=name,
                    obstacle=request.sendings[0].obstacle.replace("_", " "),
                )
            )

    def _too_early(self, facts: ClaimFacts, name: str, request: RequestFacts) -> Iterator[str]:
        if request.outcome == ReplyOutcome.DECLINED and not request.outcome_note.strip():
            yield Sentence("%(name)s: say who declined, when and in which words.", name=name)
        if request.outcome in ANSWERED:
            return
        reached = [one.at for one in request.sendings if not one.obstacle and not one.is_reminder]
        first = min(reached or [one.at for one in request.sendings])
        until = first + timedelta(hours=facts.reply_hours)
        if request.deadline is not None:
            urgent = len(request.urgency.strip()) >= LONG_REASON
            until = request.deadline if urgent else max(until, request.deadline)
        if facts.now < until:
            moment = until.strftime("%d %B %Y %H:%M")
            yield Sentence("%(name)s: they have until %(moment)s UTC to answer.", name=name, moment=moment)
        elif not request.outcome:
            yield Sentence("%(name)s: the deadline has passed. Note what came of it.", name=name)


@register
class RepliesAreTold(Rule):
    """Each response is shown beside the claim that it answers, in the readers' language, and from an exhibit that may
    leave the house. The text says that somebody did not answer only if they were really asked, and names as silent only
    who was; of whom nobody reached, it says "no public response found", with the day of the search."""

    id = "G-51"
    title = "Replies are told beside the claim"
    basis = "BBC 6.3; New Caledonia, a denial"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return bool(facts.requests or says_no_answer(judged_text(facts)) or says_no_public_response(judged_text(facts)))

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for request in facts.requests:
            yield from self._untold(facts, request)
        silent = {one.party for one in facts.requests if one.sendings and one.outcome in NOT_ANSWERED}
        if says_no_answer(judged_text(facts)) and not silent:
            yield Problem(
                "The text says that somebody did not answer, but no request that was sent and stayed without an answer "
                'is on record: write "no public response found (searched on DATE)", or ask.',
                "version",
            )
        elif silent:
            yield from self._silence_of_others(facts, silent)
        if says_no_public_response(judged_text(facts)) and not any(one.searched_on for one in facts.requests):
            yield Problem("The text tells of a search for public responses that nobody noted.", TARGET)

    def _silence_of_others(self, facts: ClaimFacts, silent: set[str]) -> Iterator[Problem]:
        """Whom a sentence names as silent, and who answered, or was never asked."""
        labels = {party.key: party.label for party in facts.parties}
        labels |= {one.party: one.party_label for one in facts.requests if one.party_label}
        names = {key: called(label, is_person=key.startswith("person:")) for key, label in labels.items()}
        for key in dict.fromkeys(who_kept_silent(judged_text(facts), names)):
            if key and key not in silent:
                text = "The text says that %(label)s did not answer: no request to them stayed without an answer."
                yield Problem(Sentence(text, label=labels[key]), "version")

    def _untold(self, facts: ClaimFacts, request: RequestFacts) -> Iterator[Problem]:
        name = f"R-{request.number}"
        for reply in request.replies:
            if reply.is_sensitive:
                yield Problem(
                    Sentence(
                        "The reply to %(name)s lies in E-%(exhibit)s, which is marked sensitive: it cannot leave.",
                        name=name,
                        exhibit=reply.exhibit,
                    ),
                    f"item:{reply.exhibit}",
                )
            if _primary(reply.language) != _primary(facts.language) and not reply.translation.strip():
                yield Problem(
                    Sentence("The reply to %(name)s is not translated into the language of the text.", name=name),
                    TARGET,
                )
        if request.outcome in (ReplyOutcome.UNREACHABLE, ReplyOutcome.WITHHELD) and not (
            request.searched_on or self._was_asked_by_others(facts, request)
        ):
            yield Problem(
                Sentence(
                    "%(name)s reached nobody: look for what they said in public, and note the day and the place.",
                    name=name,
                ),
                TARGET,
            )

    def _was_asked_by_others(self, facts: ClaimFacts, request: RequestFacts) -> bool:
        return any(one.asked_by and one.outcome for one in facts.requests if one.party == request.party)


@register
class MessagesAreShown(Rule):
    """A message to a party is noted within a day after it went out, or an exhibit preserves it: the time to answer runs
    from the day that is noted, and it has to be proven that somebody was asked then."""

    id = "G-52"
    level = WARNS
    title = "Requests are noted when they go out, or shown"
    basis = "French law of 29 July 1881, good faith"

    def applies(self, facts: ClaimFacts) -> bool:
        return any(one.sendings and not one.asked_by for one in facts.requests)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for request in facts.requests:
            late = [one for one in request.sendings if self._is_late(one)]
            if late and not request.asked_by:
                day = late[0].at.date().isoformat()
                text = "R-%(number)s is said to have gone out by %(day)s and was noted later: preserve what was sent."
                yield Problem(Sentence(text, number=request.number, day=day), TARGET)

    def _is_late(self, sending: SendingFacts) -> bool:
        return sending.noted_at is not None and not sending.is_shown and sending.noted_at - sending.at > LATEST_NOTE


@register
class TextIsWhatTheyWereAskedAbout(Rule):
    """Since a party was asked, the text for readers was not rewritten. Whether other words say more than what was put
    to somebody only a person can tell: they read both, and ask again or say why that is not needed."""

    id = "G-53"
    level = WARNS
    title = "The text is the one that parties were asked about"
    basis = "BBC 6.3: enough detail to respond"

    def applies(self, facts: ClaimFacts) -> bool:
        return any(_own(facts, party) for party in facts.parties)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        for party in facts.parties:
            own = _own(facts, party)
            if own and not any(one.is_same_text for one in own):
                text = "The text was rewritten since R-%(number)s put it to %(label)s: ask again if it says more now."
                yield Problem(Sentence(text, number=own[-1].number, label=party.label), TARGET)


@register
class OthersInTheTextWereAskedToo(Rule):
    """Whoever the text of an adverse claim names, and who stands at no end of it, was asked for a reply too, unless the
    text says nothing against them: that only a person can tell, and says why."""

    id = "G-54"
    level = WARNS
    title = "Others whom the text names were asked too"
    basis = "BBC 6.3, SPJ"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.adverse and bool(self._others(facts))

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        asked = {one.party for one in facts.requests if not one.asked_by and (one.sendings or one.outcome)}
        for person in self._others(facts):
            if f"person:{person.id}" not in asked:
                text = "The text names %(label)s: ask them for a reply too, unless it says nothing against them."
                yield Problem(Sentence(text, label=person.label), TARGET)

    def _others(self, facts: ClaimFacts) -> list[PersonFacts]:
        ends = {person.id for person in facts.people}
        return [person for person in facts.named if person.id not in ends]


def _own(facts: ClaimFacts, party: PartyFacts) -> list[RequestFacts]:
    """The requests by which this newsroom really asked `party` about the same, as G-50 counts them."""
    return [
        one
        for one in facts.requests
        if one.party == party.key and not one.asked_by and one.is_same_allegation and one.sendings
    ]


def _primary(language: str) -> str:
    return language.partition("-")[0].casefold()
