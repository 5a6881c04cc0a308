from django.apps import AppConfig


class VoicesConfig(AppConfig):
    name = "camket.voices"
    label = "voices"

    def ready(self) -> None:
        """Say what is held here on people, and which files only the pages of this package hand out."""
        from camket.documents.apart import keeps
        from camket.org.personal import holds
        from camket.voices import holdings
        from camket.voices.models import Feedback, SlipBatch

        holds("voices", holdings.collect)
        keeps(
            "voices",
            lambda file_id: (
                Feedback.files.through.objects.filter(storedfile_id=file_id).exists()
                or SlipBatch.objects.filter(file_id=file_id).exists()
            ),
        )
