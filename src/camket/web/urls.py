"""Addresses of the HTML face; each area has its own."""

from django.urls import include, path

from camket.web import held

app_name = "web"
urlpatterns = [
    path("", include("camket.web.staff.overview.urls")),
    path("", include("camket.web.account.urls")),
    path("", include("camket.web.staff.notifications.urls")),
    path("", include("camket.web.staff.search.urls")),
    path("da-nhap/", held.held, name="held"),
    path("da-nhap/bo/", held.throw_away, name="held_throw_away"),
    path("ke-hoach/", include("camket.web.staff.plans.urls")),
    path("muc-tieu/", include("camket.web.staff.objectives.urls")),
    path("chi-so/", include("camket.web.staff.indicators.urls")),
    path("cong-viec/", include("camket.web.staff.tasks.urls")),
    path("ho-so/nhap/", include("camket.web.staff.imports.urls")),
    path("ho-so/", include("camket.web.staff.dossiers.urls")),
    path("khao-sat/", include("camket.web.staff.surveys.urls")),
    path("bao-cao/", include("camket.web.staff.reports.urls")),
    path("co-quan/", include("camket.web.staff.organisation.urls")),
    path("so/", include("camket.web.staff.registers.urls")),
    path("tai-lieu/", include("camket.web.staff.documents.urls")),
    path("van-ban-phap-luat/", include("camket.web.staff.documents.legal_urls")),
    path("cai-tien/", include("camket.web.staff.improvement.cycle.urls")),
    path("xem-xet/", include("camket.web.staff.improvement.reviews.urls")),
    path("tu-danh-gia/", include("camket.web.staff.improvement.self_assessments.urls")),
    path("khac-phuc/", include("camket.web.staff.improvement.nonconformities.urls")),
    path("rui-ro/", include("camket.web.staff.improvement.risks.urls")),
    path("danh-gia/", include("camket.web.staff.improvement.audits.urls")),
    path("cong-bo/", include("camket.web.staff.improvement.announcements.urls")),
    path("ho-so-kiem-tra/", include("camket.web.staff.improvement.packs.urls")),
    path("thu-tuc/", include("camket.web.staff.procedures.urls")),
    path("he-thong/", include("camket.web.staff.system.urls")),
    path("phan-anh/", include("camket.web.staff.feedback.urls")),
    path("cong-khai/", include("camket.web.public.feedback.urls")),
    path("noi-dung-cong-khai/", include("camket.web.staff.publishing.urls")),
    path("niem-yet/", include("camket.web.staff.postings.urls")),
    path("", include("camket.web.public.pages.urls")),
    path("ks/", include("camket.web.public.answering.urls")),
]
