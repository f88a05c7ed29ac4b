"""Where each room's pages begin."""

from django.contrib import admin
from django.urls import include, path

from caseapp.views import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
