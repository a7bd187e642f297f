"""The statements a file makes, column by column: one per school, metric and period that it says something about."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from data_model.periods import Period
from data_model.submissions import ValueState

# How a state is written in `Cells.state`. Files say the first two; a withdrawal is a submission of its own.
REPORTED, NOT_APPLICABLE, WITHDRAWN = 0, 1, 2
STATES = (ValueState.REPORTED, ValueState.NOT_APPLICABLE, ValueState.WITHDRAWN)

PERIODS_KEY = b"periods"


@dataclass
class Cells:
    """Statements about cells, as parallel arrays. Each (school, metric, period) stands once; blank cells do not stand.

    `school_id`, `metric_id`: int64, the ids of School and Metric. `period_index`: int32 into `periods`.
    `state`: int8, an index into STATES. `value`: float64, NaN unless reported. `row`: int32, the spreadsheet row.
    """

    school_id: np.ndarray
    metric_id: np.ndarray
    period_index: np.ndarray
    state: np.ndarray
    value: np.ndarray
    row: np.ndarray
    periods: list[Period]

    def __len__(self) -> int:
        return len(self.school_id)

    @classmethod
    def empty(cls) -> "Cells":
        """Return cells of a file that says nothing."""
        return cls.of([], [], [], [], [], [], [])

    @classmethod
    def of(
        cls,
        school_id: Any,
        metric_id: Any,
        period_index: Any,
        state: Any,
        value: Any,
        row: Any,
        periods: list[Period],
    ) -> "Cells":
        """Return cells made of any sequences, in the right types."""
        return cls(
            np.asarray(school_id, dtype=np.int64),
            np.asarray(metric_id, dtype=np.int64),
            np.asarray(period_index, dtype=np.int32),
            np.asarray(state, dtype=np.int8),
            np.asarray(value, dtype=np.float64),
            np.asarray(row, dtype=np.int32),
            list(periods),
        )

    def take(self, chosen: np.ndarray) -> "Cells":
        """Return the cells picked by an index or boolean array, with the same periods."""
        return Cells(
            self.school_id[chosen], self.metric_id[chosen], self.period_index[chosen],
            self.state[chosen], self.value[chosen], self.row[chosen], self.periods,
        )  # fmt: skip

    def to_bytes(self) -> bytes:
        """Return the cells as an Arrow IPC stream, compressed. The same cells give the same bytes."""
        table = pa.table(
            {
                "school_id": self.school_id, "metric_id": self.metric_id, "period": self.period_index,
                "state": self.state, "value": self.value, "row": self.row,
            }
        )  # fmt: skip
        keys = ",".join(period.key for period in self.periods)
        table = table.replace_schema_metadata({PERIODS_KEY: keys.encode()})
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
            writer.write_table(table)
        return sink.getvalue().to_pybytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Cells":
        """Return the cells that `to_bytes` wrote."""
        table = pa.ipc.open_stream(pa.BufferReader(stored)).read_all()
        keys = (table.schema.metadata or {}).get(PERIODS_KEY, b"").decode()
        names = ("school_id", "metric_id", "period", "state", "value", "row")
        # Not every buffer of Arrow may be written to; what comes back is ours.
        school, metric, period, state, value, row = (table.column(name).to_numpy().copy() for name in names)
        return cls.of(school, metric, period, state, value, row, [Period.parse(key) for key in keys.split(",") if key])
