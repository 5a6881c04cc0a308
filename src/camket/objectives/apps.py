from django.apps import AppConfig


class ObjectivesConfig(AppConfig):
    name = "camket.objectives"
    label = "objectives"

    def ready(self) -> None:
        """Say what is held here on people, and what belongs to a record's history."""
        from camket.journal.kin import belongs_to, known
        from camket.objectives import holdings, kin
        from camket.org.personal import holds

        holds("objectives", holdings.collect)
        belongs_to("objectives.plan", kin.parts_of_plan)
        belongs_to("objectives.objective", kin.parts_of_objective)
        belongs_to("objectives.target", kin.parts_of_target)
        known("objectives.objective", kin.has_objective)
        known("objectives.target", kin.has_target)
