"""Published claims as schema.org ClaimReview and MediaReview, for search engines and fact-check databases.

The statement is what is reviewed, the likelihood what the review says of it. Working claims have no review yet: they
are left out, whatever the scope.
"""

import json

from django.conf import settings
from django.urls import reverse

from claims.enums import Likelihood, Predicate, Stance, SubjectType, VersionState
from claims.exports.material import Material
from claims.exports.parts import partial

# Which of schema.org's MediaManipulationRatingEnumeration a claim about a picture stands for (STANDARDS 4.6).
_MANIPULATIONS = {
    Predicate.MEDIA_COMPOSED_OF: "TransformedContent",
    Predicate.MEDIA_REUSED_IN: "DecontextualizedContent",
}


def graph(material: Material) -> bytes:
    """The reviews as one JSON-LD document."""
    claims = [claim for claim in material.claims if claim["state"] == VersionState.PUBLISHED]
    found = [_review(material, claim) for claim in claims if claim["likelihood"]]
    found += [_media_review(material, claim) for claim in claims if claim["predicate"] in _MANIPULATIONS]
    return json.dumps({"@context": "https://schema.org", "@graph": found}, ensure_ascii=False, indent=1).encode()


def _review(material: Material, claim: dict) -> dict:
    return {
        "@type": "ClaimReview",
        **_common(material, claim),
        "claimReviewed": claim["statement"],
        "reviewRating": _rating(claim),
        "itemReviewed": {
            "@type": "Claim",
            "appearance": _works(material, claim, Stance.SUPPORTS),
            "contradictedBy": _works(material, claim, Stance.CONTRADICTS),
        },
    }


def _media_review(material: Material, claim: dict) -> dict:
    return {
        "@type": "MediaReview",
        **_common(material, claim),
        "mediaAuthenticityCategory": _MANIPULATIONS[claim["predicate"]],
        "originalMediaContextDescription": claim["scope_note"] or claim["statement"],
        "itemReviewed": _media(material, claim),
    }


def _common(material: Material, claim: dict) -> dict:
    url = f"{settings.PUBLIC_URL}{reverse('claims:version', args=_address(material, claim))}"
    return {
        "@id": f"urn:uuid:{claim['version_id']}",
        "url": url,
        "datePublished": claim["published_at"][:10],
        "inLanguage": claim["language"],
        "author": {"@type": "Organization", "name": "caseapp", "url": settings.PUBLIC_URL},
        "reviewBody": claim["public_text"],
        "citation": _works(material, claim),
    }


def _address(material: Material, claim: dict) -> list:
    return [material.case.ref, claim["number"], claim["version"]]


def _rating(claim: dict) -> dict:
    """The step of the scale: 1 where it almost certainly is not so, 7 where it almost certainly is."""
    return {
        "@type": "Rating",
        "ratingValue": Likelihood.values.index(claim["likelihood"]["value"]) + 1,
        "worstRating": 1,
        "bestRating": len(Likelihood),
        "alternateName": f"{claim['likelihood']['term']} ({claim['likelihood']['band']})",
        "ratingExplanation": f"Analytic confidence: {claim['confidence']}." if claim["confidence"] else "",
    }


def _works(material: Material, claim: dict, stance: str = "") -> list[dict]:
    """The exhibits that a claim cites, each once, in the order of its citations."""
    cited = [citation for citation in claim["citations"] if not stance or citation["stance"] == stance]
    numbers = dict.fromkeys(citation["exhibit"] for citation in cited)
    return [_work(material.exhibits[number]) for number in numbers]


def _work(exhibit: dict) -> dict:
    work = {
        "@type": "CreativeWork",
        "identifier": f"E-{exhibit['exhibit']}",
        "name": exhibit["title"],
        "author": exhibit["author"],
        "publisher": exhibit["publisher"],
        "datePublished": partial(exhibit["published_at"], exhibit["published_precision"]),
        "url": exhibit["original_url"],
        "archivedAt": exhibit["archived_url"],
        "sha256": exhibit["sha256"],
    }
    return {name: value for name, value in work.items() if value}


def _media(material: Material, claim: dict) -> dict:
    """The picture that a claim is about: an exhibit, or what it is called."""
    subject = claim["subject"] or {}
    exhibit = next((row for row in material.exhibits.values() if row["item"] == subject.get("id")), None)
    if subject.get("type") == SubjectType.ITEM and exhibit:
        return _work(exhibit) | {"@type": "MediaObject", "encodingFormat": exhibit["media_type"]}
    return {"@type": "MediaObject", "name": subject.get("label", "")}
