from django.urls import path

from search.views import alike, results

app_name = "search"

SUBJECT = "cases/<slug:ref>/alike/<str:kind>/<uuid:subject_id>"

urlpatterns = [
    path("search/", results.search_page, name="search"),
    path("cases/<slug:ref>/alike/<str:kind>/", alike.named_alike, name="named_alike"),
    path(f"{SUBJECT}/", alike.subject_alike, name="alike"),
    path(f"{SUBJECT}/decide/", alike.subject_decide, name="decide"),
]
