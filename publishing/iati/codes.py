"""What our words are in the code lists of the IATI Standard 2.03; one that has no code takes the nearest."""

from data_model.money import TransactionKind
from data_model.registry import InitiativeKind, InitiativeStatus, OrganisationKind, ParticipationRole

GOVERNMENT = "10"
# OrganisationType
ORGANISATIONS = {
    OrganisationKind.MINISTRY: GOVERNMENT,
    OrganisationKind.GOVERNMENT: GOVERNMENT,
    OrganisationKind.CENTRAL_BANK: "15",
    OrganisationKind.FUND: "15",
    OrganisationKind.TECHNOLOGY_PROVIDER: "70",
    OrganisationKind.FOUNDATION: "60",
    OrganisationKind.UNIVERSITY: "80",
    OrganisationKind.CONSORTIUM: "90",
    OrganisationKind.COMPANY: "70",
    OrganisationKind.INTERNATIONAL: "40",
    OrganisationKind.OTHER: "90",
}
# OrganisationRole: 1 funding, 2 accountable, 4 implementing
ACCOUNTABLE = "2"
ROLES = {
    ParticipationRole.LEAD: ACCOUNTABLE,
    ParticipationRole.FUNDER: "1",
    ParticipationRole.IMPLEMENTER: "4",
    ParticipationRole.TECHNOLOGY_PROVIDER: "4",
    ParticipationRole.EVALUATOR: "4",
    ParticipationRole.PARTNER: "4",
}
# ActivityStatus: 1 pipeline, 2 implementation, 4 closed, 6 suspended
STATUSES = {
    InitiativeStatus.ANNOUNCED: "1",
    InitiativeStatus.PLANNED: "1",
    InitiativeStatus.ACTIVE: "2",
    InitiativeStatus.CHANGED: "2",
    InitiativeStatus.COMPLETED: "4",
    InitiativeStatus.SUSPENDED: "6",
}
# ActivityDateType
PLANNED_START, ACTUAL_START, PLANNED_END, ACTUAL_END = "1", "2", "3", "4"
# Sector, of the OECD's DAC (vocabulary 1): 11110 education policy, 11120 facilities, 11130 teachers, 11182 research
DAC = "1"
SECTORS = {
    InitiativeKind.PLATFORM_ROLLOUT: "11120",
    InitiativeKind.NATIONAL_PLATFORM: "11120",
    InitiativeKind.INFRASTRUCTURE: "11120",
    InitiativeKind.TEACHER_TRAINING: "11130",
    InitiativeKind.RESEARCH: "11182",
    InitiativeKind.CURRICULUM: "11110",
    InitiativeKind.FUND: "11110",
    InitiativeKind.LICENSING_FRAMEWORK: "11110",
    InitiativeKind.OTHER: "11110",
}
# TransactionType: 2 outgoing commitment, 3 disbursement, 4 expenditure
TRANSACTIONS = {
    TransactionKind.COMMITMENT: "2",
    TransactionKind.DISBURSEMENT: "3",
    TransactionKind.EXPENDITURE: "4",
}
# ResultType
OUTPUT, OUTCOME = "1", "2"
# IndicatorMeasure
UNIT, PERCENTAGE = "1", "2"
# DescriptionType
GENERAL, OTHER_DESCRIPTION = "1", "4"
# ActivityScope: national. DocumentCategory: objectives and purpose of the activity.
NATIONAL, PURPOSE = "4", "A02"
