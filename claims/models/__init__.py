from claims.models.citations import Citation, CitationReview
from claims.models.claims import Claim, ClaimLink, ClaimVersion
from claims.models.gate import GateEvaluation, GateException
from claims.models.publications import Correction, Publication, PublishedVersion
from claims.models.reviews import Review, SentenceCheck

__all__ = [
    "Citation",
    "CitationReview",
    "Claim",
    "ClaimLink",
    "ClaimVersion",
    "Correction",
    "GateEvaluation",
    "GateException",
    "Publication",
    "PublishedVersion",
    "Review",
    "SentenceCheck",
]
