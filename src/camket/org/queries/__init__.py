"""Every read of agencies, units, people and posts; each for one agency, given by the actor.

The public door; import from here. Inside, by subject: ``agencies``, ``posts`` (and who acts for which agency),
``units``, ``people``, ``body_names``.
"""

from camket.org.queries.agencies import (
    AgencyRow,
    agency_of,
    agency_row,
    all_agencies,
    level_choices,
    level_name,
    level_names,
)
from camket.org.queries.body_names import BodyNameRow, body_name, body_names
from camket.org.queries.people import PersonRow, name_key, names, people, person, person_choices
from camket.org.queries.posts import PostRow, actor_from, actor_named, actor_of, held_on, holder_of, posts_of
from camket.org.queries.units import UnitRow, unit, unit_choices, units

__all__ = [
    "AgencyRow",
    "BodyNameRow",
    "PersonRow",
    "PostRow",
    "UnitRow",
    "actor_from",
    "actor_named",
    "actor_of",
    "agency_of",
    "agency_row",
    "all_agencies",
    "body_name",
    "body_names",
    "held_on",
    "holder_of",
    "level_choices",
    "level_name",
    "level_names",
    "name_key",
    "names",
    "people",
    "person",
    "person_choices",
    "posts_of",
    "unit",
    "unit_choices",
    "units",
]
