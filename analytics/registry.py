"""What was announced, by whom, from which source; and beside it what is measured.

SIGNATURES (being filled in). Codes (kind, status, role, qualifier) stay codes: ui says them in words.

initiatives(session) -> [initiative, name, country, country_name, programme, programme_name, kind, status, announced_on,
      starts_on, ends_on, summary, claims (count), schools_enrolled (count now), source_title, publisher, url, grade]
programmes(session) -> [programme, name, lead, started_on, summary, initiatives (count), source_title, publisher, url, grade]
initiative_detail(session, key, as_of=None) -> InitiativeDetail(initiative: dict (a row of initiatives), participations,
      milestones, claims, targets, funds, transactions: DataFrames)
participations: [organisation, kind, role, source...]; milestones: [title, due_on, achieved_on, note, source...]
targets: [measure, name, area_code, area_name, baseline, baseline_on, value, due_on, demonstration, source...] floats
funds: [fund, name, capital (Decimal|None), currency, owner, note, demonstration, source...]
transactions: [fund, kind, happened_on, amount (Decimal), currency, from_organisation, to_organisation, note, demonstration, source...]
claims(session, initiative_key=None, country=None) -> [claim, initiative, initiative_name, figure, kind, qualifier, value,
      value_high (floats), unit, population, as_of, period, note, source...]
country_facts(session, country) -> [fact, value, qualifier, year, note, source...]
sources(session) -> [source, title, publisher, published_on, url, grade]
announced_and_measured(session, initiative_key, period, as_of=None, released=False) -> claims columns +
      [measure ("" where nothing of the same definition is measured), measured_period, measured, measured_state,
       schools_in_base, schools_reporting, schools_expected, demonstration]
source... = source_title, publisher, published_on, url, grade
"""
