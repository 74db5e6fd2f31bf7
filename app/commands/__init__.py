"""What the commands do, each loaded when it is to be done; `wardship.app.cli` says what they take."""
