"""Errors told to a Sentry: what went wrong and where in the code, never who met it or what they typed."""

import sentry_sdk
import structlog
from sentry_sdk.integrations.django import DjangoIntegration

# All that is told of an event; what a later version of the library adds stays here until somebody has read it.
TOLD = {
    "event_id", "timestamp", "level", "logger", "platform", "exception", "transaction", "environment", "release",
    "server_name", "sdk", "modules", "tags",
}  # fmt: skip


def start(dsn):
    """Tell the Sentry behind `dsn` of each error from now on."""
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        # By the name of the view: an address may hold a secret, or what is searched for.
        integrations=[DjangoIntegration(transaction_style="function_name")],
        before_send=without_people,
    )


def without_people(event, hint):
    """The event without request, person, values and texts: the text of an error may quote what somebody typed."""
    told = {name: value for name, value in event.items() if name in TOLD}
    for error in told.get("exception", {}).get("values", []):
        error.pop("value", None)
    record = hint.get("log_record")
    if record is not None:
        # Our own lines are dictionaries here; of others the words without what is put into them.
        words = record.msg.get("event") if isinstance(record.msg, dict) else record.msg
        told["logentry"] = {"message": str(words)}
    bound = structlog.contextvars.get_contextvars()
    told["tags"] = {name: str(bound[name]) for name in ("request_id", "job") if name in bound}
    return told
