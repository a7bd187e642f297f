"""What an administrator says about this instance: its name, who runs it, the rules it is run by."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from data_model.base import current_only, in_order


class InstanceSetting(SQLModel, table=True):
    """What one setting says, from `recorded_at` until `superseded_at`. A setting without a row has its default."""

    __tablename__ = "instance_setting"
    __table_args__ = (current_only("uq_instance_setting_current", "key"), in_order())

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=60, description="one of access.instance_settings.SETTINGS")
    value: str = Field(description="as it is written; access.instance_settings reads it")
    set_by: int = Field(foreign_key="account.id")
    recorded_at: datetime
    superseded_at: datetime | None = None
