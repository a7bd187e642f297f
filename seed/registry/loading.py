"""Bringing the database up to the registry's files and the reference lists, as often as one likes."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from sqlmodel import Session, col, select

from access.administration.measure_tables import INDICATORS, METRICS
from access.language import _
from data_model.editions import begin_edition, hold_edition
from data_model.measures import Definition, Indicator, Measure, Metric, MetricAlias, MetricRule
from data_model.money import Fund
from data_model.participation import Requirement
from data_model.places import Area, Country
from data_model.registry import (
    Claim,
    CountryFact,
    Initiative,
    Milestone,
    Organisation,
    Participation,
    Programme,
    Source,
)
from data_model.terms import SchoolTerm
from data_model.time_zones import ChangedTimeZone
from intake.folding import fold
from seed.registry.files import REFERENCE, REGISTRY, rows
from seed.registry.keeping import Kept, Say
from seed.registry.measures_kept import Told

Counts = dict[str, Counter[str]]
LANGUAGES = ("en", "ru", "kk")


def load(session: Session, at: datetime, say: Say = lambda _line: None) -> Counts:
    """Add what is missing, change what differs, leave the rest; versioned rows get a new version at `at`.

    What a person decided on screen stays, and `say` is told of each thing that the files say otherwise. Returns, by
    table, how many rows were `added`, `updated`, `kept` so and `unchanged`. Running it twice changes nothing.
    """
    hold_edition(session)
    loader = Loader(session, at, say)
    loader.places()
    loader.announced()
    loader.terms()
    loader.measures()
    loader.asked_for()
    loader.funds()
    session.flush()
    if any(count["added"] or count["updated"] for count in loader.counts.values()):
        begin_edition(session)
    return loader.counts


class Loader:
    """The tables being kept, with what was done to each."""

    def __init__(self, session: Session, at: datetime, say: Say) -> None:
        self.session, self.at, self.say = session, at, say
        self.counts: Counts = {}

    def _kept(self, table: type, *key: str) -> Kept:
        name = str(table.__tablename__)  # type: ignore[attr-defined]
        return Kept(self.session, table, *key, counts=self._counted(name), say=self.say)

    def _counted(self, name: str) -> Counter[str]:
        return self.counts.setdefault(name, Counter())

    def places(self) -> None:
        """Countries with their roots, and Kazakhstan's regions."""
        countries, areas = self._kept(Country, "code"), self._kept(Area, "code")
        territories = {language: Locale(language).territories for language in LANGUAGES}
        for row in rows(REFERENCE, "countries"):
            code = row["code"]
            names = {f"name_{language}": territories[language][code] for language in LANGUAGES}
            zone = self._time_zone(countries, code, row["time_zone"])
            countries.keep(code=code, time_zone=zone, **areas.as_decided(code, names))
            areas.keep(code=code, country=code, level=0, kind="country", parent_id=None, **names)
        for row in rows(REGISTRY, "areas_kz"):
            areas.keep(country="KZ", level=1, parent_id=areas.identity("KZ"), **row)

    def _time_zone(self, countries: Kept[Country], code: str, said: str) -> str:
        """Return the country's time zone: as a person set it on screen, else as the file says, which is then noted."""
        country = countries.rows.get((code,))
        if country is None or country.time_zone == said:
            return said
        query = select(ChangedTimeZone.id).where(
            ChangedTimeZone.country == code, col(ChangedTimeZone.changed_by).is_not(None)
        )
        if self.session.exec(query.limit(1)).first() is not None:
            message = _("{table} {row}: {column} stays as a person set it on screen: {value}")
            self.say(message.format(table="country", row=code, column="time_zone", value=country.time_zone))
            return country.time_zone
        changed = ChangedTimeZone(country=code, before=country.time_zone, time_zone=said, recorded_at=self.at)
        self.session.add(changed)
        return said

    def announced(self) -> None:
        """Sources, organisations, programmes, initiatives, and what hangs on them."""
        self.sources = self._kept(Source, "key")
        for row in rows(REGISTRY, "sources"):
            self.sources.keep(key=row.pop("source_key"), **row)
        self.organisations = self._kept(Organisation, "key")
        for row in rows(REGISTRY, "organisations"):
            country = row["country"] or None
            self.organisations.keep(key=row["org_key"], name=row["name"], kind=row["kind"], country=country)
        programmes = self._kept(Programme, "key")
        for row in rows(REGISTRY, "programmes"):
            lead = self.organisations.identity(row.pop("lead_org_key"))
            source = self.sources.identity(row.pop("source_key"))
            programmes.keep(key=row.pop("programme_key"), lead_organisation_id=lead, source_id=source, **row)
        self.initiatives = self._kept(Initiative, "key")
        for row in rows(REGISTRY, "initiatives"):
            programme = row.pop("programme_key")
            self.initiatives.keep(
                key=row.pop("initiative_key"),
                programme_id=programmes.identity(programme) if programme else None,
                source_id=self.sources.identity(row.pop("source_key")),
                **row,
            )
        self._of_initiatives()

    def _of_initiatives(self) -> None:
        participations = self._kept(Participation, "initiative_id", "organisation_id", "role")
        for row in rows(REGISTRY, "participations"):
            participations.keep(
                initiative_id=self.initiatives.identity(row["initiative_key"]),
                organisation_id=self.organisations.identity(row["org_key"]),
                role=row["role"],
                source_id=self.sources.identity(row["source_key"]),
            )
        milestones, claims = self._kept(Milestone, "initiative_id", "title"), self._kept(Claim, "key")
        for name, kept in (("milestones", milestones), ("claims", claims)):
            for row in rows(REGISTRY, name):
                values: dict[str, object] = dict(row)
                del values["initiative_key"], values["source_key"]
                if kept is claims:
                    values["key"] = values.pop("claim_key")
                    values["value"] = Decimal(row["value"])
                    values["value_high"] = Decimal(row["value_high"]) if row["value_high"] else None
                values["initiative_id"] = self.initiatives.identity(row["initiative_key"])
                values["source_id"] = self.sources.identity(row["source_key"])
                kept.keep(**values)
        facts = self._kept(CountryFact, "country", "fact", "year", "source_id")
        for row in rows(REGISTRY, "country_facts"):
            source = self.sources.identity(row.pop("source_key"))
            value, year = Decimal(row.pop("value")), int(row.pop("year"))
            facts.keep(source_id=source, value=value, year=year, **row)

    def terms(self) -> None:
        """The terms of each country's school years, as far as they are known."""
        terms = self._kept(SchoolTerm, "country", "school_year", "number")
        for row in rows(REGISTRY, "school_terms"):
            terms.keep(
                country=row["country"],
                school_year=row["school_year"],
                number=int(row["number"]),
                starts_on=date.fromisoformat(row["starts_on"]),
                ends_on=date.fromisoformat(row["ends_on"]),
                source_id=self.sources.identity(row["source_key"]),
                note=row["note"],
            )

    def measures(self) -> None:
        """Metrics, indicators, their definitions, the rules between metrics, and other names for them."""
        measures, metrics = self._kept(Measure, "key"), self._kept(Metric, "id")
        self.definitions = self._kept(Definition, "measure_id")
        self.measure_ids: dict[str, int] = {}
        self.aliases: dict[str, tuple[str, str]] = {}  # folded name -> (metric, language)
        told = Told(self.session, self._counted("definition"), self.say)
        for row in (told.as_decided(METRICS, one) for one in rows(REFERENCE, "metrics")):
            measures.keep(key=row["key"], type="metric", position=len(self.measure_ids) + 1)
            self.measure_ids[row["key"]] = measures.identity(row["key"])
            metrics.keep(
                id=self.measure_ids[row["key"]],
                kind=row["kind"],
                subject=row["subject"],
                unit=row["unit"],
                decimals=int(row["decimals"]),
                count_metric_id=measures.identity(row["count_metric"]) if row["count_metric"] else None,
            )
            self._define(row, lower=float(row["lower"]), upper=float(row["upper"]))
            for language in LANGUAGES:
                self._also_named(row[f"name_{language}"], row["key"], language)
        indicators = self._kept(Indicator, "id")
        for row in (told.as_decided(INDICATORS, one) for one in rows(REFERENCE, "indicators")):
            measures.keep(key=row["key"], type="indicator", position=len(self.measure_ids) + 1)
            self.measure_ids[row["key"]] = measures.identity(row["key"])
            indicators.keep(
                id=self.measure_ids[row["key"]],
                numerator_id=measures.identity(row["numerator"]),
                denominator_id=measures.identity(row["denominator"]),
                factor=int(row["factor"]),
            )
            self._define(row, lower=None, upper=None)
        self._rules_and_aliases()

    def _define(self, row: dict[str, str], *, lower: float | None, upper: float | None) -> None:
        names = {f"name_{language}": row[f"name_{language}"] for language in LANGUAGES}
        texts = {f"text_{language}": row[f"definition_{language}"] for language in LANGUAGES}
        self.definitions.keep_version(
            self.at, measure_id=self.measure_ids[row["key"]], lower=lower, upper=upper, **names, **texts
        )

    def _also_named(self, name: str, metric: str, language: str) -> None:
        if not name:  # a person took the name in this language away
            return
        known, _ = self.aliases.setdefault(fold(name), (metric, language))
        if known != metric:
            raise ValueError(f"the alias {name!r} names both {known} and {metric}: change seed/reference/aliases.csv")

    def _rules_and_aliases(self) -> None:
        rules = self._kept(MetricRule, "lesser_id", "greater_id")
        for row in rows(REFERENCE, "rules"):
            lesser, greater = self.measure_ids[row["lesser"]], self.measure_ids[row["greater"]]
            rules.keep_version(self.at, lesser_id=lesser, greater_id=greater)
        for row in rows(REFERENCE, "aliases"):
            self._also_named(row["alias"], row["metric"], row["language"])
        aliases = self._kept(MetricAlias, "alias")
        for alias, (metric, language) in self.aliases.items():
            aliases.keep(alias=alias, metric_id=self.measure_ids[metric], language=language)

    def asked_for(self) -> None:
        """Which initiative asks for which metrics."""
        requirements = self._kept(Requirement, "initiative_id", "metric_id")
        for row in rows(REFERENCE, "requirements"):
            requirements.keep(
                initiative_id=self.initiatives.identity(row["initiative_key"]),
                metric_id=self.measure_ids[row["metric"]],
                required=row["required"] == "yes",
            )

    def funds(self) -> None:
        """Funds that were announced, with no more money than a source states."""
        funds = self._kept(Fund, "key")
        for row in rows(REFERENCE, "funds"):
            funds.keep(
                key=row["key"],
                name=row["name"],
                country=row["country"],
                initiative_id=self.initiatives.identity(row["initiative_key"]),
                owner_id=self.organisations.identity(row["owner_key"]) if row["owner_key"] else None,
                capital=Decimal(row["capital"]) if row["capital"] else None,
                currency=row["currency"] or None,
                source_id=self.sources.identity(row["source_key"]),
                note=row["note"],
            )
