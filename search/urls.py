from django.urls import path

from search.views import alike, palette, results, saved

app_name = "search"

SUBJECT = "cases/<slug:ref>/alike/<str:kind>/<uuid:subject_id>"

urlpatterns = [
    path("search/", results.search_page, name="search"),
    path("search/palette/", palette.palette, name="palette"),
    path("search/saved/news/", saved.news, name="news"),
    path("search/saved/new/", saved.save, name="save"),
    path("search/saved/<uuid:search_id>/look/", saved.look_at, name="look"),
    path("search/saved/<uuid:search_id>/delete/", saved.delete, name="delete"),
    path("cases/<slug:ref>/alike/<str:kind>/", alike.named_alike, name="named_alike"),
    path(f"{SUBJECT}/", alike.subject_alike, name="alike"),
    path(f"{SUBJECT}/decide/", alike.subject_decide, name="decide"),
]
