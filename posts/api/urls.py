from cases.api.base import ApiRouter
from posts.api.views import (
    AnalysisViewSet,
    DatasetViewSet,
    FollowEntryViewSet,
    FollowListViewSet,
    PostViewSet,
    RejectedViewSet,
)

router = ApiRouter()
router.register("cases/<slug:ref>/datasets", DatasetViewSet, basename="dataset")
router.register("cases/<slug:ref>/rejected-records", RejectedViewSet, basename="rejected-record")
router.register("cases/<slug:ref>/posts", PostViewSet, basename="post")
router.register("cases/<slug:ref>/follow-lists", FollowListViewSet, basename="follow-list")
router.register("cases/<slug:ref>/follow-entries", FollowEntryViewSet, basename="follow-entry")
router.register("cases/<slug:ref>/analyses", AnalysisViewSet, basename="analysis")

urlpatterns = router.urls
