from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "camket.actions"
    label = "actions"

    def ready(self) -> None:
        """Say what is held here on people, and what belongs to a record's history."""
        from camket.actions import feeds, holdings, kin
        from camket.journal.kin import belongs_to, known
        from camket.org.personal import forgets, holds

        holds("actions", holdings.collect)
        forgets("actions", feeds.forget)
        belongs_to("actions.action", kin.parts_of_action)
        belongs_to("actions.task", kin.parts_of_task)
        known("actions.action", kin.has_action)
        known("actions.task", kin.has_task)
