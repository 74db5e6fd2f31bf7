"""The lifecycle of an installation: install, approve, reconnect, pause, upgrade, uninstall."""
