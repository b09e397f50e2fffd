"""Lets calls of the system fail, and looks that nothing but a sentence comes of it."""
