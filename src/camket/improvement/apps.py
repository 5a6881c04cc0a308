from django.apps import AppConfig


class ImprovementConfig(AppConfig):
    name = "camket.improvement"
    label = "improvement"

    def ready(self) -> None:
        """Have settled tasks lead on what they are steps of; say what is due, held on people, and what belongs to what."""
        from camket.actions.settling import when_settled
        from camket.improvement import due, hand_over, holdings, kin
        from camket.improvement.counted import AUDITS
        from camket.improvement.operations import nonconformities
        from camket.indicators.sources import offer
        from camket.journal.kin import belongs_to, known
        from camket.notifications.due import calls_for
        from camket.objectives.taking_over import goes_along
        from camket.org.personal import holds

        when_settled(nonconformities.tasks_settled)
        calls_for(*due.KINDS)
        goes_along(hand_over.move_units_cycle)
        offer(AUDITS)
        holds("improvement", holdings.collect)
        belongs_to("improvement.audit", kin.parts_of_audit)
        known("improvement.audit", kin.has_audit)
        belongs_to("improvement.nonconformity", kin.parts_of_nonconformity)
        known("improvement.nonconformity", kin.has_nonconformity)
        belongs_to("improvement.risk", kin.parts_of_risk)
        known("improvement.risk", kin.has_risk)
        belongs_to("improvement.review", kin.parts_of_review)
        known("improvement.review", kin.has_review)
        known("improvement.selfassessment", kin.has_self_assessment)
