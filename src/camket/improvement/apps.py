from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "camket.improvement"
    label = "improvement"

    def ready(self) -> None:
        """Have settled tasks lead on what they are steps of; say what is held on people and what belongs to an audit."""
        from camket.actions.settling import when_settled
        from camket.improvement import holdings, kin
        from camket.improvement.operations import nonconformities
        from camket.journal.kin import belongs_to, known
        from camket.org.personal import holds

        when_settled(nonconformities.tasks_settled)
        holds("improvement", holdings.collect)
        belongs_to("improvement.audit", kin.parts_of_audit)
        known("improvement.audit", kin.has_audit)
