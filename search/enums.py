"""Words that search stores."""

from django.db.models import TextChoices


class Verdict(TextChoices):
    """What somebody decided about two entries that may be one."""

    SAME = "same", "The same"
    DIFFERENT = "different", "Different"
    UNSURE = "unsure", "Cannot be told yet"
