from django.urls import path

from camket.web.staff.documents import conformity, editions, views

app_name = "documents"
urlpatterns = [
    path("", views.document_list, name="list"),
    path("danh-muc.<slug:ending>", views.list_file, name="list_file"),
    path("bieu-mau/", views.forms_in_use, name="forms_in_use"),
    path("bieu-mau/danh-muc.<slug:ending>", views.forms_file, name="forms_file"),
    path("can-doc/", views.to_read, name="to_read"),
    path("the-thuc/", conformity.conformity, name="conformity"),
    path("ky-hieu/", views.patterns, name="patterns"),
    path("them/", views.document_add, name="add"),
    path("quyet-dinh.<slug:file_format>", views.decision_file, name="decision_file"),
    path("<int:document_id>/", views.document, name="document"),
    path("<int:document_id>/sua/", views.document_edit, name="edit"),
    path("<int:document_id>/thu-hoi/", views.withdraw, name="withdraw"),
    path("<int:document_id>/con-phu-hop/", views.still_right, name="still_right"),
    path("<int:document_id>/can-cu/", views.citations, name="citations"),
    path("<int:document_id>/lan-moi/", editions.begin, name="begin"),
    path("lan/<int:edition_id>/", editions.edition, name="edition"),
    path("lan/<int:edition_id>/soan/", editions.write, name="write"),
    path("lan/<int:edition_id>/trinh/", editions.submit, name="submit"),
    path("lan/<int:edition_id>/da-xem-xet/", editions.pass_on, name="pass_on"),
    path("lan/<int:edition_id>/tra-lai/", editions.send_back, name="send_back"),
    path("lan/<int:edition_id>/phe-duyet/", editions.approve, name="approve"),
    path("lan/<int:edition_id>/ban-hanh/", editions.issue, name="issue"),
    path("lan/<int:edition_id>/bo/", editions.discard, name="discard"),
    path("lan/<int:edition_id>/phan-phoi/", editions.distribute, name="distribute"),
    path("lan/<int:edition_id>/da-doc/", editions.confirm_read, name="confirm_read"),
    path("lan/<int:edition_id>/nhac/", editions.remind, name="remind"),
    path("lan/<int:edition_id>/nguoi-doc/", editions.readers, name="readers"),
    path(
        "lan/<int:edition_id>/phieu-phan-phoi.<slug:file_format>",
        editions.distribution_file,
        name="distribution_file",
    ),
    path("lan/<int:edition_id>/so-sanh/<int:other_edition_id>/", editions.compare, name="compare"),
    path("lan/<int:edition_id>/tep.<slug:file_format>", editions.file, name="file"),
]
