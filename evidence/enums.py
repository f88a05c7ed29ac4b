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
