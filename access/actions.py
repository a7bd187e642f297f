"""What the audit trail calls what was done, in words: a catalogue of all actions, and one of what they are done to."""

from access.language import N_

ACTIONS: dict[str, str] = {
    "accept": N_("Submission accepted"),
    "account_added": N_("Account added"),
    "account_disabled": N_("Account disabled"),
    "account_locked": N_("Account closed for a while after wrong passwords"),
    "comment": N_("Comment on a submission"),
    "demonstration_made": N_("Demonstration made"),
    "demonstration_removed": N_("Demonstration removed"),
    "forget_column": N_("Choice of a column forgotten"),
    "forget_school": N_("Choice of a school forgotten"),
    "grant_added": N_("Grant given"),
    "grant_revoked": N_("Grant taken back"),
    "link_made": N_("Link to set a password made"),
    "lock_period": N_("Period locked"),
    "password_set": N_("Password set"),
    "reject": N_("Submission rejected"),
    "release_withdrawn": N_("Release withdrawn"),
    "released": N_("Figures released"),
    "remember_column": N_("Choice of a column remembered"),
    "remember_school": N_("Choice of a school remembered"),
    "return": N_("Submission returned with points"),
    "row_added": N_("Entry added"),
    "row_changed": N_("Entry changed"),
    "row_removed": N_("Entry removed"),
    "row_undone": N_("Change of an entry undone"),
    "set_lock_rule": N_("Rule of locking changed"),
    "setting_changed": N_("Setting of the instance changed"),
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "submit": N_("File submitted"),
    "take_up": N_("Submission taken up for review"),
    "undo": N_("Submission undone"),
    "unlock_period": N_("Period unlocked"),
    "withdraw": N_("Submission withdrawn"),
}

SUBJECTS: dict[str, str] = {
    "account": N_("Account"),
    "database": N_("Database"),
    "initiative": N_("Initiative"),
    "instance_setting": N_("Setting"),
    "period": N_("Reporting period"),
    "release": N_("Release"),
    "submission": N_("Submission"),
}
