from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "camket.publishing"
    label = "publishing"

    def ready(self) -> None:
        """Say what is held on people, offer what is counted of postings, hear of what is announced: it is public."""
        from camket.improvement.announcing import when_announced
        from camket.indicators.sources import offer
        from camket.objectives.taking_over import goes_along
        from camket.org.personal import holds
        from camket.publishing import changes, holdings, succession
        from camket.publishing.in_time import POSTINGS

        holds("publishing", holdings.collect)
        goes_along(succession.move_units_postings)
        offer(POSTINGS)
        when_announced(changes.noted)
