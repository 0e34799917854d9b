from django.contrib import admin
from django.urls import include, path

from jam.admin import loads, taking
from jam.config import health, mail_events, metrics

urlpatterns = [
    path("", include("jam.urls")),
    path("", include("sites.urls")),
    path("", include("submissions.urls")),
    path("", include("ratings.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/jam/load/", admin.site.admin_view(loads.load), name="admin_load"),
    path(
        "admin/<str:app_label>/<str:model_name>/take/<str:form>/",
        admin.site.admin_view(taking.take),
        name="admin_take",
    ),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    *metrics.urlpatterns,
    *mail_events.urlpatterns,
]

handler400 = "jam.views.errors.bad_request"
handler403 = "jam.views.errors.forbidden"
handler404 = "jam.views.errors.not_found"
handler500 = "jam.views.errors.server_error"
