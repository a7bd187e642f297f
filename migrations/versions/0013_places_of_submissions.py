"""In which areas the schools of each submission lie: where a grant must hold to read it.

Of submissions made before, the areas in which their schools lie now.
"""

import pyarrow as pa
import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "submission_area",
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_submission_area_area_id_area")),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submission.id"],
            name=op.f("fk_submission_area_submission_id_submission"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("submission_id", "area_id", name=op.f("pk_submission_area")),
    )
    _fill()


def _fill() -> None:
    """Read the schools of each submission's statements, one submission at a time."""
    database = op.get_bind()
    content = sa.table("submission_content", sa.column("submission_id"), sa.column("cells", sa.LargeBinary))
    record = sa.table("school_record", sa.column("school_id"), sa.column("area_id"), sa.column("superseded_at"))
    place = sa.table("submission_area", sa.column("submission_id"), sa.column("area_id"))
    now = sa.select(record.c.school_id, record.c.area_id).where(record.c.superseded_at.is_(None))
    area_of = {one.school_id: one.area_id for one in database.execute(now)}
    numbers = database.execute(sa.select(content.c.submission_id).order_by(content.c.submission_id)).scalars().all()
    for number in numbers:
        cells = database.execute(sa.select(content.c.cells).where(content.c.submission_id == number)).scalar_one()
        schools = pa.ipc.open_stream(pa.BufferReader(cells)).read_all().column("school_id").unique().to_pylist()
        areas = sorted({area_of[school] for school in schools if school in area_of})
        if areas:
            database.execute(sa.insert(place), [{"submission_id": number, "area_id": area} for area in areas])


def downgrade() -> None:
    """Take the change back. The places can be read from the statements again."""
    op.drop_table("submission_area")
