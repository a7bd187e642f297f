"""The demonstration: an invented country of schools whose figures come in through intake, at simulated past moments."""
