from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cases.enums import Platform
from cases.models import Case
from cases.querysets import CaseScopedQuerySet
from posts.enums import SUSPECT, Kind, ObjectKind, TagSource
from posts.models.datasets import Dataset


def _list() -> ArrayField:
    return ArrayField(models.TextField(), default=list, blank=True)


class Post(models.Model):
    """One post of a case as one or more records tell it, and never changed; another row where one tells it otherwise.

    Which of several tellings counts is decided where something is asked (`posts.tellings`). The id is made of case,
    platform and native id (`posts.identity`), which PostgreSQL checks: there are no two rows that say the same of one
    post. References to case and datasets of the tables of posts are not checked row by row by PostgreSQL, which would
    take longer than the import itself; they are written by one action only.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="posts", db_constraint=False, db_index=False)
    platform = models.CharField(max_length=40)
    native_id = models.TextField(help_text="The platform's own, as text.")
    telling = models.CharField(
        max_length=64, blank=True, default="", help_text='SHA-256 of the content; "" as it was told first.'
    )
    author_id = models.TextField(blank=True, help_text='The platform\'s own; "" where an export has handles only.')
    handle = models.TextField(blank=True, help_text="As seen with this post.")
    account = models.TextField(help_text='The author\'s id, else "@" and the folded handle.')
    text = models.TextField(blank=True)
    folded = models.TextField(blank=True, help_text="The text as a search looks at it: `texts.normalisation.fold`.")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in Kind])
    # Three clocks: the client's or export's claim, the platform's server, and the one that orders (POSTS 4.3).
    claimed_at = models.DateTimeField(null=True, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField(null=True, blank=True)
    clock_flags = _list()
    claimed_text = models.TextField(blank=True, help_text="The claimed time as it stood, where it is flagged.")
    lang = models.CharField(max_length=40, blank=True)
    url = models.TextField(blank=True)
    repost_of = models.TextField(blank=True)
    quote_of = models.TextField(blank=True)
    reply_to = models.TextField(blank=True)
    refs = models.JSONField(default=list, blank=True, help_text="[[relation, native id, author id, handle], ...]")
    hashtags = _list()
    tag_source = models.CharField(max_length=10, choices=[(one.value, one.value) for one in TagSource])
    urls = _list()
    mentions = _list()
    media = models.JSONField(default=list, blank=True, help_text="[[kind, address, description], ...]")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["case", "at", "id"], name="post_by_time"),
            models.Index(fields=["case", "account", "at"], name="post_by_account"),
            GinIndex(fields=["hashtags"], name="post_by_hashtag"),
            # Few posts are in doubt, and a list of them must not look at all the others.
            models.Index(
                fields=["case", "at", "id"],
                name="post_in_doubt",
                condition=models.Q(clock_flags__overlap=[flag.value for flag in SUSPECT]),
            ),
            # The few that another record tells otherwise.
            models.Index(
                fields=["case", "native_id", "platform"], name="post_told_again", condition=models.Q(telling__gt="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.native_id}"

    @property
    def told(self) -> list[tuple[str, object]]:
        """What a page says of it, its clocks apart."""
        return [
            ("Platform", dict(Platform.choices).get(self.platform, self.platform)),
            ("Kind", self.kind),
            ("Author", f"{self.account} @{self.handle}" if self.handle else self.account),
            ("Claimed time", self.claimed_at and self.claimed_at.isoformat()),
            ("The platform's own clock", self.observed_at and self.observed_at.isoformat()),
            ("Time that counts", self.at and self.at.isoformat()),
            ("Doubts", ", ".join(self.clock_flags)),
            ("Claimed as", self.claimed_text),
            ("Hashtags", " ".join(f"#{tag}" for tag in self.hashtags)),
            ("Hashtags are from", f"the {self.tag_source}" if self.hashtags else ""),
            ("Addresses", " ".join(self.urls)),
            ("Mentions", " ".join(f"@{name}" for name in self.mentions)),
            ("Repost of", self.repost_of),
            ("Quote of", self.quote_of),
            ("Reply to", self.reply_to),
            ("Language", self.lang),
        ]


class Sighting(models.Model):
    """A record of a post, byte for byte, with the platform's counts when the export was made.

    One for each that a file has and that says something else: another content, other counts, or another date.
    """

    pk = models.CompositePrimaryKey("dataset_id", "post_id", "line", "item")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    dataset = models.ForeignKey(
        Dataset, on_delete=models.PROTECT, related_name="sightings", db_constraint=False, db_index=False
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="sightings", db_constraint=False)
    line = models.PositiveIntegerField()
    item = models.PositiveIntegerField(default=0)
    collected_at = models.DateTimeField(null=True, blank=True)
    metrics = models.JSONField(default=dict, blank=True)
    notes = _list()
    raw = models.BinaryField()

    objects = CaseScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.post_id} in {self.dataset_id}"


class SharedObject(models.Model):
    """Something that a post shares by the word of a file made for co-sharing analysis."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="objects_shared", db_constraint=False)
    kind = models.CharField(max_length=10, choices=[(one.value, one.value) for one in ObjectKind])
    value = models.TextField()

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.value[:60]}"


class AuthorSnapshot(models.Model):
    """A profile as one file shows it, from its first to its last sighting; never a property of the account."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="snapshots", db_constraint=False)
    platform = models.CharField(max_length=40)
    account = models.TextField(help_text="As in a post.")
    author_id = models.TextField(blank=True)
    handle = models.TextField(blank=True)
    display_name = models.TextField(blank=True)
    bio = models.TextField(blank=True)
    location = models.TextField(blank=True)
    location_source = models.CharField(max_length=60, default="declared")
    followers = models.BigIntegerField(null=True, blank=True)
    following = models.BigIntegerField(null=True, blank=True)
    posts = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(null=True, blank=True)
    verified = models.BooleanField(null=True, blank=True)
    protected = models.BooleanField(null=True, blank=True)
    url = models.TextField(blank=True)
    avatar = models.TextField(blank=True)
    first_seen_at = models.DateTimeField(null=True, blank=True, help_text="Empty where the export does not say.")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    times_seen = models.PositiveIntegerField(default=1, help_text="Records of the file that show it so.")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["account", "first_seen_at", "id"]
        indexes = [models.Index(fields=["case", "account"], name="snapshot_by_account")]

    def __str__(self) -> str:
        return f"{self.account} @{self.handle}"
