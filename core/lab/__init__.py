"""What runs inside the lab process: the observed twins and the channel that reports.

Standard library only, Python 3.9 syntax, nothing of ours from outside this folder:
the lab process may be any Python from 3.9 on, without our requirements.

In the lab process this package goes by the private name ``_futures_lab``
(see `load.py`), so that a script with modules called ``core`` or ``lab`` finds its own.
"""
