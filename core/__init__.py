"""What the lab knows and does without a window. No Qt anywhere in here."""
