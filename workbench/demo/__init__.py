"""The main job, shown: two people, two calendars each, and meetings that travel both ways."""
