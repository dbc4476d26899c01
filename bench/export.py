"""The whole register as Excel, as the job of a large export writes it, beside reading the same rows and writing nothing."""

import tempfile

from bench.scratch import told_by
from bench.timing import peak_mb, seconds


def measured():
    """Seconds and rows of the file, and the most memory held before it and after it."""
    from django.utils import timezone

    from companies import bulk_acts, bulk_drafts, exports
    from companies.models import Export, Workplace
    from jobcenter_crm.staff.models import User

    by = User.objects.get(username="user008")
    draft = bulk_drafts.put_aside(bulk_acts.act_named("export"), by=by, query="", today=timezone.localdate())
    export = Export(by=by, draft=draft, listing=draft.listing, query="", words="", with_protected=True, basis="bench")
    read = Workplace.objects.select_related("company", "owner", "branch", "municipality").order_by("sort_name", "pk")
    floor, _rows = seconds(lambda: sum(1 for _row in read.iterator(chunk_size=1000)))
    before = peak_mb()
    with tempfile.TemporaryFile() as file:
        took, _none = seconds(lambda: exports.write(export, file))
        size = file.tell()
    return {
        "floor": floor, "seconds": took, "rows": export.rows, "mb": round(size / 1e6, 1),
        "peak_mb": peak_mb(), "before_mb": before,
    }  # fmt: skip


def lines(told):
    """The table, line by line."""
    yield f"  {told['rows']:,} rows, {told['mb']} MB, in {told['seconds']:.1f} s; reading them alone {told['floor']:.1f} s"
    yield f"  memory at most {told['peak_mb']} MB, {told['before_mb']} MB before the file was begun"


def missed(told):
    """The aims that were not met, in words."""
    if told["peak_mb"] > told["before_mb"] + 50:
        yield f"export: flat memory, {told['before_mb']} MB grew to {told['peak_mb']}"


if __name__ == "__main__":
    told_by(measured)
