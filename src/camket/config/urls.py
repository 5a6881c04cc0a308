"""Every address of the product."""

from django.urls import include, path

urlpatterns = [path("", include("camket.web.urls"))]

handler400 = "camket.web.errors.bad_request"
handler403 = "camket.web.errors.forbidden"
handler404 = "camket.web.errors.not_found"
handler500 = "camket.web.errors.server_error"
