"""The invented people and companies under the switches about rights and licences."""

from __future__ import annotations

from dataclasses import replace

from assistant.practice.people import Population, Role
from assistant.practice.switches import Licences, Rights, Switches


def under(population: Population, switches: Switches) -> Population:
    """`population` as `switches` want it."""
    if switches.rights is Rights.NO_ADMINISTRATOR:
        population = replace(
            population,
            memberships=tuple(replace(each, system_administrator=False) for each in population.memberships),
        )
    elif switches.rights is Rights.ALL_CONSULTANTS:
        population = replace(
            population, people=tuple(replace(each, role=Role.CONSULTANT) for each in population.people)
        )
    if switches.licences is Licences.NO_MODULES:
        companies = tuple(replace(each, licences=frozenset[str]()) for each in population.companies)
        return replace(population, companies=companies)
    if switches.licences is Licences.NO_INTEGRATION:
        companies = tuple(replace(each, integration_licence=False) for each in population.companies)
        return replace(population, companies=companies)
    return population
