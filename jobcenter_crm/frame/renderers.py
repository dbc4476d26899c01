"""How the controls of forms are written."""

from html import escape

from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe


class Renderer(DjangoTemplates):
    """Django's own, but lists of choices and plain inputs are written without a template for each choice.

    Django fills in two templates for every option: a form that lets one choose among 200 colleagues three times took
    ten times as long as the rest of its page. What comes out is the same HTML.
    """

    def render(self, template_name, context, request=None):
        if write := _WRITERS.get(template_name):
            return write(context["widget"])
        return super().render(template_name, context, request)


def _select(widget):
    groups = (_group(name, options) for name, options, _index in widget["optgroups"])
    return mark_safe(f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(groups)}</select>')


def _group(name, options):
    found = "".join(
        f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{_text(option["label"])}</option>'
        for option in options
    )
    return f'<optgroup label="{_text(name)}">{found}</optgroup>' if name else found


def _input(widget):
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    start = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return mark_safe(f"{start}{value}{_attributes(widget['attrs'])}>")


def _choice(widget):
    if not widget.get("wrap_label"):
        return _input(widget)
    goes_with = _attributes({"for": widget["attrs"].get("id") or False})
    return mark_safe(f"<label{goes_with}>{_input(widget)} {_text(widget['label'])}</label>")


def _attributes(attrs):
    """As Django writes them: True is a name alone, False nothing."""
    return "".join(
        f" {name}" if value is True else f' {name}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value):
    """Escaped, unless it is HTML already; Django's own function for it takes five times as long."""
    return value.__html__() if hasattr(value, "__html__") else escape(str(value))


_INPUTS = ["date", "email", "hidden", "input", "number", "password", "tel", "text", "time", "url", "checkbox"]
_WRITERS = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/checkbox_option.html": _choice,
    "django/forms/widgets/radio_option.html": _choice,
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
}
