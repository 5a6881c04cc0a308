from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "camket.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Say what is held here on people."""
        from camket.org.personal import holds
        from camket.publishing import holdings

        holds("publishing", holdings.collect)
