"""Every address of the product."""

from django.urls import include, path

from camket.config import health

urlpatterns = [
    path("", include("camket.web.urls")),
    path("", include("camket.web.account.allauth_urls")),
    path("healthz", health.alive, name="healthz"),
    path("healthz/ready", health.ready, name="ready"),
    path("metrics", health.figures, name="metrics"),
]

handler400 = "camket.web.errors.bad_request"
handler403 = "camket.web.errors.forbidden"
handler404 = "camket.web.errors.not_found"
handler429 = "camket.web.errors.too_many"
handler500 = "camket.web.errors.server_error"
