"""Every read of agencies, units, people and posts; each for one agency, given by the actor.

The public door; import from here. Inside, by subject: ``agencies``, ``tree`` (who stands above, below and before),
``posts`` (and who acts for which agency), ``capacities`` (in what capacity), ``units``, ``people``,
``committees``, ``delegations``, ``body_names``.
"""

from camket.org.queries.administered import (
    AdministeredAgency,
    AdministeredRow,
    administered_agencies,
    administered_agency,
    administered_choices,
)
from camket.org.queries.agencies import (
    AgencyRow,
    agency_by_code,
    agency_of,
    agency_row,
    all_agencies,
    level_choices,
    level_name,
    level_names,
)
from camket.org.queries.body_names import BodyNameRow, body_name, body_names
from camket.org.queries.capacities import (
    Capacity,
    CapacityKind,
    Standing,
    actor_as,
    agencies_below,
    capacities,
    capacity,
    standing,
)
from camket.org.queries.committees import CommitteeRow, SeatRow, committee, seats_of
from camket.org.queries.delegations import (
    DelegationRow,
    DelegationState,
    delegations_of,
    delegations_on,
    own_posts,
)
from camket.org.queries.people import PersonRow, name_key, names, people, person, person_choices
from camket.org.queries.posts import PostRow, actor_from, actor_named, actor_of, held_on, holder_of, posts_of
from camket.org.queries.tree import AgencyNode, narrowed
from camket.org.queries.units import UnitRow, unit, unit_choices, units

__all__ = [
    "AdministeredAgency",
    "AdministeredRow",
    "AgencyNode",
    "AgencyRow",
    "BodyNameRow",
    "Capacity",
    "CapacityKind",
    "CommitteeRow",
    "DelegationRow",
    "DelegationState",
    "PersonRow",
    "PostRow",
    "SeatRow",
    "Standing",
    "UnitRow",
    "actor_as",
    "actor_from",
    "actor_named",
    "actor_of",
    "administered_agencies",
    "administered_agency",
    "administered_choices",
    "agencies_below",
    "agency_by_code",
    "agency_of",
    "agency_row",
    "all_agencies",
    "body_name",
    "body_names",
    "capacities",
    "capacity",
    "committee",
    "delegations_of",
    "delegations_on",
    "held_on",
    "holder_of",
    "level_choices",
    "level_name",
    "level_names",
    "name_key",
    "names",
    "narrowed",
    "own_posts",
    "people",
    "person",
    "person_choices",
    "posts_of",
    "seats_of",
    "standing",
    "unit",
    "unit_choices",
    "units",
]
