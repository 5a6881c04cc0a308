from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "camket.improvement"
    label = "improvement"

    def ready(self) -> None:
        """Have settled tasks lead on what they are steps of."""
        from camket.actions.settling import when_settled
        from camket.improvement.operations import nonconformities

        when_settled(nonconformities.tasks_settled)
