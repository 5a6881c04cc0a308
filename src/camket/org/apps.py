from django.apps import AppConfig


class OrgConfig(AppConfig):
    name = "camket.org"
    label = "org"
