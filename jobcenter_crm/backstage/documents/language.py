"""The small language of Word templates: fields, lists gone through, and conditions. Nothing else is understood.

It is a part of Jinja's. What a template says is looked at before it is carried out: only the forms below pass, so a
template can call nothing, reckon nothing and reach nothing but the texts it is given.
"""

import difflib
import re

from django.utils.translation import gettext as _
from jinja2 import TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from jobcenter_crm.backstage.documents.fields import Field, Group, Rows, all_names, names_of_rows

FILTERS = ("upper", "lower", "capitalize")
OF_A_LOOP = ("index", "first", "last", "length")
DEEPEST = 3
_PASSES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const, nodes.For, nodes.If,
    nodes.Not, nodes.And, nodes.Or, nodes.Compare, nodes.Operand, nodes.Filter,
)  # fmt: skip
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(value):
    """What comes out for a value: nothing for None, and no sign that a Word file can't hold."""
    if value is None:
        return ""
    return _NO_XML.sub("", value).replace("\r\n", "\n") if type(value) is str else value


class Environment(SandboxedEnvironment):
    """Reaches into dictionaries and nowhere else; calls nothing."""

    def __init__(self):
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=written)
        self.globals, self.tests = {}, {}
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj, attribute):
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in OF_A_LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj, argument):
        return self.getattr(obj, argument)

    def is_safe_callable(self, obj):
        return False


def parse(source):
    """The template as a tree; raises `jinja2.TemplateSyntaxError`."""
    return Environment().parse(source)


class Reader:
    """Reads parts of a template against the fields there are, and says in words what is wrong with them."""

    def __init__(self, fields):
        self.fields = {one.name: one for one in fields}
        self.names, self.rows = all_names(fields), names_of_rows(fields)

    def problems_in(self, tree):
        """What is wrong in a whole tree, as a list of words; empty if nothing is."""
        return list(dict.fromkeys(self._walk(tree, {}, 0)))

    def problems_in_expression(self, text, scope, printed):
        """What is wrong with what stands between the braces; `printed`: it is written out, not asked."""
        try:
            tree = parse(f"{{{{ {text} }}}}")
        except TemplateSyntaxError:
            return [_('"%(text)s" is not a field.') % {"text": text}]
        shown = [node for node in tree.body[0].nodes if not isinstance(node, nodes.TemplateData)] if tree.body else []
        if len(tree.body) != 1 or len(shown) != 1:
            return [_('"%(text)s" is not a field.') % {"text": text}]
        return list(dict.fromkeys(self._expression(shown[0], scope, printed)))

    def row_of(self, text, scope):
        """The name and the fields of a row for the "x in y" of a loop, and what is wrong with it."""
        try:
            tree = parse(f"{{% for {text} %}}{{% endfor %}}").body[0]
        except TemplateSyntaxError:
            return (
                None,
                None,
                [_('A list is gone through as "for one in list"; here it says "for %(text)s".') % {"text": text}],
            )
        problems = list(self._loop(tree, scope))
        return getattr(tree.target, "name", None), self._find(tree.iter, scope), problems

    def _walk(self, node, scope, depth):
        if not isinstance(node, _PASSES):
            yield _not_here()
            return
        match node:
            case nodes.Template():
                for child in node.body:
                    yield from self._walk(child, scope, depth)
            case nodes.Output():
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        yield from self._expression(child, scope, True)
            case nodes.For():
                if depth >= DEEPEST:
                    yield _("Lists are nested too deeply.")
                    return
                yield from self._loop(node, scope)
                row = self._find(node.iter, scope) or "any"
                inner = scope | {getattr(node.target, "name", ""): row, "loop": "loop"}
                for child in node.body:
                    yield from self._walk(child, inner, depth + 1)
                for child in node.else_:
                    yield from self._walk(child, scope, depth)
            case nodes.If():
                yield from self._expression(node.test, scope, False)
                for child in [*node.body, *node.elif_, *node.else_]:
                    yield from self._walk(child, scope, depth)
            case _:
                yield _not_here()

    def _loop(self, node, scope):
        if not isinstance(node.target, nodes.Name) or node.test or node.recursive:
            yield _not_here()
        found = self._find(node.iter, scope)
        if found is None:
            yield from self._unknown(node.iter, scope)
        elif found != "any" and (not isinstance(found, Rows) or self._is_row(node.iter, scope)):
            yield _('"%(name)s" is not a list.') % {"name": _dotted(node.iter)}

    def _expression(self, node, scope, printed):
        match node:
            case nodes.Name() | nodes.Getattr():
                found = self._find(node, scope)
                if found is None:
                    yield from self._unknown(node, scope)
                elif printed and isinstance(found, Rows) and not self._is_row(node, scope):
                    yield _('"%(name)s" is a list: go through it with "for".') % {"name": _dotted(node)}
                elif printed and not isinstance(found, Field) and found != "any":
                    yield _('"%(name)s" has several fields: say which one, after a dot.') % {"name": _dotted(node)}
            case nodes.Const():
                pass
            case nodes.Not():
                yield from self._expression(node.node, scope, False)
            case nodes.And() | nodes.Or():
                yield from self._expression(node.left, scope, False)
                yield from self._expression(node.right, scope, False)
            case nodes.Compare():
                yield from self._expression(node.expr, scope, False)
                for operand in node.ops:
                    yield from self._expression(operand.expr, scope, False)
            case nodes.Filter() if node.name in FILTERS and node.node and not (node.args or node.kwargs):
                yield from self._expression(node.node, scope, printed)
            case _:
                yield _not_here()

    def _find(self, node, scope):
        """What the name stands for: a field, group or list; "any" where that can't be told; None if there is none."""
        if isinstance(node, nodes.Name):
            return scope[node.name] if node.name in scope else self.fields.get(node.name)
        if not isinstance(node, nodes.Getattr):
            return None
        whole = self._find(node.node, scope)
        if whole == "any":
            return "any"
        if whole == "loop":
            return "any" if node.attr in OF_A_LOOP else None
        # A list has no fields of its own, only its rows have.
        if isinstance(whole, Group) or (isinstance(whole, Rows) and self._is_row(node.node, scope)):
            return next((one for one in whole.fields if one.name == node.attr), None)
        return None

    @staticmethod
    def _is_row(node, scope):
        return isinstance(node, nodes.Name) and node.name in scope

    def _unknown(self, node, scope):
        name = _dotted(node)
        if not name:
            yield _not_here()
            return
        if name in self.rows:
            one, listed = self.rows[name]
            said = _(
                '"%(name)s" belongs to a list: write it between {%% for %(one)s in %(list)s %%} and {%% endfor %%}.'
            )
            yield said % {"name": name, "one": one, "list": listed}
            return
        here = [f"{one}.{each.name}" for one, row in scope.items() if isinstance(row, Rows) for each in row.fields]
        near = difflib.get_close_matches(name, [*here, *self.names], 1, 0.7)
        if near:
            yield _('There is no field "%(name)s". Do you mean "%(near)s"?') % {"name": name, "near": near[0]}
        else:
            yield _('There is no field "%(name)s".') % {"name": name}


def _not_here():
    return _("Only fields, lists and conditions can be used in a template.")


def _dotted(node):
    """The name as it is written, empty for what is none."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        before = _dotted(node.node)
        return f"{before}.{node.attr}" if before else ""
    return ""
