"""Addresses of the pages of claims; `home`, `case_overview` and `case_timeline` have no namespace."""

from django.urls import include, path

from claims.views import (
    citations,
    claims,
    corrections,
    desk,
    fragments,
    home,
    matches,
    overview,
    publications,
    steps,
    timeline,
)

_claims = [
    path("claims/", claims.claim_list, name="list"),
    path("claims/export.csv", claims.claim_export, name="export"),
    path("claims/new/", claims.claim_create, name="create"),
    path("claims/graph.json", overview.graph, name="graph"),
    path("claims/about/<str:kind>/<uuid:subject_id>/", fragments.about, name="about"),
    path("claims/citing/<int:exhibit>/", fragments.of_exhibit, name="of_exhibit"),
    path("claims/<int:number>/", claims.claim_page, name="claim"),
    path("claims/<int:number>/panel/", overview.panel, name="panel"),
    path("claims/<int:number>/versions/<int:version_number>/", claims.claim_page, name="version"),
    path("claims/<int:number>/edit/", claims.claim_edit, name="edit"),
    path("claims/<int:number>/submit/", steps.claim_submit, name="submit"),
    path("claims/<int:number>/reopen/", steps.claim_reopen, name="reopen"),
    path("claims/<int:number>/gate/", steps.claim_gate, name="gate"),
    path("claims/<int:number>/links/", steps.claim_links, name="links"),
    path("claims/<int:number>/single-source/", steps.claim_single_source, name="single_source"),
    path("claims/<int:number>/confirm/", steps.claim_confirm, name="confirm"),
    path("claims/<int:number>/correct/", steps.claim_correct, name="correct"),
    path("claims/<int:number>/retract/", steps.claim_retract, name="retract"),
    path("evidence/<int:exhibit>/cite/", citations.cite_item, name="cite"),
    path("media/<uuid:match_id>/cite/", matches.cite_match, name="cite_match"),
    path("citations/<uuid:citation_id>/", citations.citation_edit, name="citation"),
    path("citations/<uuid:citation_id>/nearest/", citations.citation_nearest, name="citation_nearest"),
    path("citations/<uuid:citation_id>/remove/", citations.citation_remove, name="citation_remove"),
    path("desk/", desk.desk, name="desk"),
    path("desk/<int:number>/", desk.desk_claim, name="desk_claim"),
    path("desk/<int:number>/review/", desk.desk_review, name="desk_review"),
    path("desk/<int:number>/sentences/", desk.desk_sentence, name="desk_sentence"),
    path("desk/copies/<uuid:citation_id>/", desk.desk_copy, name="desk_copy"),
    path("desk/verdicts/<uuid:citation_id>/", desk.desk_judge, name="desk_judge"),
    path("publications/", publications.publication_list, name="publications"),
    path("publications/export.csv", publications.publications_csv, name="publications_csv"),
    path("publications/corrections/", corrections.correction_list, name="corrections"),
    path("publications/corrections/export.csv", corrections.corrections_csv, name="corrections_csv"),
    path("publications/new/", publications.publish_form, name="publish"),
    path("publications/<int:number>/", publications.publication_page, name="publication"),
    path("publications/<int:number>/dossier/", publications.publication_dossier, name="dossier"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/<slug:ref>/", overview.case_overview, name="case_overview"),
    path("cases/<slug:ref>/timeline/", timeline.case_timeline, name="case_timeline"),
    path("cases/<slug:ref>/timeline/export.csv", timeline.case_timeline_csv, name="case_timeline_csv"),
    path("cases/<slug:ref>/", include((_claims, "claims"))),
]
