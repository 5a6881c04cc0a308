from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "camket.documents"
    label = "documents"
