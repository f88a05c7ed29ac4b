"""The admin site's read-only view of claims, reviews and publications."""

from django.contrib import admin

from cases.admin import ReadOnlyAdmin
from claims.models import (
    Citation,
    CitationReview,
    Claim,
    ClaimLink,
    ClaimVersion,
    Correction,
    GateEvaluation,
    GateException,
    Publication,
    PublishedVersion,
    Review,
    SentenceCheck,
)

admin.site.register(
    [
        Citation,
        CitationReview,
        Claim,
        ClaimLink,
        ClaimVersion,
        Correction,
        GateEvaluation,
        GateException,
        Publication,
        PublishedVersion,
        Review,
        SentenceCheck,
    ],
    ReadOnlyAdmin,
)
