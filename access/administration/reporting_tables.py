"""The tables of what schools are asked for."""

from access.administration import places
from access.administration.description import YES, Column, Kind, Reference, Table
from access.administration.measure_names import metric_names
from access.administration.registry_tables import its_initiative
from access.language import N_
from data_model.measures import Measure
from data_model.participation import Requirement

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

REPORTING_TABLES = (REQUIREMENTS,)
