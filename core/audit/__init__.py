"""The append-only, hash-chained log of every act that matters, one chain per organisation (requirement F6)."""
