from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.ids import uuid7


class SavedSearchQuerySet(models.QuerySet):
    """Saved searches are their owner's alone."""

    def visible_to(self, actor) -> "SavedSearchQuerySet":
        return self.filter(owner=actor)


class SavedSearch(models.Model):
    """A query that somebody wants to hear of again: hits that changed after `seen_seq` are new to them.

    A job runs it with its owner's rights; of what that found is told what its owner may find at the moment of looking.
    The two numbers are shown to nobody: how far they are apart would tell of other cases.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="saved_searches")
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=1024, blank=True)
    filters = models.JSONField(default=dict, blank=True)
    seen_seq = models.BigIntegerField(help_text="The last change of any document when its owner last looked.")
    new_since = models.BigIntegerField(help_text="What `seen_seq` was before: the page of what is new begins there.")
    looked_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    new_ids = ArrayField(
        models.BigIntegerField(), default=list, blank=True, null=True, help_text="Documents; null: not to be counted."
    )
    counted_for = models.CharField(max_length=64, blank=True, help_text="The state of its owner's cases it counted.")

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_search_name_once_per_owner")]

    def __str__(self) -> str:
        return self.name
