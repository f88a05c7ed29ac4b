from cases.api.accounts import AccountViewSet, ObservationViewSet
from cases.api.base import ApiRouter
from cases.api.cases import CaseViewSet
from cases.api.events import EventViewSet
from cases.api.jobs import JobViewSet
from cases.api.members import MemberViewSet
from cases.api.named import NameViewSet, OrganisationViewSet, PersonViewSet
from cases.api.tokens import TokenViewSet

router = ApiRouter()
router.register("cases", CaseViewSet, basename="case")
router.register("cases/<slug:ref>/members", MemberViewSet, basename="member")
router.register("cases/<slug:ref>/events", EventViewSet, basename="event")
router.register("cases/<slug:ref>/jobs", JobViewSet, basename="job")
router.register("tokens", TokenViewSet, basename="token")
router.register("cases/<slug:ref>/accounts", AccountViewSet, basename="account")
router.register("cases/<slug:ref>/observations", ObservationViewSet, basename="observation")
router.register("cases/<slug:ref>/people", PersonViewSet, basename="person")
router.register("cases/<slug:ref>/organisations", OrganisationViewSet, basename="organisation")
router.register("cases/<slug:ref>/names", NameViewSet, basename="name")

urlpatterns = router.urls
