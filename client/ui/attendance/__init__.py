"""报表: nights on paper, a month by class or room, one pupil's own history."""
