"""Who: accounts, grants, sign-in sessions, the audit trail."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from data_model.base import one_of


class Role(StrEnum):
    """What a grant lets a person do. Everyone else is the public."""

    ANALYST = "analyst"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"


class Account(SQLModel, table=True):
    """A person who may sign in."""

    __tablename__ = "account"
    __table_args__ = (sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),)

    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True, max_length=320)
    name: str = Field(default="", max_length=200)
    password_hash: str = Field(default="", max_length=300, description="argon2id; empty: cannot sign in by password")
    language: str = Field(default="en", max_length=5)
    created_at: datetime
    disabled_at: datetime | None = None
    failed_sign_ins: int = Field(default=0)
    locked_until: datetime | None = None
    demonstration: bool = Field(default=False)


class Grant(SQLModel, table=True):
    """A person's role within a country, an area or an initiative; empty means everywhere."""

    __tablename__ = "grant_of_role"
    __table_args__ = (one_of("role", Role),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    role: str = Field(max_length=20)
    country: str | None = Field(default=None, foreign_key="country.code", max_length=2)
    area_id: int | None = Field(default=None, foreign_key="area.id")
    initiative_id: int | None = Field(default=None, foreign_key="initiative.id")
    granted_at: datetime
    revoked_at: datetime | None = None
    rule: str | None = Field(
        default=None, max_length=300, description="what an identity provider's claims gave it by; empty: a person did"
    )


class ProviderIdentity(SQLModel, table=True):
    """An account as an identity provider knows it: its `sub` stays when the person's name and e-mail change."""

    __tablename__ = "provider_identity"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject", name="uq_provider_identity_issuer_subject"),
        sa.UniqueConstraint("issuer", "account_id", name="uq_provider_identity_issuer_account_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255, description="the provider's `sub`: unique at it, and never given again")
    joined_at: datetime


class UsedSignInState(SQLModel, table=True):
    """A way to the identity provider and back that was gone to its end. Kept for as long as it could be gone again."""

    __tablename__ = "used_sign_in_state"

    id: int | None = Field(default=None, primary_key=True)
    state_sha256: str = Field(unique=True, max_length=64)
    expires_at: datetime


class LinkPurpose(StrEnum):
    """What a link to set a password is for."""

    INVITATION = "invitation"
    RESET = "reset"


class PasswordLink(SQLModel, table=True):
    """A link by which a person sets their password once. The token itself is only in the link, which is shown once."""

    __tablename__ = "password_link"
    __table_args__ = (one_of("purpose", LinkPurpose),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    purpose: str = Field(max_length=20)
    token_sha256: str = Field(unique=True, max_length=64)
    made_by: int | None = Field(default=None, foreign_key="account.id", description="empty: the operator at the server")
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    withdrawn_at: datetime | None = Field(default=None, description="when a newer link took its place")


class SignInSession(SQLModel, table=True):
    """One signed-in browser. The token itself is only in its cookie."""

    __tablename__ = "sign_in_session"

    id: int | None = Field(default=None, primary_key=True)
    token_sha256: str = Field(unique=True, max_length=64)
    account_id: int = Field(foreign_key="account.id", index=True)
    created_at: datetime
    last_seen_at: datetime = Field(description="written at most once a minute")
    expires_at: datetime
    ended_at: datetime | None = None
    renewed_at: datetime | None = Field(default=None, description="when it last got another token")
    provider: str | None = Field(
        default=None, max_length=300, description="issuer that answered; empty: a password did"
    )


class AuditEvent(SQLModel, table=True):
    """Something somebody did. Each names the hash of the one before it; triggers refuse to change or delete any."""

    __tablename__ = "audit_event"
    __table_args__ = (
        sa.Index("ix_audit_event_subject", "subject_type", "subject_key"),
        sa.Index("ix_audit_event_at", "at"),
        sa.Index("ix_audit_event_account_id", "account_id"),
        sa.Index("ix_audit_event_action", "action"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    account_id: int | None = Field(default=None, foreign_key="account.id")
    action: str = Field(max_length=60)
    subject_type: str = Field(max_length=60)
    subject_key: str = Field(max_length=200)
    details: dict[str, Any] = Field(sa_type=sa.JSON)
    channel: str | None = Field(default=None, max_length=20, description="how it was asked for; empty: not known")
    address: str | None = Field(default=None, max_length=45, description="network address, of signed-in people only")
    previous_hash: str = Field(unique=True, max_length=64, description="unique: the chain never forks")
    hash: str = Field(unique=True, max_length=64)


class AuditEventPlace(SQLModel, table=True):
    """Where an event belongs, so that it is found there: an index of the trail, which says nothing of its own.

    The initiative stands by its key, without a foreign key: what happened stays when the initiative goes.
    """

    __tablename__ = "audit_event_place"
    __table_args__ = (
        sa.Index("ix_audit_event_place_initiative_event_id", "initiative", "event_id"),
        sa.Index("ix_audit_event_place_country_event_id", "country", "event_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    event_id: int = Field(foreign_key="audit_event.id", index=True)
    country: str = Field(max_length=2)
    initiative: str = Field(default="", max_length=100, description="key; empty: the country's as a whole")
