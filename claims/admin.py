"""The admin site's read-only view of claims, reviews and publications."""

from django.contrib import admin

from cases.admin import ReadOnlyAdmin
from claims.models import (
    Allegation,
    Citation,
    CitationReview,
    Claim,
    ClaimLink,
    ClaimVersion,
    Correction,
    EvidenceFit,
    GateEvaluation,
    GateException,
    Hypothesis,
    Publication,
    PublishedVersion,
    Reply,
    ReplyRequest,
    Review,
    Sending,
    SentenceCheck,
)

admin.site.register(
    [
        Allegation,
        Citation,
        CitationReview,
        Claim,
        ClaimLink,
        ClaimVersion,
        Correction,
        EvidenceFit,
        GateEvaluation,
        Hypothesis,
        GateException,
        Publication,
        PublishedVersion,
        Reply,
        ReplyRequest,
        Review,
        SentenceCheck,
        Sending,
    ],
    ReadOnlyAdmin,
)
