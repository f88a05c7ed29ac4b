"""Vocabularies of claims, citations, review and publication (STANDARDS 2 and 8)."""

from django.db.models import TextChoices


class Predicate(TextChoices):
    """What a claim says of its subject. The label is how the link reads between subject and object."""

    ACCOUNT_OPERATED_BY = "account_operated_by", "is operated by"
    PERSON_HOLDS_ROLE = "person_holds_role", "holds a role at"
    ACCOUNT_SELF_DECLARES_AFFILIATION = "account_self_declares_affiliation", "declares an affiliation with"
    ACCOUNT_STATUS = "account_status", "has the status"
    POST_PUBLISHED_BY = "post_published_by", "was published by"
    FIRST_KNOWN_PUBLISHER = "first_known_publisher", "was first published, as far as known, by"
    MEDIA_COMPOSED_OF = "media_composed_of", "is composed of"
    MEDIA_REUSED_IN = "media_reused_in", "was reused in"
    ACCOUNTS_COORDINATED = "accounts_coordinated", "acted in coordination"
    ACCOUNT_IN_CAMPAIGN = "account_in_campaign", "took part in"
    CAMPAIGN_ATTRIBUTED_TO = "campaign_attributed_to", "is attributed to"
    ORG_CONTROLLED_BY = "org_controlled_by", "is controlled by"


class SubjectType(TextChoices):
    ACCOUNT = "account", "Account"
    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"
    ITEM = "item", "Evidence item"
    TEXT = "text", "Named in words"


class VersionState(TextChoices):
    """Where a version stands; `claims/workflow.py` says which step leads where."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Submitted"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"
    APPROVED = "approved", "Approved"
    PUBLISHED = "published", "Published"
    CORRECTED = "corrected", "Corrected"
    RETRACTED = "retracted", "Retracted"


class ClaimKind(TextChoices):
    FACT = "fact", "Fact"
    ASSESSMENT = "assessment", "Assessment"
    ALLEGATION = "allegation", "Allegation"


class Likelihood(TextChoices):
    """Seven steps; each case shows them in the words of its own scale (`claims/scales.py`)."""

    REMOTE = "remote", "1 of 7"
    VERY_UNLIKELY = "very_unlikely", "2 of 7"
    UNLIKELY = "unlikely", "3 of 7"
    EVEN = "even", "4 of 7"
    LIKELY = "likely", "5 of 7"
    VERY_LIKELY = "very_likely", "6 of 7"
    ALMOST_CERTAIN = "almost_certain", "7 of 7"


class Confidence(TextChoices):
    LOW = "low", "Low"
    MODERATE = "moderate", "Moderate"
    HIGH = "high", "High"


class Stance(TextChoices):
    SUPPORTS = "supports", "Supports"
    CONTRADICTS = "contradicts", "Contradicts"
    CONTEXT = "context", "Context"


class Access(TextChoices):
    """How near the source is to the fact."""

    FIRST_HAND = "first_hand", "First-hand"
    ISSUER = "issuer", "Issuer of the record"
    SELF = "self", "Statement about itself"
    REPEATER = "repeater", "Repeats others"
    UNKNOWN = "unknown", "Unknown"


class Credibility(TextChoices):
    """Admiralty digit: rates the information. 6 is "cannot judge", not "worst"."""

    CONFIRMED = "1", "Confirmed by other sources"
    PROBABLY_TRUE = "2", "Probably true"
    POSSIBLY_TRUE = "3", "Possibly true"
    DOUBTFUL = "4", "Doubtful"
    IMPROBABLE = "5", "Improbable"
    CANNOT_JUDGE = "6", "Truth cannot be judged"


class SelectorType(TextChoices):
    QUOTE = "quote", "Passage of text"
    REGION = "region", "Region of an image"


class ReviewStage(TextChoices):
    FACT_CHECK = "fact_check", "Fact check"
    EDITOR = "editor", "Editor"
    LEGAL = "legal", "Legal"


class Verdict(TextChoices):
    APPROVED = "approved", "Approved"
    CHANGES_REQUESTED = "changes_requested", "Changes requested"


class CitationVerdict(TextChoices):
    SUPPORTS_CLAIM = "supports_claim", "Supports the claim as worded"
    PARTLY = "partly", "Supports a part of it"
    DOES_NOT_SUPPORT = "does_not_support", "Does not support it"
    QUESTION = "question", "Question to the author"

    @classmethod
    def objections(cls) -> frozenset[str]:
        """Verdicts under which a citation is no support until a checker gives another one."""
        return frozenset({cls.DOES_NOT_SUPPORT, cls.QUESTION})


class SentenceVerdict(TextChoices):
    TICKED = "ticked", "Shown by what is cited"
    QUESTION = "question", "Question to the author"


class CorrectionKind(TextChoices):
    CORRECTION = "correction", "Correction"
    RETRACTION = "retraction", "Retraction"


class HypothesisKind(TextChoices):
    """Explanations that the field knows; whoever rules them out says so by name (G-11)."""

    IMPERSONATION = "impersonation", "Impersonation or parody"
    SHARED_OR_SOLD = "shared_or_sold", "Shared or sold account"
    NAMESAKE = "namesake", "Namesake"
    COMPROMISED = "compromised", "Compromised account"
    ORGANIC = "organic", "Organic fan activity"
    PLATFORM_TREND = "platform_trend", "Platform-native trend"
    OTHER = "other", "Another explanation"


class Disposition(TextChoices):
    """What became of an alternative."""

    OPEN = "open", "Not judged yet"
    RULED_OUT = "ruled_out", "Ruled out"
    LESS_LIKELY = "less_likely", "Less likely than the claim"
    NOT_EXCLUDED = "not_excluded", "Cannot be ruled out"
    AS_LIKELY = "as_likely", "At least as likely as the claim"


class Fit(TextChoices):
    """How a piece of evidence fits an explanation (Heuer, Psychology of Intelligence Analysis, chapter 8)."""

    CONSISTENT = "consistent", "Consistent"
    INCONSISTENT = "inconsistent", "Inconsistent"
    NEUTRAL = "neutral", "Neutral"


class Channel(TextChoices):
    """By what a party was written or spoken to; the last three go through an account on a platform."""

    EMAIL = "email", "E-mail"
    PHONE = "phone", "Telephone"
    POST = "post", "Letter by post"
    PERSON = "person", "In person"
    LAWYER = "lawyer", "Lawyer or representative"
    PRESS_OFFICE = "press_office", "Press office"
    WEB_FORM = "web_form", "Form on a website"
    NOT_SAID = "not_said", "Not said by the record"
    MESSAGE = "message", "Direct message on a platform"
    MENTION = "mention", "Public mention on a platform"
    COMMENT = "comment", "Comment under a post"

    @classmethod
    def on_platforms(cls) -> frozenset[str]:
        return frozenset({cls.MESSAGE, cls.MENTION, cls.COMMENT})


class SendingKind(TextChoices):
    REQUEST = "request", "Request"
    REMINDER = "reminder", "Reminder"


class ReplyOutcome(TextChoices):
    """What came of a request (G-50)."""

    RESPONDED = "responded", "Responded"
    DECLINED = "declined", "Declined"
    NO_RESPONSE = "no_response", "No response"
    UNREACHABLE = "unreachable", "Unreachable"
    WITHHELD = "withheld", "Not asked"
