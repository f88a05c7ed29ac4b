from django.urls import path

from cases.api.base import ApiRouter
from claims.api.citations import CitationViewSet
from claims.api.claims import ClaimViewSet
from claims.api.data_protection import DataProtectionViewSet
from claims.api.exports import ExportViewSet
from claims.api.publications import ChainViewSet, ExceptionViewSet, PublicationViewSet
from claims.api.repeats import RepeatViewSet
from claims.api.replies import RequestViewSet

router = ApiRouter()
router.register("cases/<slug:ref>/claims", ClaimViewSet, basename="claim")
router.register("cases/<slug:ref>/claims/<int:number>/citations", CitationViewSet, basename="citation")
router.register("cases/<slug:ref>/replies", RequestViewSet, basename="reply-request")
router.register("cases/<slug:ref>/publications", PublicationViewSet, basename="publication")
router.register("cases/<slug:ref>/data-protection", DataProtectionViewSet, basename="data-protection")
router.register("cases/<slug:ref>/exports", ExportViewSet, basename="export")

urlpatterns = [
    *router.urls,
    path("cases/<slug:ref>/gate-exceptions/", ExceptionViewSet.as_view({"get": "list"}), name="exception-list"),
    path("cases/<slug:ref>/repeats/", RepeatViewSet.as_view({"get": "list"}), name="repeat-list"),
    path("cases/<slug:ref>/repeats/look/", RepeatViewSet.as_view({"post": "look"}), name="repeat-look"),
    path("cases/<slug:ref>/chains/", ChainViewSet.as_view({"get": "list"}), name="chain-list"),
]
