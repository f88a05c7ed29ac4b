"""Every part of the design on one page, with content of real length; for those who build and test the parts.

It is served in development and in tests only (`caseapp/urls.py`), and shows nothing from the database.
"""

from datetime import UTC, datetime
from types import SimpleNamespace

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from caseapp.badges import BADGES

COPY = """Exclusive: officials took part in an online campaign

The viral post was first published, under this hashtag, by an account belonging to @esmirakhahil. 🛰️ The newsroom \
linked the account to Esmira Xalil, who is employed at a state committee, although her exact position is unclear.

A 2014 news report described her as the head of the press service of the committee. She appeared at several events \
between 2014 and 2022.

None of the accounts mentioned responded to requests for comment. None of the accounts mentioned were deleted by their \
holders.
"""

_CITED = "A 2014 news report described her as the head of the press service of the committee."
_DENIED = "None of the accounts mentioned responded to requests for comment."

CITATIONS = [
    {
        "id": "c1",
        "exhibit": 2,
        "quote": _CITED,
        "source": "RFE/RL Azerbaijani Service",
        "title": "Azerbaijani officials targeted France with New Caledonia disinformation campaign",
        "published": datetime(2024, 5, 31, tzinfo=UTC),
        "reliability": "B",
        "credibility": "2",
        "stance": "supports",
        "verified": True,
    },
    {
        "id": "c2",
        "exhibit": 2,
        "quote": _DENIED,
        "source": "RFE/RL Azerbaijani Service",
        "title": "Azerbaijani officials targeted France with New Caledonia disinformation campaign",
        "published": datetime(2024, 5, 31, tzinfo=UTC),
        "reliability": "B",
        "credibility": "6",
        "stance": "contradicts",
        "verified": True,
    },
]
SENTENCES = [
    {"text": "The account @esmirakhahil appears to be operated by Esmira Xalil.", "citations": "c1 c2"},
    {"text": "As of 2014 she headed the press service of the State Committee.", "citations": "c1"},
    {"text": "No public answer of hers was found by 12 June 2024.", "citations": "c2"},
]
FINDINGS = [
    {
        "rule": "G-07",
        "level": "B",
        "passed": False,
        "sentence": "Both citations rest on one origin; this kind of claim needs two independent ones.",
        "url": "#sources",
        "where": "Add a citation",
    },
    {
        "rule": "G-22",
        "level": "B",
        "passed": False,
        "sentence": "The latest evidence of the role is of 2014: the public text must name that year and say so.",
        "url": "#text",
        "where": "Edit the text",
    },
    {
        "rule": "G-75",
        "level": "W",
        "passed": False,
        "sentence": "The account's status was last observed 9 days ago.",
        "url": "#account",
        "where": "Record an observation",
    },
    {"rule": "G-02", "level": "B", "passed": True, "sentence": "All quotes are in the preserved copies."},
]
ENTRIES = [
    {
        "at": datetime(2024, 5, 16, 12, 21, tzinfo=UTC),
        "precision": "minute",
        "title": "First post of the montage under the hashtag",
        "text": "According to VIGINUM by another account than the one RFE/RL names; both are kept as rival claims.",
        "kind": "post",
    },
    {
        "at": datetime(2024, 6, 3, tzinfo=UTC),
        "precision": "day",
        "title": "@esmirakhahil seen suspended",
        "text": "Active on 16 May, suspended by 3 June.",
        "kind": "suspension",
        "by": "Exhibit 2, recorded by R. Aliyeva-Lambert",
    },
    {
        "at": datetime(2024, 6, 12, 9, 30, tzinfo=UTC),
        "precision": "minute",
        "title": "Claim 4 returned with two questions",
        "kind": "review",
    },
]
ROWS = [
    ("E-1", "Foreign Interference: Analysis of the Baku Initiative Group", "Open Facto", 24_812, "ok", "F"),
    (
        "E-2",
        "Azerbaijani officials targeted France with New Caledonia disinformation campaign",
        "RFE/RL",
        9_466,
        "ok",
        "B",
    ),
    (
        "E-3",
        "Screenshot of a suspended profile page on X, with the platform's notice in full",
        "X",
        412_019,
        "unchecked",
        "A",
    ),
    ("E-4", "Montage of two photographs, spliced", "X", 1_204_551, "changed", "F"),
]
CARDS = [
    {
        "exhibit": 1,
        "title": ROWS[0][1],
        "url": "#e1",
        "kind_label": "Web page",
        "publisher": "Open Facto",
        "excerpt": COPY[55:],
    },
    {"exhibit": 2, "title": ROWS[1][1], "url": "#e2", "kind_label": "Web page", "publisher": "RFE/RL", "excerpt": COPY},
    {
        "exhibit": 4,
        "title": ROWS[3][1],
        "url": "#e4",
        "kind_label": "Image",
        "publisher": "X",
        "thumbnail": "/static/img/mark.svg",
    },
]
NODES = [
    {"id": "a1", "type": "account", "label": "@esmirakhahil", "sub": "X · suspended", "status": "suspended"},
    {"id": "a2", "type": "account", "label": "@rasadatxaliqov", "sub": "X · suspended", "status": "suspended"},
    {"id": "a3", "type": "account", "label": "@behbud_e", "sub": "X · active", "status": "active"},
    {"id": "p1", "type": "person", "label": "Esmira Xalil"},
    {"id": "p2", "type": "person", "label": "Rasadat Xaliqov"},
    {"id": "p3", "type": "person", "label": "Elmeddin Behbud"},
    {"id": "o1", "type": "organisation", "label": "State Committee for\nDiaspora Affairs"},
    {"id": "o2", "type": "organisation", "label": "New Azerbaijan Party"},
    {"id": "o3", "type": "organisation", "label": "Council of State\nSupport to NGOs"},
]
_LINKS = [
    ("e1", "a1", "p1", "published", "likely", "is operated by"),
    ("e2", "a2", "p2", "approved", "likely", "is operated by"),
    ("e3", "a3", "p3", "draft", "even", "is operated by"),
    ("e4", "p1", "o1", "published", "very_likely", "held a role at, as of 2014"),
    ("e5", "p2", "o2", "changes_requested", "likely", "holds a role at"),
    ("e6", "p3", "o3", "draft", "even", "holds a role at"),
    ("e7", "a1", "o1", "retracted", "unlikely", "declares an affiliation with"),
]


class SampleForm(forms.Form):
    """One field of each kind, for the gallery."""

    title = forms.CharField(max_length=80, help_text="As the page calls itself, in its own language.")
    kind = forms.ChoiceField(choices=[("page", "Web page"), ("image", "Image")])
    published_at = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    stance = forms.ChoiceField(
        choices=[("supports", "Supports"), ("contradicts", "Contradicts")], widget=forms.RadioSelect
    )
    rationale = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), help_text="Why this grade and no other.")
    graphic = forms.BooleanField(required=False, label="It shows injury or death", help_text="It will be blurred.")


class SampleFilter(forms.Form):
    """Two filters of a list, for the gallery."""

    q = forms.CharField(required=False, label="Words")
    kind = forms.ChoiceField(
        required=False, label="Kind", choices=[("", "Any kind"), ("page", "Web page"), ("image", "Image")]
    )


def _edges() -> list[dict]:
    names = {node["id"]: node["label"].replace("\n", " ") for node in NODES}
    return [
        {
            "id": edge,
            "source": names[source],
            "target": names[target],
            "predicate": predicate,
            "state": state,
            "likelihood": likelihood,
            "confidence": "moderate",
            "url": f"#{edge}",
            "panel_url": "/gallery/panel",
            "disputed": edge == "e4",
        }
        for edge, source, target, state, likelihood, predicate in _LINKS
    ]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """The parts, each in the states that matter."""
    context = {
        "case": SimpleNamespace(ref="NC-2024", title="New Caledonia, May 2024", tlp="amber", status="open"),
        "nav": "desk",
        "badges": {kind: list(values) for kind, values in BADGES.items()},
        "form": SampleForm(),
        "wrong_form": SampleForm({"title": "x" * 90, "kind": "page", "stance": "supports"}),
        "filter_form": SampleFilter(request.GET),
        "rows": ROWS,
        "cards": [card | {"fixity": "ok", "reliability": "B", "cited": 2} for card in CARDS],
        "copy": COPY,
        "citations": CITATIONS,
        "sentences": SENTENCES,
        "cite_fields": ["selector_type", "item", "exact", "prefix", "suffix", "start", "end", "page", "region"],
        "findings": FINDINGS,
        "entries": ENTRIES,
        "edges": _edges(),
        "page": SimpleNamespace(next="bmV4dA"),
        "changes": [
            {"field": "likelihood", "before": "very likely", "after": "likely"},
            {"field": "public_text", "before": "X is operated by Y.", "after": "X appears to be operated by Y."},
            {"field": "approved_at", "before": "2024-06-12T09:30:00Z", "after": None},
        ],
        "merge": [
            {
                "label": "Public text",
                "theirs": "The account @esmirakhahil appears to be operated by Esmira Xalil.",
                "yours": "The account @esmirakhahil, suspended since, is likely operated by Esmira Xalil.",
            },
        ],
        "facts": [
            ("Publisher", "RFE/RL Azerbaijani Service"),
            ("Published", "31 May 2024"),
            ("Author", ""),
            ("Captured", "12 June 2024, 09:30:12 UTC, by R. Aliyeva-Lambert"),
        ],
        "sha256": "9f2b6c1e5d7a40c28b6e0f4bb1e4c1d6f0a57f4d8b2c93a1e7d6054c3b2a1908",
        "seen": datetime(2024, 6, 3, tzinfo=UTC),
        "before": datetime(2024, 5, 16, tzinfo=UTC),
    }
    return render(request, "gallery.html", context)


@login_not_required
def gallery_graph(request: HttpRequest) -> JsonResponse:
    """The data of the sample graph, in the shape `static/js/graph.js` asks for."""
    edges = [
        {
            "id": edge,
            "source": source,
            "target": target,
            "label": predicate,
            "state": state,
            "likelihood": likelihood,
            "disputed": edge == "e4",
            "url": f"#{edge}",
            "panel_url": "/gallery/panel",
        }
        for edge, source, target, state, likelihood, predicate in _LINKS
    ]
    return JsonResponse({"nodes": NODES, "edges": edges})


@login_not_required
def gallery_panel(request: HttpRequest) -> HttpResponse:
    """What a click on an edge of the sample graph brings in."""
    return render(request, "gallery_panel.html", {"citation": CITATIONS[0]})
