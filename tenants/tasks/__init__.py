"""Tasks for people: what no integration does. What follows when one is done stands with obligations."""
