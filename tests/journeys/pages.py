"""Which pages are looked at and photographed, and how each is reached."""

CASE = "/cases/NC-2024"
SAMPLES = "/cases/SAMPLES"

PAGES = {
    "my-turn": "/",
    "cases": "/cases/",
    "case-overview": f"{CASE}/",
    "case-overview-empty": f"{SAMPLES}/",
    "timeline": f"{CASE}/timeline/",
    "evidence-wall": f"{CASE}/evidence/",
    "exhibit": f"{CASE}/evidence/1/",
    "exhibit-image": f"{SAMPLES}/evidence/1/",
    "exhibit-graphic": f"{SAMPLES}/evidence/4/",
    "exhibit-pdf": f"{SAMPLES}/evidence/2/",
    "exhibit-web-page": f"{SAMPLES}/evidence/3/",
    "exhibit-source": f"{SAMPLES}/evidence/3/source/",
    "exhibit-describe": f"{CASE}/evidence/1/edit/",
    "upload": f"{CASE}/evidence/upload/",
    "paste": f"{CASE}/evidence/paste/",
    "link": f"{CASE}/evidence/link/",
    "sources": f"{CASE}/sources/",
    "sources-repeat-empty": f"{CASE}/sources/repeats/",
    "source-new": f"{CASE}/sources/new/",
    "source-join": f"{CASE}/sources/join/",
    "media": f"{CASE}/media/",
    "media-clusters": f"{CASE}/media/clusters/",
    "media-ignored": f"{CASE}/media/ignored/",
    "media-look-up": f"{CASE}/media/look-up/",
    "exhibit-hints": f"{SAMPLES}/evidence/1/aids/",
    "accounts": f"{CASE}/accounts/",
    "accounts-empty": f"{SAMPLES}/accounts/",
    "account-new": f"{CASE}/accounts/new/",
    "people": f"{CASE}/people/",
    "people-empty": f"{SAMPLES}/people/",
    "person-new": f"{CASE}/people/new/",
    "organisations": f"{CASE}/organisations/",
    "organisations-empty": f"{SAMPLES}/organisations/",
    "organisation-new": f"{CASE}/organisations/new/",
    "claims": f"{CASE}/claims/",
    "claims-empty": f"{SAMPLES}/claims/",
    "claim": f"{CASE}/claims/2/",
    "claim-draft": f"{CASE}/claims/19/",
    "claim-new": f"{CASE}/claims/new/?predicate=account_operated_by",
    "claim-traces": f"{CASE}/claims/2/traces/",
    "claim-edit": f"{CASE}/claims/19/edit/",
    "claim-correct": f"{CASE}/claims/2/correct/",
    "alternatives": f"{CASE}/claims/2/alternatives/",
    "alternatives-draft": f"{CASE}/claims/19/alternatives/",
    "replies": f"{CASE}/replies/",
    "replies-empty": f"{SAMPLES}/replies/",
    "reply-ask": f"{CASE}/replies/new/?claim=19",
    "reply-claims": f"{CASE}/replies/new/",
    "reply-request": f"{CASE}/replies/1/",
    "reply-not-asked": f"{CASE}/replies/6/",
    "cite": f"{CASE}/evidence/1/cite/",
    "desk-empty": f"{SAMPLES}/desk/",
    "publications": f"{CASE}/publications/",
    "publication": f"{CASE}/publications/1/",
    "posts": f"{SAMPLES}/posts/",
    "posts-list": f"{SAMPLES}/posts/list/",
    "posts-files": f"{SAMPLES}/posts/datasets/",
    "posts-file": f"{SAMPLES}/posts/datasets/1/",
    "posts-import": f"{SAMPLES}/posts/datasets/import/",
    "posts-analyses": f"{SAMPLES}/posts/analyses/",
    "posts-analysis": f"{SAMPLES}/posts/analyses/1/",
    "data-protection": f"{CASE}/data-protection/",
    "exports": f"{CASE}/exports/",
    "members": f"{CASE}/members/",
    "audit": f"{CASE}/audit/",
    "jobs": "/jobs/",
    "search": "/search/?q=Rasadat+Xalikof",
    "search-empty": "/search/",
    "search-none": "/search/?q=zzqqxx&type=claim",
    "settings": f"{CASE}/settings/",
    "tokens": "/account/tokens/",
    "two-factor": "/accounts/2fa/",
    "two-factor-set-up": "/accounts/2fa/totp/activate/",
    "password": "/accounts/password/change/",
}
# Pages whose address holds an id: reached by the first link of a list whose path fits.
UUID = "[0-9a-f-]{36}"
LINKED = {
    "source": (f"{CASE}/sources/", rf"/sources/{UUID}/$"),
    "account": (f"{CASE}/accounts/", rf"/accounts/{UUID}/$"),
    "person": (f"{CASE}/people/", rf"/people/{UUID}/$"),
    "organisation": (f"{CASE}/organisations/", rf"/organisations/{UUID}/$"),
    "citation": (f"{CASE}/claims/19/", rf"/citations/{UUID}/$"),
    "audit-of-one-claim": (f"{CASE}/audit/?object=claim", r"/audit/objects/claim:"),
}
UNDER = {
    "account-observe": ("account", "observe/"),
    "account-edit": ("account", "edit/"),
    "person-merge": ("person", "merge/"),
}

# Pages that the suite sees often enough elsewhere: they are only photographed.
QUIET = {
    "case-jobs": f"{CASE}/jobs/",
    "claim-version": f"{CASE}/claims/2/versions/1/",
    "claim-runs": f"{CASE}/claims/2/runs/",
    "claim-legal": f"{CASE}/claims/9/legal/",
    "claim-origins": f"{CASE}/claims/9/origins/",
    "exceptions": f"{CASE}/claims/exceptions/",
    "corrections": f"{CASE}/publications/corrections/",
    "people-alike": f"{CASE}/alike/person/",
    "posts-follow-lists": f"{SAMPLES}/posts/follows/",
    "security-keys": "/accounts/2fa/webauthn/",
}
OF_OTHERS = {
    "edgar": {"case-new": "/cases/new/"},
    "paula": {
        "publish": f"{CASE}/publications/new/",
        "publication-redact": f"{CASE}/publications/1/redact/",
        "claim-retract": f"{CASE}/claims/2/retract/",
    },
}
QUIET_LINKED = {"post": (f"{SAMPLES}/posts/list/", rf"/posts/post/{UUID}/$")}
QUIET_UNDER = {
    "account-merge": ("account", "merge/"),
    "person-edit": ("person", "edit/"),
    "organisation-edit": ("organisation", "edit/"),
    "organisation-merge": ("organisation", "merge/"),
    "source-edit": ("source", "edit/"),
    "source-grade": ("source", "grade/"),
    "source-split": ("source", "split/"),
    "source-release": ("source", "release/"),
}
# Beside a page: what its id leads to elsewhere.
QUIET_BESIDE = {
    "account-alike": ("account", f"{CASE}/alike/account/{{}}/"),
    "data-protection-of-one": ("person", f"{CASE}/data-protection/people/{{}}/"),
}
# Reached by steps, in test_screenshots.
BY_STEPS = {
    "sign-in": "/accounts/login/",
    "desk": f"{CASE}/desk/9/",
    "merge-view": f"{CASE}/claims/19/edit/",
    "error-404": "",
    "dossier": "",
}
DARK = {"my-turn", "case-overview", "timeline", "evidence-wall", "exhibit", "claim", "desk", "publication", "audit"}
