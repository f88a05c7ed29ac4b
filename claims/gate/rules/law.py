"""G-62 and G-63: may the house handle these data about people, and has its lawyer read exactly this?"""

from collections.abc import Iterator

from cases.enums import SubjectTier
from claims.gate.facts import ClaimFacts
from claims.gate.registry import Problem, Rule, Sentence, register


@register
class DataProtectionIsRecorded(Rule):
    """A claim about a person or an account leaves only while a record of the case says for what purpose and on what
    lawful basis it handles data about people, whether criminal offences are among them (Art. 10), how long they are
    kept and when that is looked at again, and how people are told and can object. Where a claim ties somebody to a
    political party, the record names the condition of Art. 9 or reasons with Art. 85. The newest record speaks."""

    id = "G-62"
    title = "It is recorded why data about people are handled"
    basis = "GDPR Art. 5, 6, 9, 10, 85; ICO"

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.is_about_a_person or bool(facts.accounts)

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        record = facts.record
        if record is None:
            yield Problem("No record says why this case handles data about people: write one.", "record")
            return
        if record.review_at < facts.now.date():
            due = record.review_at.isoformat()
            yield Problem(
                Sentence("The record of why data are handled was to be looked at by %(due)s: write it anew.", due=due),
                "record",
            )
        if self._tells_opinions(facts) and not record.special_ground:
            yield Problem(
                "It tells of a political party, which is data of a special category: the record names no condition of "
                "Art. 9 and does not reason with Art. 85.",
                "record",
            )

    def _tells_opinions(self, facts: ClaimFacts) -> bool:
        tiers = {person.tier for person in (*facts.people, *facts.named)}
        return facts.names_a_party or SubjectTier.PARTY_OFFICE_HOLDER in tiers


@register
class LawyerHasSignedOff(Rule):
    """What could harm a person who stands at an end of a claim, or is named in its text, leaves only after a lawyer who
    wrote no part of it signed off exactly this content, naming the states whose law was looked at. Everybody counts as
    living, and a pseudonym does not excuse: people are known by what is told of them. Who operates, controls or stands
    behind something counts as a person where only words say who that is."""

    id = "G-63"
    title = "The lawyer signed off exactly this"
    basis = "loi du 29 juillet 1881; Defamation Act 2013"
    version = 2

    def applies(self, facts: ClaimFacts) -> bool:
        return facts.adverse and facts.is_about_a_person

    def problems(self, facts: ClaimFacts) -> Iterator[Problem]:
        if not facts.sign_offs:
            yield Problem("No lawyer of the case has signed off exactly this content.", "legal")
        elif not any(sign_off.jurisdictions for sign_off in facts.sign_offs):
            yield Problem("The legal sign-off does not say for which states it holds.", "legal")
