"""Vocabularies of people, cases and subjects; values are stored, labels are shown."""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a member may do in one case; different jobs, not a rank."""

    INVESTIGATOR = "investigator", "Investigator"
    EDITOR = "editor", "Editor"
    PUBLISHER = "publisher", "Publisher"
    AUDITOR = "auditor", "Auditor"
    VIEWER = "viewer", "Viewer"


class CaseStatus(TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"


class Tlp(TextChoices):
    """Traffic Light Protocol 2.0 (FIRST)."""

    CLEAR = "clear", "TLP:CLEAR"
    GREEN = "green", "TLP:GREEN"
    AMBER = "amber", "TLP:AMBER"
    AMBER_STRICT = "amber_strict", "TLP:AMBER+STRICT"
    RED = "red", "TLP:RED"


class Language(TextChoices):
    """The languages of the pages, each called by its own name."""

    ENGLISH = "en-gb", "English"
    FRENCH = "fr", "Français"


class LikelihoodScale(TextChoices):
    """The one scale of estimative language that a case uses (STANDARDS 2.1)."""

    ICD203_ROW1 = "icd203_row1", "ICD 203, first row"
    ICD203_ROW2 = "icd203_row2", "ICD 203, second row"
    PHIA = "phia", "PHIA probability yardstick 2025"


class Policy(TextChoices):
    STANDARD = "standard", "Standard: blocking rules block"
    STRICT = "strict", "Strict: warnings block too"


class Platform(TextChoices):
    X = "x", "X (Twitter)"
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"
    TIKTOK = "tiktok", "TikTok"
    TELEGRAM = "telegram", "Telegram"
    YOUTUBE = "youtube", "YouTube"
    VK = "vk", "VK"
    MASTODON = "mastodon", "Mastodon"
    BLUESKY = "bluesky", "Bluesky"
    THREADS = "threads", "Threads"
    TRUTH_SOCIAL = "truthsocial", "Truth Social"
    GAB = "gab", "Gab"
    OTHER = "other", "Other"


class AccountStatus(TextChoices):
    """What an observer saw at one moment; never a property of the account itself."""

    ACTIVE = "active", "Active"
    SUSPENDED = "suspended", "Suspended"
    DEACTIVATED = "deactivated", "Deactivated"
    DELETED = "deleted", "Deleted"
    PROTECTED = "protected", "Protected"
    RENAMED = "renamed", "Renamed"
    NOT_FOUND = "not_found", "Not found"
    UNKNOWN = "unknown", "Unknown"


class SubjectTier(TextChoices):
    """How public a person is; private persons and minors are pseudonymised by default (G-60)."""

    HEAD_OF_STATE = "head_of_state", "Head of state"
    OFFICIAL = "official", "Official"
    PARTY_OFFICE_HOLDER = "party_office_holder", "Party office-holder"
    PUBLIC_EMPLOYEE = "public_employee", "Public employee"
    PRIVATE_INDIVIDUAL = "private_individual", "Private individual"
    MINOR = "minor", "Minor"


class OrganisationKind(TextChoices):
    PARTY = "party", "Political party"
    STATE_BODY = "state_body", "State body"
    NEWS = "news", "News organisation"
    NGO = "ngo", "Non-governmental organisation"
    COMPANY = "company", "Company"
    INTERNATIONAL = "international", "International organisation"
    OTHER = "other", "Other"


class NameKind(TextChoices):
    PRIMARY = "primary", "Primary"
    ALIAS = "alias", "Alias"
    TRANSLITERATION = "transliteration", "Transliteration"
    FORMER = "former", "Former name"
    NATIVE = "native", "In the native script"
    ACRONYM = "acronym", "Acronym"


class Script(TextChoices):
    """ISO 15924 codes of the scripts the field meets most."""

    LATIN = "Latn", "Latin"
    CYRILLIC = "Cyrl", "Cyrillic"
    ARABIC = "Arab", "Arabic"
    ARMENIAN = "Armn", "Armenian"
    GEORGIAN = "Geor", "Georgian"
    GREEK = "Grek", "Greek"
    HEBREW = "Hebr", "Hebrew"
    HAN = "Hani", "Han"
    DEVANAGARI = "Deva", "Devanagari"
    OTHER = "Zyyy", "Other"


class Precision(TextChoices):
    """How closely a moment is known; what is shown of it says no more."""

    SECOND = "second", "Second"
    DAY = "day", "Day"
    MONTH = "month", "Month"
    YEAR = "year", "Year"


# Of a sighting alone: made by then, and nobody knows how long before.
BY = "by"
SEEN_PRECISIONS = [*Precision.choices, (BY, "At the latest")]
# Of a date, which has no time of day.
DATE_PRECISIONS = [choice for choice in Precision.choices if choice[0] != Precision.SECOND]


class TokenScope(TextChoices):
    """What an API token may do at most; its owner's rights bound it further."""

    READ = "read", "Read"
    EVIDENCE = "evidence", "Log evidence and observations"
    CLAIMS = "claims", "Write claims and citations"
    REVIEW = "review", "Review claims"
    PUBLISH = "publish", "Publish"
    MANAGE = "manage", "Manage cases and members"


class JobState(TextChoices):
    """Where queued work stands."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"

    @classmethod
    def final(cls) -> list["JobState"]:
        return [cls.SUCCEEDED, cls.FAILED, cls.CANCELLED]
