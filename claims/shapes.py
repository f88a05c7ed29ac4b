"""What each kind of claim links to what: the kinds of its subject and object, and the fields that it needs besides.

Actions hold every path to this table, and forms show it. Words stand for what the record does not single out (at least
86 accounts, a montage of which no copy is preserved); who operates an account and who holds a role is one record.
"""

from dataclasses import dataclass

from claims.enums import Indicator, Predicate, SubjectType

ACCOUNT, PERSON, ORGANISATION = SubjectType.ACCOUNT, SubjectType.PERSON, SubjectType.ORGANISATION
ITEM, TEXT = SubjectType.ITEM, SubjectType.TEXT


@dataclass(frozen=True)
class Shape:
    """One predicate's form: what may stand on either side, which further fields it shows, and a hint for its author."""

    subject: tuple[SubjectType, ...]
    object: tuple[SubjectType, ...]
    extra: tuple[str, ...] = ()
    hint: str = ""
    indicators: tuple[Indicator, ...] = ()


# Whoever is named is told apart from namesakes. What publication does to people, how a model helped and what the
# sources lack can be said of every claim.
NAMESAKES = ("identifying_specifics", "namesake_search")
COORDINATION = ("method", "parameters", "dataset_sha256", "false_positive_check")
ATTRIBUTION = ("attributed_as", "state_responsibility", "eeas_category")
WEIGHED = ("public_interest", "who_is_harmed", "proportionality", "gentler_ways")
DISCLOSED = ("source_summary", "model_use", "model_name", "model_version", "model_task")
PARTICULARS = (*NAMESAKES, *COORDINATION, *ATTRIBUTION, *WEIGHED, *DISCLOSED)

SHAPES: dict[str, Shape] = {
    Predicate.ACCOUNT_OPERATED_BY: Shape(
        (ACCOUNT,),
        (PERSON, ORGANISATION, TEXT),
        NAMESAKES,
        hint="One link only. What the person does or belongs to is another claim, and the chain ties them.",
        indicators=(
            Indicator.SAME_PICTURE,
            Indicator.CROSS_LINK,
            Indicator.NAMED_BY_ORGANISATION,
            Indicator.NAMED_IN_REPORT,
            Indicator.OFFICIAL_IDENTIFICATION,
            Indicator.OWN_WORDS,
            Indicator.OWN_PROFILE,
            Indicator.NAME_MATCH,
        ),
    ),
    Predicate.PERSON_HOLDS_ROLE: Shape(
        (PERSON,),
        (ORGANISATION, TEXT),
        ("role_title", "role_title_en", "conduct_date", *NAMESAKES),
        hint="Give the title word for word in the source's language, and the date for which the source says so.",
    ),
    Predicate.ACCOUNT_SELF_DECLARES_AFFILIATION: Shape(
        (ACCOUNT, TEXT), (ORGANISATION, TEXT), hint="What an account says of itself is no proof of who runs it."
    ),
    Predicate.ACCOUNT_STATUS: Shape(
        (ACCOUNT, TEXT), (TEXT,), hint="A status is what somebody saw on a date: give the date."
    ),
    Predicate.POST_PUBLISHED_BY: Shape((ITEM, TEXT), (ACCOUNT, TEXT)),
    Predicate.FIRST_KNOWN_PUBLISHER: Shape(
        (ITEM, TEXT), (ACCOUNT, TEXT), hint="Say in the scope under which hashtag, platform or tool this was found."
    ),
    Predicate.MEDIA_COMPOSED_OF: Shape((ITEM, TEXT), (ITEM, TEXT)),
    Predicate.MEDIA_REUSED_IN: Shape((ITEM, TEXT), (ITEM, TEXT)),
    Predicate.ACCOUNTS_COORDINATED: Shape(
        (TEXT, ACCOUNT),
        (ACCOUNT, TEXT),
        COORDINATION,
        hint="Say how it was found. The text must not name an operator.",
    ),
    Predicate.ACCOUNT_IN_CAMPAIGN: Shape(
        (ACCOUNT, TEXT),
        (TEXT,),
        hint="Sharing a hashtag or a picture alone does not make an account part of a campaign.",
        indicators=(
            Indicator.SHARED_LINK,
            Indicator.SHARED_HASHTAG,
            Indicator.SHARED_PICTURE,
            Indicator.SAME_NARRATIVE,
            Indicator.SAME_TIMING,
            Indicator.SHARED_INFRASTRUCTURE,
            Indicator.PLATFORM_DISCLOSURE,
            Indicator.INSTRUCTION,
        ),
    ),
    Predicate.CAMPAIGN_ATTRIBUTED_TO: Shape(
        (TEXT,),
        (ORGANISATION, PERSON, TEXT),
        (*ATTRIBUTION, *NAMESAKES),
        hint="Who gains from a campaign need not run it: say which of the four parts the evidence shows.",
        indicators=(Indicator.TECHNICAL, Indicator.BEHAVIOURAL, Indicator.CONTEXTUAL),
    ),
    Predicate.ORG_CONTROLLED_BY: Shape((ORGANISATION,), (ORGANISATION, PERSON, TEXT), NAMESAKES),
}

# Whoever these name is accused by the link itself, whatever its author says of it.
ACCUSING = frozenset({Predicate.ACCOUNTS_COORDINATED, Predicate.ACCOUNT_IN_CAMPAIGN, Predicate.CAMPAIGN_ATTRIBUTED_TO})

# Whoever stands at the object end of these in words only is accused by name, record or not.
ATTRIBUTIONS = frozenset({Predicate.ACCOUNT_OPERATED_BY, Predicate.CAMPAIGN_ATTRIBUTED_TO, Predicate.ORG_CONTROLLED_BY})

# Every field that some predicates show and others do not.
EXTRAS = frozenset(name for shape in SHAPES.values() for name in shape.extra)


def accuses(predicate: str, *, names_somebody: bool) -> bool:
    """Whether a claim could harm by its nature: taking part in a campaign, or who runs an account, where that is a
    person or stands in words, which may be anybody's name.
    """
    return predicate in ACCUSING or (predicate == Predicate.ACCOUNT_OPERATED_BY and names_somebody)
