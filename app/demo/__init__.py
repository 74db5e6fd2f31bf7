"""The demonstration: the main job as a script."""
