"""Vocabularies of sources, items and custody (STANDARDS 2.3 and 8)."""

from django.db.models import TextChoices


class SourceKind(TextChoices):
    OFFICIAL_RECORD = "official_record", "Official record"
    STATE_BODY = "state_body", "State body"
    NEWS = "news", "News organisation"
    RESEARCH = "research", "Research"
    PLATFORM = "platform", "Platform"
    SOCIAL_ACCOUNT = "social_account", "Social-media account"
    WITNESS = "witness", "Witness"
    DATABASE = "database", "Database"
    ANONYMOUS = "anonymous", "Anonymous"


class Reliability(TextChoices):
    """Admiralty letter: rates the originator. F is "cannot judge", not "bad"."""

    A = "A", "Completely reliable"
    B = "B", "Usually reliable"
    C = "C", "Fairly reliable"
    D = "D", "Not usually reliable"
    E = "E", "Unreliable"
    F = "F", "Reliability cannot be judged"


class ItemKind(TextChoices):
    PAGE = "page", "Web page"
    POST = "post", "Post"
    SCREENSHOT = "screenshot", "Screenshot"
    IMAGE = "image", "Image"
    VIDEO = "video", "Video"
    AUDIO = "audio", "Audio"
    DOCUMENT = "document", "Document"
    TEXT = "text", "Pasted text"
    LINK = "link", "Link without a preserved copy"
    DATASET = "dataset", "Dataset"
    ANALYSIS = "analysis", "Analysis"
    OTHER = "other", "Other file"


class ItemState(TextChoices):
    """What became of an item; nothing is ever deleted."""

    ACTIVE = "active", "Active"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUPERSEDED = "superseded", "Superseded"


class Sensitivity(TextChoices):
    NORMAL = "normal", "Normal"
    SENSITIVE = "sensitive", "Sensitive: every reading is logged"


class CustodyAction(TextChoices):
    COLLECT = "collect", "Collected"
    RECEIVE = "receive", "Received"
    READ = "read", "Read"
    COPY = "copy", "Copied"
    DERIVE = "derive", "Derived"
    EXPORT = "export", "Exported"
    FIXITY_CHECK = "fixity_check", "Fixity checked"
    TRANSFER = "transfer", "Transferred"
    REDACT = "redact", "Redacted"
    WITHDRAW = "withdraw", "Withdrawn"


class FixityState(TextChoices):
    UNCHECKED = "unchecked", "Not checked yet"
    OK = "ok", "Unchanged"
    CHANGED = "changed", "Changed on disk"
    MISSING = "missing", "Missing on disk"


class DerivativeOperation(TextChoices):
    RENDITION = "rendition", "Safe rendition"
    THUMBNAIL = "thumbnail", "Thumbnail"


class UploadState(TextChoices):
    OPEN = "open", "Open"
    COMPLETE = "complete", "Complete"
    CANCELLED = "cancelled", "Cancelled"


class FrameKind(TextChoices):
    """What a picture is of the file that holds it."""

    IMAGE = "image", "The image itself"
    PAGE = "page", "Page"
    EMBEDDED = "embedded", "Picture in a page"
    KEYFRAME = "keyframe", "Keyframe"


class MatchKind(TextChoices):
    """How two pictures correspond, the strongest first."""

    EXACT = "exact", "Same file"
    WHOLE = "whole", "Same picture"
    PANEL = "panel", "Same panel"
    REGION = "region", "Same region"


class MatchVerdict(TextChoices):
    """A match is a suggestion until a person has looked."""

    SUGGESTED = "suggested", "Suggested"
    CONFIRMED = "confirmed", "Confirmed"
    REJECTED = "rejected", "Rejected"


class IgnoreReason(TextChoices):
    """Why a picture that is found everywhere says nothing."""

    LOGO = "logo", "Logo"
    FLAG = "flag", "Flag or emblem"
    STOCK = "stock", "Stock picture"
    CHROME = "chrome", "Part of a platform's interface"
    OTHER = "other", "Other"


class MediaSearchResult(TextChoices):
    """How the search for the original of a picture ended (G-74)."""

    LOCATED = "located", "Original located"
    NOT_FOUND = "not_found", "Looked for and not found"


class Authenticity(TextChoices):
    """MediaReview's mediaAuthenticityCategory (schema.org)."""

    ORIGINAL = "OriginalMediaContent", "Original"
    MISSING_CONTEXT = "DecontextualizedContent", "Shown out of its context"
    EDITED = "EditedOrCroppedContent", "Edited or cropped"
    TRANSFORMED = "TransformedContent", "Altered in substance"
    STAGED = "StagedContent", "Staged"
    SATIRE = "SatireOrParodyContent", "Satire or parody"
