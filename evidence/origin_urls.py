"""All that EVIDENCE_ORIGIN answers to; `caseapp.middleware` chooses it by the host that was asked."""

from django.urls import path

from evidence.views import apart

handler400 = handler403 = handler404 = handler500 = apart.nothing

urlpatterns = [path("fetch/<str:token>/", apart.fetch, name="fetch")]
