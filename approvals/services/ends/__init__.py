"""End an effect: when its time has come, or earlier because somebody asks."""
