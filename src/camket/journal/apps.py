from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "camket.journal"
    label = "journal"

    def ready(self) -> None:
        """Give the writer of the journal to the package below, which cannot import it."""
        from camket.journal import holdings
        from camket.journal.operations import erase_seals, record
        from camket.org.personal import erase_from_journal_with, holds
        from camket.org.trail import keep_with

        keep_with(record)
        erase_from_journal_with(erase_seals)
        holds("journal", holdings.collect)
