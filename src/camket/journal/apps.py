from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "camket.journal"
    label = "journal"

    def ready(self) -> None:
        """Give the writer of the journal to the package below, which cannot import it."""
        from camket.journal.operations import record
        from camket.org.trail import keep_with

        keep_with(record)
