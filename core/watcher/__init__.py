"""Watches, from a process of its own, what the threads of a run do (Linux; standard library only).

Up to 1,000 times a second, as often as its cost allows, it reads from ``/proc`` what each thread of
the lab process and its workers does; nothing in them changes. It sends through the same channel as
they do, see core/events.py.
"""
