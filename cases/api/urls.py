from cases.api.base import ApiRouter
from cases.api.cases import CaseViewSet
from cases.api.members import MemberViewSet

router = ApiRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("cases/<slug:ref>/members", MemberViewSet, basename="member")

urlpatterns = router.urls
