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

    @classmethod
    def of_editors(cls) -> list[tuple[str, str]]:
        """The stages that an editor may take; the legal sign-off is an auditor's, by an action of its own."""
        return [choice for choice in cls.choices if choice[0] != cls.LEGAL]


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


class Indicator(TextChoices):
    """What a citation of a link shows, and of which sort (G-20, G-31, G-32); `claims/shapes.py` says where each fits.

    A way back into an account (a recovery address or number) is none: it may not be tried.
    """

    # Who operates an account.
    SAME_PICTURE = "same_picture", "The same picture in a dated press item"
    CROSS_LINK = "cross_link", "A link from a verified profile of the same person"
    NAMED_BY_ORGANISATION = "named_by_organisation", "The organisation's own page names the handle"
    NAMED_IN_REPORT = "named_in_report", "A report names who operates the handle"
    OFFICIAL_IDENTIFICATION = "official_identification", "A court, an authority or the platform names who it is"
    OWN_WORDS = "own_words", "The person said so elsewhere"
    OWN_PROFILE = "own_profile", "The account's own profile says so"
    NAME_MATCH = "name_match", "The names match, no more"
    # Taking part in a campaign.
    SHARED_LINK = "shared_link", "Shared the same links"
    SHARED_HASHTAG = "shared_hashtag", "Shared the same hashtag"
    SHARED_PICTURE = "shared_picture", "Shared the same pictures"
    SAME_NARRATIVE = "same_narrative", "Told the same story"
    SAME_TIMING = "same_timing", "Posted in step, beyond chance"
    SHARED_INFRASTRUCTURE = "shared_infrastructure", "Shared infrastructure or operators"
    PLATFORM_DISCLOSURE = "platform_disclosure", "The platform or an authority counts it in"
    INSTRUCTION = "instruction", "An instruction, payment or inside document"
    # To whom a campaign is attributed (EEAS third FIMI report, 2025).
    TECHNICAL = "technical", "Technical: infrastructure, money, ownership"
    BEHAVIOURAL = "behavioural", "Behavioural: how it acts and is spread"
    CONTEXTUAL = "contextual", "Contextual: who gains, what it says, when"

    @classmethod
    def from_the_account(cls) -> frozenset[str]:
        """What the account itself says: never a link from outside."""
        return frozenset({cls.OWN_PROFILE})

    @classmethod
    def of_sharing(cls) -> frozenset[str]:
        """What an ordinary user who agrees does too."""
        return frozenset({cls.SHARED_LINK, cls.SHARED_HASHTAG, cls.SHARED_PICTURE, cls.SAME_NARRATIVE})

    @classmethod
    def lenses(cls) -> frozenset[str]:
        """The three lenses of an attribution."""
        return frozenset({cls.TECHNICAL, cls.BEHAVIOURAL, cls.CONTEXTUAL})


class AttributedAs(TextChoices):
    """What whoever a campaign is attributed to did: four parts that evidence for one does not show for another."""

    OPERATOR = "operator", "Operator: ran the accounts"
    ORGANISER = "organiser", "Organiser: planned and directed it"
    BENEFICIARY = "beneficiary", "Beneficiary: gains from it, no more is shown"
    SPONSOR = "sponsor", "Sponsor: paid for it"


class StateResponsibility(TextChoices):
    """Healey's spectrum of state responsibility (Atlantic Council 2012; MISP `state-responsibility`)."""

    UNKNOWN = "unknown", "Not known"
    PROHIBITED = "state-prohibited", "State-prohibited"
    PROHIBITED_INADEQUATE = "state-prohibited-but-inadequate", "State-prohibited but inadequate"
    IGNORED = "state-ignored", "State-ignored"
    ENCOURAGED = "state-encouraged", "State-encouraged"
    SHAPED = "state-shaped", "State-shaped"
    COORDINATED = "state-coordinated", "State-coordinated"
    ORDERED = "state-ordered", "State-ordered"
    ROGUE = "state-rogue-conducted", "State-rogue-conducted"
    EXECUTED = "state-executed", "State-executed"
    INTEGRATED = "state-integrated", "State-integrated"


class EeasCategory(TextChoices):
    """The FIMI Exposure Matrix (EEAS third report, March 2025)."""

    UNKNOWN = "unknown", "Not known"
    OFFICIAL = "official", "Official state channel"
    CONTROLLED = "state_controlled", "State-controlled outlet"
    LINKED = "state_linked", "State-linked channel"
    ALIGNED = "state_aligned", "State-aligned channel"


class ModelUse(TextChoices):
    """Whether a model helped with a claim (ICS 206-01): said of every claim, also where none did."""

    NONE = "none", "No model helped"
    USED = "used", "A model helped"


class RedactionKind(TextChoices):
    """Why a dossier withholds something; readers are told this and no more."""

    PRIVACY = "privacy", "Privacy"
    SAFETY = "safety", "Safety of a person"
    SOURCE = "source", "Protection of a source"
    COURT = "court", "Order of a court or authority"


class TraceKind(TextChoices):
    """What in a public text leads to a private person (G-61)."""

    EMAIL = "email", "E-mail address"
    PHONE = "phone", "Telephone number"
    ADDRESS = "address", "Postal address"
    PLACE = "place", "Coordinates"
    IBAN = "iban", "Bank account"
    CARD = "card", "Card number"
    PAPERS = "papers", "Number of identity papers"
    PLATE = "plate", "Number plate"
    FAMILY = "family", "Relative, by name"
    NAME = "name", "Name of a private individual"
    MINOR = "minor", "Name of a minor"


class Settled(TextChoices):
    """What was decided on a trace; cutting it out of the text needs no decision."""

    WAIVED = "waived", "May be published"
    REDACTED = "redacted", "Withheld in the published dossier"


class LawfulBasis(TextChoices):
    """Why data about people may be processed at all (GDPR Art. 6(1))."""

    LEGITIMATE_INTERESTS = "legitimate_interests", "Legitimate interests, Art. 6(1)(f)"
    PUBLIC_TASK = "public_task", "Task in the public interest, Art. 6(1)(e)"
    CONSENT = "consent", "Consent, Art. 6(1)(a)"
    LEGAL_OBLIGATION = "legal_obligation", "Legal obligation, Art. 6(1)(c)"
    VITAL_INTERESTS = "vital_interests", "Vital interests, Art. 6(1)(d)"


class SpecialGround(TextChoices):
    """Why data of special categories may be processed: political opinions, health, religion (GDPR Art. 9(2), 85)."""

    JOURNALISM = "journalism", "Journalism, Art. 85 and national law"
    MADE_PUBLIC = "made_public", "Manifestly made public by the person, Art. 9(2)(e)"
    PUBLIC_INTEREST = "public_interest", "Substantial public interest, Art. 9(2)(g)"
    CONSENT = "consent", "Explicit consent, Art. 9(2)(a)"
    LEGAL_CLAIMS = "legal_claims", "Legal claims, Art. 9(2)(f)"
    ARCHIVING = "archiving", "Archiving or research, Art. 9(2)(j)"


class Retention(TextChoices):
    """How long the data of a case are kept."""

    CASE = "case", "Until the case is closed"
    LIMITATION = "limitation", "Until actions over it are barred by time"
    ARCHIVE = "archive", "As a journalistic archive"


class OriginHintKind(TextChoices):
    """Why two sources may be one origin (G-08)."""

    OWNER = "owner", "One owner"
    BYTES = "bytes", "The same file"
    DATA = "data", "The same data"
    WORDS = "words", "The same words"
    CITES = "cites", "One names the other"
    PICTURE = "picture", "The same picture"
