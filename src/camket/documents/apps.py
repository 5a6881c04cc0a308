from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "camket.documents"
    label = "documents"

    def ready(self) -> None:
        """Say what is held on people, what belongs to a document, who opens files of drafts, what is due of documents."""
        from camket.documents import due, holdings, kin
        from camket.documents.apart import opens
        from camket.documents.queries.controlled import may_open_file
        from camket.journal.kin import belongs_to, known
        from camket.notifications.due import calls_for
        from camket.org.personal import holds

        holds("documents", holdings.collect)
        belongs_to("documents.controlleddocument", kin.parts_of_document)
        known("documents.controlleddocument", kin.has_document)
        opens("documents", may_open_file)
        calls_for(*due.KINDS)
