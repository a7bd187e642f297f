"""Administration on screen: tables described as data, and what may be done to their rows by those who may."""
