from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "camket.actions"
    label = "actions"
