"""Where imports and analyses stand, and which analyses there are; stored values with the labels that pages show."""

from django.db.models import TextChoices


class DatasetState(TextChoices):
    """A file of posts is read in a job; until then nothing rests on it."""

    WAITING = "waiting", "Being read"
    READY = "ready", "Read"
    FAILED = "failed", "Not read"


class AnalysisState(TextChoices):
    WAITING = "waiting", "Being made"
    READY = "ready", "Made"
    FAILED = "failed", "Not made"


class AnalysisMethod(TextChoices):
    """What can be asked of posts (POSTS 4); the label completes "Analysis: ..."."""

    CAMPAIGN = "campaign", "the campaign in one report"
    TIMELINE = "timeline", "posts over time"
    HASHTAGS = "hashtags", "hashtags"
    EARLIER_TAGS = "earlier_tags", "what the same accounts posted under before"
    FIRST_POSTERS = "first_posters", "earliest posts of each text"
    MOST_SHARED = "most_shared", "most shared posts"
    MOST_ACTIVE = "most_active", "most active accounts"
    LOCATIONS = "locations", "locations as declared"
    BIOS = "bios", "bios that mention a phrase"
    CREATIONS = "creations", "when the accounts were created"
    CLUSTERS = "clusters", "copy-paste clusters"
    ALIKE = "alike", "pairs of texts that are alike"
    COSHARE = "coshare", "accounts that shared the same within seconds"
    DIRECTED = "directed", "who shared the same as whom, by own posts"
    SYNCHRONY = "synchrony", "posts within seconds of each other"
    OVERLAP = "overlap", "accounts that several datasets share"
    FOLLOWS = "follows", "whom accounts follow, in dated lists"
