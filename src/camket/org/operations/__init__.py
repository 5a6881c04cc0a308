"""Every write to agencies, units, people and posts, and to what guards signing in.

The public door; import from here. Inside, by subject: ``agencies``, ``units``, ``people``, ``posts``, ``accounts``
(passwords, blocking), ``sign_in`` (failures counted), ``body_names``. What they share: ``_change`` (lock, write,
journal) and ``_rules`` (what changes to people must not do).
"""

from camket.org.operations._rules import LastManager, LoginMalformed, OwnAccount, SharedPerson, UnitMissing
from camket.org.operations.accounts import (
    OneTimePassword,
    block_person,
    change_password,
    change_profile,
    choose_language,
    one_time_password,
    recover_password,
    reset_password,
    unblock_person,
)
from camket.org.operations.agencies import (
    CodeTaken,
    OpenedAgency,
    ReportDayMalformed,
    change_agency,
    open_agency,
)
from camket.org.operations.body_names import forget_body_name, map_body_name
from camket.org.operations.people import LoginTaken, add_person, change_person
from camket.org.operations.posts import PostNotHeld, PostTaken, end_post, give_post
from camket.org.operations.sign_in import (
    ALLOWED_FAILURES,
    WINDOW,
    TooManyFailures,
    check_sign_in_allowed,
    count_failed_sign_in,
    forget_failed_sign_ins,
)
from camket.org.operations.units import (
    NameTaken,
    UnitInUse,
    add_unit,
    change_unit,
    deactivate_unit,
    move_unit,
    reactivate_unit,
)

__all__ = [
    "ALLOWED_FAILURES",
    "CodeTaken",
    "LastManager",
    "LoginMalformed",
    "LoginTaken",
    "NameTaken",
    "OneTimePassword",
    "OpenedAgency",
    "OwnAccount",
    "PostNotHeld",
    "PostTaken",
    "ReportDayMalformed",
    "SharedPerson",
    "TooManyFailures",
    "UnitInUse",
    "UnitMissing",
    "WINDOW",
    "add_person",
    "add_unit",
    "block_person",
    "change_agency",
    "change_password",
    "change_person",
    "change_profile",
    "change_unit",
    "check_sign_in_allowed",
    "choose_language",
    "count_failed_sign_in",
    "deactivate_unit",
    "end_post",
    "forget_body_name",
    "forget_failed_sign_ins",
    "give_post",
    "map_body_name",
    "move_unit",
    "one_time_password",
    "open_agency",
    "reactivate_unit",
    "recover_password",
    "reset_password",
    "unblock_person",
]
