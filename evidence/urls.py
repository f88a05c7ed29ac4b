from django.urls import path

from evidence.views import adding, items, sources, wall

app_name = "evidence"

urlpatterns = [
    path("cases/<slug:ref>/evidence/", wall.wall, name="list"),
    path("cases/<slug:ref>/evidence/export.csv", wall.wall_csv, name="csv"),
    path("cases/<slug:ref>/evidence/damage/", wall.damage, name="damage"),
    path("cases/<slug:ref>/evidence/check/", wall.check_case, name="check"),
    path("cases/<slug:ref>/evidence/upload/", adding.upload, name="upload"),
    path("cases/<slug:ref>/evidence/upload/<uuid:upload_id>/cancel/", adding.cancel, name="upload_cancel"),
    path("cases/<slug:ref>/evidence/paste/", adding.paste, name="paste"),
    path("cases/<slug:ref>/evidence/link/", adding.link, name="link"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/", items.item, name="item"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/edit/", items.edit, name="edit"),
    path(
        "cases/<slug:ref>/evidence/<int:exhibit>/rendition.webp",
        items.picture,
        {"operation": "rendition"},
        name="rendition",
    ),
    path("cases/<slug:ref>/evidence/<int:exhibit>/<slug:operation>.webp", items.picture, name="picture"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/download/", items.download, name="download"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/verify/", items.verify, name="verify"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/withdraw/", items.withdraw, name="withdraw"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/restore/", items.restore, name="restore"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/supersede/", items.supersede, name="supersede"),
    path("cases/<slug:ref>/evidence/<int:exhibit>/read-again/", items.read_again, name="read_again"),
    path("evidence/fetch/<str:token>/", items.fetch, name="fetch"),
    path("cases/<slug:ref>/sources/", sources.source_list, name="sources"),
    path("cases/<slug:ref>/sources/export.csv", sources.sources_csv, name="sources_csv"),
    path("cases/<slug:ref>/sources/new/", sources.new_source, name="source_new"),
    path("cases/<slug:ref>/sources/join/", sources.join, name="join"),
    path("cases/<slug:ref>/sources/<uuid:source_id>/", sources.source, name="source"),
    path("cases/<slug:ref>/sources/<uuid:source_id>/edit/", sources.edit_source, name="source_edit"),
    path("cases/<slug:ref>/sources/<uuid:source_id>/grade/", sources.grade, name="source_grade"),
    path("cases/<slug:ref>/sources/<uuid:source_id>/split/", sources.split, name="source_split"),
    path("cases/<slug:ref>/sources/<uuid:source_id>/release/", sources.release, name="source_release"),
]
