"""Watches, from a process of its own, what the threads of a run do (Linux; standard library only).

1,000 times a second it reads the state letter of each thread of the lab process and its workers
from ``/proc``; nothing in them changes. It sends through the same channel as they do, see
core/events.py.
"""
