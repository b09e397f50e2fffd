"""The local web sites that the downloads demo talks to, in a process of their own.

Every path is a site: ``http://127.0.0.1:8930/alpha`` answers with a small HTML page that
names *alpha*. The query says how a site behaves:

==================  ========================================================================
``delay_ms=930``    the answer waits so long first (0 to 60,000 ms)
``status=500``      the answer has this status (200 to 599)
``bytes=5000000``   the body is so long instead of the page (0 to 1,000,000,000), streamed
``rate=2000``       the body trickles at so many bytes a second (1 to 1,000,000,000)
``cut``             the answer announces its whole body, sends half of it and closes
``hang``            there is no answer until the client goes away, or 10 minutes have passed
``redirect=3``      so many redirects (1 to 100) at once; what else the query asks for
                    happens at the last stop
``redirect=file``   one redirect to a ``file:`` address (also ``ftp`` and ``data``), which a
                    careful client refuses to follow
==================  ========================================================================

They combine: ``/big?bytes=1000000&rate=200000&cut``. Anything else in a query is answered
by status 400 and one sentence.

Guarantees: GET only; only 127.0.0.1 is bound; a request that names another host is refused
(a web page that points its own name at this machine gets nothing); nothing is read from the
disk; no answer goes on for more than 10 minutes. A client that closes its sending side counts
as gone.

Programs use `Sites`. ``python -m core.sites`` serves a saved script that runs alone.
"""

from core.sites.process import PREFERRED_PORT, Sites, SitesError

__all__ = ["PREFERRED_PORT", "Sites", "SitesError"]
