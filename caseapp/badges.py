"""The words and tones of every value that is shown as a badge.

One table for the whole application, so that a state never has two names or two colours. A tone is one of `neutral`,
`info`, `ok`, `warn`, `stop` and `quiet`; the colour alone never carries the meaning, the label always does.
"""

from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class Badge:
    """What a value is called, in which tone, and the sentence behind it (shown on hover and read out)."""

    label: str
    tone: str = "neutral"
    meaning: str = ""


BADGES = {
    "claim_state": {
        "draft": Badge("Draft", "quiet", "Its author is still writing it."),
        "submitted": Badge("In review", "info", "An editor's turn."),
        "changes_requested": Badge("Changes requested", "warn", "Returned to its author."),
        "approved": Badge("Approved", "ok", "Approved in exactly this wording, not yet published."),
        "published": Badge("Published", "ok", "Part of a publication."),
        "corrected": Badge("Corrected", "info", "Published, then replaced by a corrected version."),
        "retracted": Badge("Retracted", "stop", "Published, then withdrawn."),
    },
    "reply": {
        "unsent": Badge("Not sent", "quiet", "The letter waits for somebody to send it."),
        "waiting": Badge("Waiting", "info", "The party has time to answer."),
        "due": Badge("Outcome due", "warn", "The deadline has passed: note what came of it."),
        "closed": Badge("Closed", "neutral", "Its outcome is on record."),
        "responded": Badge("Responded", "ok", "Their reply stands beside the claim."),
        "declined": Badge("Declined", "info", "They did not want to answer."),
        "no_response": Badge("No response", "info", "They were asked and did not answer in time."),
        "unreachable": Badge("Unreachable", "warn", "Two channels were tried."),
        "withheld": Badge("Not asked", "warn", "An editor decided so, with a reason that is published."),
    },
    "alternative": {
        "open": Badge("Not judged yet", "quiet"),
        "ruled_out": Badge("Ruled out", "ok"),
        "less_likely": Badge("Less likely", "info", "Less likely than the claim."),
        "not_excluded": Badge("Not excluded", "warn", "It cannot be ruled out, and readers are told."),
        "as_likely": Badge("As likely", "stop", "At least as likely as the claim: it is not published so."),
    },
    "gate": {
        "B": Badge("Blocks", "stop", "The claim cannot be published until this is mended."),
        "W": Badge("Warns", "warn", "May be overridden with a reason, which is published in the count."),
        "pass": Badge("Holds", "ok", "The rule is satisfied."),
    },
    "dataset": {
        "waiting": Badge("Being read", "info", "A job reads the file; nothing rests on it yet."),
        "ready": Badge("Read", "ok", "Read to its end."),
        "failed": Badge("Not read", "stop", "It says why; the file itself is preserved."),
    },
    "analysis": {
        "waiting": Badge("Being made", "info", "A job counts."),
        "ready": Badge("Made", "ok", "Preserved as an exhibit."),
        "failed": Badge("Not made", "stop", "It says why."),
        "stale": Badge("Stale", "warn", "Files of posts were added or withdrawn since."),
    },
    "match_kind": {
        "exact": Badge("Same file", "ok", "Byte for byte the same file."),
        "whole": Badge("Same picture", "info", "The same picture, saved, sized or coloured anew."),
        "panel": Badge("Same panel", "info", "One picture is a panel of the other, or both hold the same panel."),
        "region": Badge("Same region", "info", "Both show the same region."),
        "mirrored": Badge("Mirrored", "warn", "Left and right are exchanged."),
    },
    "match_verdict": {
        "suggested": Badge("Suggested", "quiet", "Nobody has looked yet."),
        "confirmed": Badge("Confirmed", "ok", "Somebody has looked, and they show the same."),
        "rejected": Badge("Rejected", "stop", "Somebody has looked, and they do not."),
    },
    "reliability": {
        "A": Badge("A", "ok", "Source completely reliable"),
        "B": Badge("B", "ok", "Source usually reliable"),
        "C": Badge("C", "info", "Source fairly reliable"),
        "D": Badge("D", "warn", "Source not usually reliable"),
        "E": Badge("E", "stop", "Source unreliable"),
        "F": Badge("F", "quiet", "Source reliability cannot be judged"),
    },
    "credibility": {
        "1": Badge("1", "ok", "Confirmed by other independent sources"),
        "2": Badge("2", "ok", "Probably true"),
        "3": Badge("3", "info", "Possibly true"),
        "4": Badge("4", "warn", "Doubtful"),
        "5": Badge("5", "stop", "Improbable"),
        "6": Badge("6", "quiet", "Truth cannot be judged"),
    },
    "confidence": {
        "low": Badge("Low confidence", "warn", "Uncorroborated information; many assumptions."),
        "moderate": Badge("Moderate confidence", "info", "Partially corroborated; several assumptions."),
        "high": Badge("High confidence", "ok", "Well corroborated from proven sources; minimal assumptions."),
    },
    "account_status": {
        "active": Badge("Active", "ok"),
        "suspended": Badge("Suspended", "stop", "Suspended by the platform."),
        "deactivated": Badge("Deactivated", "warn", "Switched off by its holder."),
        "deleted": Badge("Deleted", "warn"),
        "protected": Badge("Protected", "info", "Posts are visible to approved followers only."),
        "renamed": Badge("Renamed", "info", "The same platform id under a new handle."),
        "not_found": Badge("Not found", "warn", "The platform answered that there is no such account."),
        "unknown": Badge("Unknown", "quiet"),
    },
    "role": {
        "investigator": Badge("Investigator", "neutral", "Logs evidence and makes claims."),
        "editor": Badge("Editor", "neutral", "Checks, returns and approves claims."),
        "publisher": Badge("Publisher", "neutral", "Publishes and corrects."),
        "auditor": Badge("Auditor", "neutral", "Reads everything, changes nothing."),
        "viewer": Badge("Viewer", "neutral", "Reads what is not sensitive."),
    },
    "fixity": {
        "ok": Badge("Fixity verified", "ok", "The stored bytes still have the recorded SHA-256."),
        "changed": Badge("Altered", "stop", "The stored bytes no longer have the recorded SHA-256."),
        "missing": Badge("Missing", "stop", "The stored bytes are gone."),
        "unchecked": Badge("Not yet checked", "quiet"),
    },
    "stance": {
        "supports": Badge("Supports", "ok"),
        "contradicts": Badge("Contradicts", "stop"),
        "context": Badge("Context", "quiet"),
    },
    "tlp": {
        "clear": Badge("TLP:CLEAR", "quiet", "May be shared without restriction."),
        "green": Badge("TLP:GREEN", "ok", "May be shared within the community."),
        "amber": Badge("TLP:AMBER", "warn", "May be shared within the newsroom and on a need-to-know basis."),
        "amber_strict": Badge("TLP:AMBER+STRICT", "warn", "May be shared within the newsroom only."),
        "red": Badge("TLP:RED", "stop", "For the members of this case only."),
    },
    "case_status": {
        "open": Badge("Open", "info"),
        "closed": Badge("Closed", "quiet"),
    },
    "verification": {
        "verified": Badge("Quote verified", "ok", "The quoted words are in the preserved copy."),
        "unverified": Badge("Unverified", "warn", "The quoted words are not in the preserved copy; it does not count."),
    },
    "job": {
        "queued": Badge("Waiting", "quiet"),
        "running": Badge("Running", "info"),
        "succeeded": Badge("Done", "ok"),
        "failed": Badge("Failed", "stop"),
        "cancelled": Badge("Cancelled", "quiet"),
        "cancelling": Badge("Stopping", "warn"),
    },
}

# Likelihood terms come from the case's own scale (ICD 203, PHIA), so they are words, never colours.
PLAIN_KINDS = {"likelihood"}


def badge_for(kind, value):
    """The badge of a value in the language of the page; one that the table does not know shows its own words in a
    neutral tone.
    """
    key = str(value)
    found = None if kind in PLAIN_KINDS else BADGES[kind].get(key)
    if found is None:
        return Badge(key.replace("_", " ").capitalize())
    return Badge(gettext(found.label), found.tone, gettext(found.meaning) if found.meaning else "")
