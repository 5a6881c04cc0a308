"""Every write of plans: bringing one in, setting it right, its life from draft to closing.

The public door; import from here. Inside, by subject: ``bring_in`` (read a file, plan format, an empty plan, a copy,
an amendment), ``head`` (decision, policy, period, reporting), ``objectives``, ``targets``, ``actions``, ``mapping``
(whom the bodies named mean), ``life`` (accept, submit, return, approve, close, discard), ``promulgation`` (the signed
decision: indicators and dated work), ``wiring`` (what measures a target), ``merging`` (one unit into another). What
they share: ``_change`` (lock, revision, write, journal), ``_places`` (order and numbers), ``_meanings`` (names and
whom they mean), ``_files``.
"""

from camket.journal.meanwhile import ChangedMeanwhile
from camket.objectives.operations._change import (
    FIRST_YEAR,
    KEEP,
    LAST_YEAR,
    Keep,
    PlanIncomplete,
    TextMissing,
    YearMissing,
)
from camket.objectives.operations._files import FileRefused, Upload
from camket.objectives.operations._places import MergeNotPossible, PositionNotPossible, SplitNotPossible
from camket.objectives.operations.actions import (
    add_action,
    delete_action,
    merge_actions,
    move_action,
    split_action,
    update_action,
)
from camket.objectives.operations.bring_in import (
    AmendmentOpen,
    Imported,
    amend_plan,
    copy_plan,
    create_plan,
    import_format,
    import_plan,
)
from camket.objectives.operations.head import ScheduleNotUnderstood, update_head
from camket.objectives.operations.life import (
    OwnPlan,
    PlanRunning,
    ReasonMissing,
    accept_reading,
    approve_plan,
    close_plan,
    discard_plan,
    return_plan,
    submit_plan,
)
from camket.objectives.operations.mapping import BodyMapping, BodyUnknown, map_bodies
from camket.objectives.operations.merging import (
    DayOfSuccessionNotPossible,
    MergingNotPossible,
    MergingUnexplained,
    UnitDecision,
    merge_unit,
    rename_unit_by_decision,
    split_unit,
)
from camket.objectives.operations.objectives import (
    add_objective,
    delete_objective,
    merge_objectives,
    move_objective,
    renumber_objectives,
    split_objective,
    update_objective,
)
from camket.objectives.operations.promulgation import (
    AnotherInForce,
    DateInFuture,
    DecisionIncomplete,
    SignedFileMissing,
    promulgate_plan,
    record_signed_plan,
)
from camket.objectives.operations.successions import (
    Succession,
    carry_out_planned,
    plan_succession,
    succeed_unit,
    withdraw_planned_succession,
)
from camket.objectives.operations.targets import (
    TargetNotUnderstood,
    add_targets,
    delete_target,
    move_target,
    update_target,
)
from camket.objectives.operations.wiring import WiringNotPossible, confirm_proposals, wire_target
from camket.objectives.rows import PeriodNotPossible, Refused, TargetNotPossible, TooLong

__all__ = [
    "carry_out_planned",
    "Succession",
    "plan_succession",
    "succeed_unit",
    "withdraw_planned_succession",
    "AmendmentOpen",
    "AnotherInForce",
    "BodyMapping",
    "BodyUnknown",
    "ChangedMeanwhile",
    "DateInFuture",
    "DecisionIncomplete",
    "FIRST_YEAR",
    "FileRefused",
    "Imported",
    "KEEP",
    "Keep",
    "LAST_YEAR",
    "MergeNotPossible",
    "DayOfSuccessionNotPossible",
    "MergingNotPossible",
    "MergingUnexplained",
    "PeriodNotPossible",
    "OwnPlan",
    "PlanIncomplete",
    "PlanRunning",
    "PositionNotPossible",
    "ReasonMissing",
    "Refused",
    "ScheduleNotUnderstood",
    "SignedFileMissing",
    "SplitNotPossible",
    "TargetNotPossible",
    "TargetNotUnderstood",
    "TextMissing",
    "TooLong",
    "Upload",
    "WiringNotPossible",
    "YearMissing",
    "accept_reading",
    "add_action",
    "add_objective",
    "add_targets",
    "amend_plan",
    "approve_plan",
    "close_plan",
    "confirm_proposals",
    "copy_plan",
    "create_plan",
    "delete_action",
    "delete_objective",
    "delete_target",
    "discard_plan",
    "import_format",
    "import_plan",
    "map_bodies",
    "merge_actions",
    "merge_objectives",
    "UnitDecision",
    "merge_unit",
    "rename_unit_by_decision",
    "split_unit",
    "move_action",
    "move_objective",
    "move_target",
    "promulgate_plan",
    "record_signed_plan",
    "renumber_objectives",
    "return_plan",
    "split_action",
    "split_objective",
    "submit_plan",
    "update_action",
    "update_head",
    "update_objective",
    "update_target",
    "wire_target",
]
