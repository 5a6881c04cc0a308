from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "camket.dossiers"
    label = "dossiers"
