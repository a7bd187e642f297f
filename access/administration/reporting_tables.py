"""The tables of what schools are asked for."""

from access.administration import places
from access.administration.description import YES, Column, Kind, Reference, Table
from access.administration.measure_names import metric_names
from access.administration.registry_tables import INITIATIVE, its_initiative
from access.language import N_
from data_model.measures import Measure
from data_model.participation import CompletenessThreshold, Requirement

REPORTING = N_("What schools report")

METRIC = Reference(Measure, choose=metric_names)

REQUIREMENTS = Table(
    name="requirement",
    row=Requirement,
    title=N_("Metrics asked for"),
    one=N_("Metric asked for"),
    about=N_("Which metrics an initiative asks its schools for. What is optional is no gap when it is not reported."),
    group=REPORTING,
    columns=(
        its_initiative(),
        Column("metric", Kind.REFERENCE, N_("Metric"), required=True, fixed=True, listed=True, refers_to=METRIC),
        Column("required", Kind.YES_NO, N_("Must be reported"), listed=True, default=YES),
    ),
    key=("initiative", "metric"),
    called=("metric", "initiative"),
    places=places.of_initiative,
    narrowed_by="initiative",
)

THRESHOLDS = Table(
    name="completeness_threshold",
    row=CompletenessThreshold,
    title=N_("Thresholds of completeness"),
    one=N_("Threshold of completeness"),
    about=N_("How many of the schools expected must have reported before a figure counts as settled; until then it is"
             " marked provisional."),
    group=REPORTING,
    columns=(
        Column("initiative", Kind.REFERENCE, N_("Initiative"), N_("Empty: for all that have none of their own."),
               fixed=True, listed=True, refers_to=INITIATIVE),
        Column("percent", Kind.NUMBER, N_("Percent of the schools expected"), required=True, listed=True, least=0,
               greatest=100),
    ),
    key=("initiative",),
    called=("initiative", "percent"),
    places=places.of_initiative_or_all,
)  # fmt: skip

REPORTING_TABLES = (
    REQUIREMENTS,
    THRESHOLDS,
)
