from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "camket.reporting"
    label = "reporting"

    def ready(self) -> None:
        """Say what is held here on people, what is due, and what belongs together."""
        from camket.journal.kin import belongs_to, known
        from camket.notifications.due import calls_for
        from camket.objectives.taking_over import goes_along
        from camket.org.personal import holds
        from camket.reporting import due, holdings, kin, succession

        calls_for(*due.KINDS)
        goes_along(succession.move_units_reports)
        holds("reporting", holdings.collect)
        belongs_to("reporting.reportline", kin.parts_of_line)
        belongs_to("reporting.reportoccurrence", kin.parts_of_owed)
        known("reporting.reportline", kin.has_line)
        known("reporting.reportoccurrence", kin.has_owed)
