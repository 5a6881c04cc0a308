from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "camket.jobs"
    label = "jobs"
