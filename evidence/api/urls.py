from cases.api.base import ApiRouter
from evidence.api.items import CustodyViewSet, ItemViewSet
from evidence.api.media import IgnoredViewSet, LookUpViewSet, MatchViewSet
from evidence.api.sources import OriginGroupViewSet, SourceViewSet
from evidence.api.uploads import UploadViewSet

router = ApiRouter()
router.register("cases/<slug:ref>/items", ItemViewSet, basename="item")
router.register("cases/<slug:ref>/custody", CustodyViewSet, basename="custody")
router.register("cases/<slug:ref>/uploads", UploadViewSet, basename="upload")
router.register("cases/<slug:ref>/sources", SourceViewSet, basename="source")
router.register("cases/<slug:ref>/origin-groups", OriginGroupViewSet, basename="origin-group")
router.register("cases/<slug:ref>/media-matches", MatchViewSet, basename="media-match")
router.register("cases/<slug:ref>/media-ignored", IgnoredViewSet, basename="media-ignored")
router.register("cases/<slug:ref>/media-look-ups", LookUpViewSet, basename="media-look-up")

urlpatterns = router.urls
