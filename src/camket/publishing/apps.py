from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "camket.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Say what is held here on people, and offer what is counted of postings."""
        from camket.indicators.sources import offer
        from camket.org.personal import holds
        from camket.publishing import holdings
        from camket.publishing.in_time import POSTINGS

        holds("publishing", holdings.collect)
        offer(POSTINGS)
