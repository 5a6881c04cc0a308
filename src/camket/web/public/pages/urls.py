from django.urls import path

from camket.web.public.pages import data, embedded, views

app_name = "public"
urlpatterns = [
    path("robots.txt", data.robots, name="robots"),
    path("nhung/<slug:slug>/<slug:part>/", embedded.fragment, name="fragment"),
    path("cong-khai/", views.directory, name="directory"),
    path("cong-khai/sitemap.xml", data.sitemap, name="sitemap"),
    path("cong-khai/<slug:slug>/", views.home, name="home"),
    path("cong-khai/<slug:slug>/chinh-sach/", views.policy, name="policy"),
    path("cong-khai/<slug:slug>/muc-tieu/", views.objectives, name="objectives"),
    path("cong-khai/<slug:slug>/ket-qua/", views.results, name="results"),
    path("cong-khai/<slug:slug>/hai-long/", views.satisfaction, name="satisfaction"),
    path("cong-khai/<slug:slug>/thu-tuc/", views.procedures, name="procedures"),
    path("cong-khai/<slug:slug>/thu-tuc/<str:procedure_key>/", views.procedure, name="procedure"),
    path("cong-khai/<slug:slug>/niem-yet/", views.postings, name="postings"),
    path("cong-khai/<slug:slug>/thay-doi/", views.changes, name="changes"),
    path("cong-khai/<slug:slug>/bao-cao/", views.reports, name="reports"),
    path("cong-khai/<slug:slug>/he-thong-chat-luong/", views.announcement, name="announcement"),
    path("cong-khai/<slug:slug>/cong-bo/", views.archive, name="archive"),
    path("cong-khai/<slug:slug>/cong-bo/tin.json", data.feed, name="feed"),
    path("cong-khai/<slug:slug>/cong-bo/<int:publication_id>/", views.publication, name="publication"),
    path(
        "cong-khai/<slug:slug>/cong-bo/<int:publication_id>/bao-cao.pdf",
        views.report_file,
        name="report_file",
    ),
    path(
        "cong-khai/<slug:slug>/cong-bo/<int:publication_id>/bao-cao.<str:ending>",
        views.report_data,
        name="report_data",
    ),
    path("cong-khai/<slug:slug>/du-lieu/", data.index, name="data"),
    path("cong-khai/<slug:slug>/du-lieu/datapackage.json", data.package, name="package"),
    path("cong-khai/<slug:slug>/du-lieu/<slug:table>.<str:data_format>", data.latest, name="latest"),
    path(
        "cong-khai/<slug:slug>/du-lieu/<int:publication_id>/<slug:table>.<str:data_format>",
        data.of_publication,
        name="of_publication",
    ),
]
