"""The time of day here, whatever the environment says of the time zone."""

from datetime import UTC, datetime


def local_now() -> datetime:
    """Return the time with its offset from UTC; UTC itself where the offset is none.

    ``TZ=UTC+25`` is an offset of more than a day, which the C library takes and Python refuses.
    """
    now = datetime.now(UTC)
    try:
        return now.astimezone()
    except (ValueError, OverflowError, OSError):
        return now
