from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "camket.indicators"
    label = "indicators"

    def ready(self) -> None:
        """Say what is held here on people, and what belongs to a record's history."""
        from camket.indicators import holdings, kin
        from camket.journal.kin import belongs_to
        from camket.org.personal import holds

        holds("indicators", holdings.collect)
        belongs_to("indicators.indicator", kin.parts_of_indicator)
