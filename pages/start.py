"""Start: what this is, the newest release in short, what was announced beside it, and where to go from here."""

from ui import front

found = front.found()

# What is this, of which day, and where can one go?
front.heading(found.front)
front.ways_in(found.front)

# Where does it stand?
front.headlines(found)

# What was announced, where, and what is known of it?
front.countries(found.front)

# And what is not shown?
front.what_is_public()
