"""What each demo is there to show: one module a demo."""
