from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from cases.models import Case
from cases.querysets import CaseScopedQuerySet


class Document(models.Model):
    """One thing that a person may find, as the engines read it; made from the rows it tells of, and made again at will.

    PostgreSQL searches it where it stands, page by page of the table, so that it has nothing that is not asked: what
    people are shown is its `Wording`. The embedded index follows it by `seq`, which grows with every change. What is
    gone stays as an empty row (`live` is false), so that a follower learns of it.
    """

    # Columns of one width first, and what is read of each hit before what is long: PostgreSQL walks over all columns
    # that stand before one.
    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    object_id = models.UUIDField()
    seq = models.BigIntegerField()
    news = models.BigIntegerField(default=0, help_text="`seq` when it last told something else, whatever made it anew.")
    part = models.PositiveIntegerField(default=0)
    live = models.BooleanField(default=True)
    sensitive = models.BooleanField(default=False)
    at = models.DateTimeField(null=True, blank=True)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=20, blank=True)
    platform = models.CharField(max_length=20, blank=True)
    lang = models.CharField(max_length=35, blank=True)
    # What the engines look at: `search.drafts`.
    heads = SearchVectorField(help_text="The words of title, names and handles alone.")
    exact = SearchVectorField()
    keys = ArrayField(models.TextField(), default=list, blank=True)
    words = SearchVectorField()

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["object_id", "kind", "part"], name="document_once_per_part"),
            models.UniqueConstraint(fields=["seq"], name="document_seq_once"),
        ]
        indexes = [
            GinIndex(fields=["words"], name="document_by_word"),
            GinIndex(fields=["exact"], name="document_by_exact_word"),
            GinIndex(fields=["keys"], name="document_by_key"),
            models.Index(fields=["case", "seq"], name="document_by_case"),
            models.Index(fields=["case", "news"], name="document_by_news"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"

    @property
    def shown_status(self) -> str:
        return self.status.replace("_", " ")


class Wording(models.Model):
    """What people are shown of a document, as long as there is something to show, and what it was made of."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_index=False)
    title = models.TextField(blank=True)
    text = models.TextField(blank=True)
    names = ArrayField(models.TextField(), default=list, blank=True)
    handles = ArrayField(models.TextField(), default=list, blank=True)
    place = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    made_by = models.CharField(max_length=40, blank=True, help_text="Version of the rules that made it.")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["made_by"], name="wording_by_rules")]

    def __str__(self) -> str:
        return self.title[:60]


class Noted(models.Model):
    """A row that changed since it was last read for searching; written by triggers, in the change's own transaction.

    `hides`: until it was read, nobody finds it.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    what = models.CharField(max_length=20)
    object_id = models.UUIDField()
    hides = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        db_table = "search_outbox"
        ordering = ["pk"]
        indexes = [models.Index(fields=["object_id"], name="outbox_by_object")]

    def __str__(self) -> str:
        return f"{self.what} {self.object_id}"


class Word(models.Model):
    """A word or key that some document of a case has: what beginnings and slips of the pen are looked up in.

    There is a row for each of hundreds of thousands of words, so that it has nothing that is not needed to find it.
    Words of documents that are gone may stay until the index is rebuilt; they lead to nothing.
    """

    pk = models.CompositePrimaryKey("case_id", "sensitive", "word")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    sensitive = models.BooleanField(help_text="A document has it that only those find who may open sensitive exhibits.")
    # In the order of bytes, so that a beginning is a range, whatever the language of the database.
    word = models.TextField(db_collation="C")
    backwards = models.TextField(db_collation="C")

    objects = CaseScopedQuerySet.as_manager()

    class Meta:
        ordering = ["word"]
        indexes = [models.Index(fields=["case", "sensitive", "backwards"], name="word_backwards")]

    def __str__(self) -> str:
        return self.word
