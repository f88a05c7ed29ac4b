from django.urls import path

from cases.api.base import ApiRouter
from search.api.views import AlikeViewSet, LikenessViewSet, SavedSearchViewSet, SearchViewSet

router = ApiRouter()
router.register("cases/<slug:ref>/likenesses", LikenessViewSet, basename="likeness")
router.register("saved-searches", SavedSearchViewSet, basename="saved-search")

urlpatterns = [
    path("search/", SearchViewSet.as_view({"get": "list"}), name="search-list"),
    path("cases/<slug:ref>/alike/", AlikeViewSet.as_view({"get": "list"}), name="alike-list"),
    *router.urls,
]
