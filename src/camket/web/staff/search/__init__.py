"""One box over everything: plans, tasks, dossiers, registers, evidence, reports, units, people."""
