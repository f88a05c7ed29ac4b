"""Where each room's pages begin."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from caseapp import errors
from caseapp.api import RootView, SchemaView
from caseapp.gallery import gallery, gallery_graph, gallery_panel
from caseapp.views import favicon, healthz

handler400, handler403 = errors.handler400, errors.handler403
handler404, handler500 = errors.handler404, errors.handler500

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("accounts/", include("caseapp.account_urls")),
    path("", include("cases.urls")),
    path("", include("evidence.urls")),
    path("", include("posts.urls")),
    path("", include("claims.urls")),
    path("", include("search.urls")),
    path("api/v1/", RootView.as_view(), name="api-root"),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/v1/", include("cases.api.urls")),
    path("api/v1/", include("evidence.api.urls")),
    path("api/v1/", include("posts.api.urls")),
    path("api/v1/", include("claims.api.urls")),
    path("api/v1/", include("search.api.urls")),
    path("admin/", admin.site.urls),
]

if not settings.PRODUCTION:
    urlpatterns += [
        path("gallery/", gallery, name="gallery"),
        path("gallery/graph.json", gallery_graph, name="gallery_graph"),
        path("gallery/panel", gallery_panel, name="gallery_panel"),
    ]
