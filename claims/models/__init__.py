from claims.models.citations import Citation, CitationReview
from claims.models.claims import Claim, ClaimLink, ClaimVersion
from claims.models.data_protection import DataProtectionRecord, Pseudonym
from claims.models.gate import GateEvaluation, GateException
from claims.models.harm import TraceDecision
from claims.models.hypotheses import EvidenceFit, Hypothesis
from claims.models.origins import OriginHint
from claims.models.publications import Correction, Publication, PublishedVersion
from claims.models.redactions import Commitment, Redaction
from claims.models.replies import Allegation, Reply, ReplyRequest, Sending
from claims.models.reviews import Review, SentenceCheck

__all__ = [
    "Allegation",
    "Citation",
    "CitationReview",
    "Claim",
    "ClaimLink",
    "ClaimVersion",
    "Commitment",
    "Correction",
    "DataProtectionRecord",
    "EvidenceFit",
    "GateEvaluation",
    "GateException",
    "Hypothesis",
    "OriginHint",
    "Pseudonym",
    "Publication",
    "PublishedVersion",
    "Redaction",
    "Reply",
    "ReplyRequest",
    "Review",
    "Sending",
    "SentenceCheck",
    "TraceDecision",
]
