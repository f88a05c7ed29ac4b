from cases.api.base import ApiRouter
from cases.api.cases import CaseViewSet
from cases.api.events import EventViewSet
from cases.api.jobs import JobViewSet
from cases.api.members import MemberViewSet
from cases.api.tokens import TokenViewSet

router = ApiRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("cases/<slug:ref>/members", MemberViewSet, basename="member")
router.register("cases/<slug:ref>/events", EventViewSet, basename="event")
router.register("cases/<slug:ref>/jobs", JobViewSet, basename="job")
router.register("tokens", TokenViewSet, basename="token")

urlpatterns = router.urls
