from django.apps import AppConfig


class ObjectivesConfig(AppConfig):
    name = "camket.objectives"
    label = "objectives"
