"""Writes the C++ half: described.h, bind_<room>_<n>.cpp and library.cpp."""
from meanings import BY_HAND, ROOMS, safe, spelling

HEAD = '// Made from the headers of the library by plugins/python/generate; do not edit.\n'


def is_enum(item):
    return hasattr(item, 'choices')


def described(plan):
    """Declarations of how each type crosses."""
    items = [i for n, i in plan.meanings.used.items() if n not in BY_HAND and n not in plan.late]
    lines = [HEAD, '#pragma once\n']
    for header in sorted(plan.headers.headers):
        lines.append(f'#include "{header}"')
    lines += ['#include "plugins/python/call.h"', '#include "plugins/python/convert.h"\n',
              'namespace lode::python {\n']
    for item in items:
        if not is_enum(item) and item.held:
            lines.append(f'template <>\nstruct Held<{item.cpp}> {{\n  static constexpr bool is = true;\n'
                         f'  static constexpr const char* name = "{item.room}.{item.name}";\n}};')
    lines += [declaration(item) for item in items if is_enum(item) or not item.held]
    lines.append('\n}  // namespace lode::python\n')
    return '\n'.join(lines)


def declaration(item):
    return (f'template <>\nstruct Convert<{item.cpp}> {{\n'
            f'  static void read(py::handle source, {item.cpp}& value, const Where& where);\n'
            f'  static py::object give({item.cpp} value);\n}};')


def described_late(plan):
    """What only fields of held classes need: apart, since few files want it."""
    items = [plan.meanings.used[n] for n in plan.late]
    lines = [HEAD, '#pragma once\n', '#include "plugins/python/described.h"\n', 'namespace lode::python {\n']
    lines += [declaration(item) for item in items if is_enum(item) or not item.held]
    lines.append('\n}  // namespace lode::python\n')
    return '\n'.join(lines)


def fields_of(struct):
    return [f for f in struct.fields if spelling(f.type) != 'lode::Progress']


def enum_code(item):
    name = f'choices_of_{item.room}_{item.name}'
    rows = []
    for choice, _ in item.choices:
        cpp = f'{item.scope}::{choice}'
        word = f'std::string(to_text({cpp}))' if item.has_text else 'std::string()'
        rows.append(f'      {{"{safe(choice)}", static_cast<long long>({cpp}), {word}}}')
    rows = ',\n'.join(rows)
    type_ = f'"{item.room}.{item.name}"'
    return f'''const std::vector<Choice>& {name}() {{
  static const std::vector<Choice> choices = {{
{rows}}};
  return choices;
}}
void Convert<{item.cpp}>::read(py::handle source, {item.cpp}& value, const Where& where) {{
  value = static_cast<{item.cpp}>(read_choice(source, {type_}, {name}(), where));
}}
py::object Convert<{item.cpp}>::give({item.cpp} value) {{
  return give_choice({type_}, {name}(), static_cast<long long>(value));
}}
'''


def struct_code(struct):
    fields = fields_of(struct)
    type_ = f'"{struct.room}.{struct.name}"'
    names = f'fields_of_{struct.room}_{struct.name}'
    listed = ', '.join(f'"{safe(f.name)}"' for f in fields) or '""'
    out = [f'constexpr const char* {names}[] = {{{listed}}};']
    out.append(f'void Convert<{struct.cpp}>::read(py::handle source, {struct.cpp}& value, '
               'const Where& where) {')
    if any('std::unique_ptr' in spelling(f.type) for f in fields):
        out.append('  static_cast<void>(value);\n  where.refuse("what only the library makes", source);\n}')
    else:
        out.append(f'  if (read_otherwise(source, value, where)) return;\n'
                   f'  const Fields fields(source, {type_}, {names}, {len(fields)}, where);')
        out += [f'  fields.read({i}, value.{f.name});' for i, f in enumerate(fields)]
        out.append('}')
    out.append(f'py::object Convert<{struct.cpp}>::give({struct.cpp} value) {{')
    if fields:
        gives = ',\n'.join(f'                         python::give(std::move(value.{f.name}))' for f in fields)
        out.append(f'  py::object fields[] = {{\n{gives}}};')
        out.append(f'  return give_fields({type_}, fields, {len(fields)});\n}}')
    else:
        out.append(f'  static_cast<void>(value);\n  return give_fields({type_}, nullptr, 0);\n}}')
    if not struct.constructors or any(not c.parameters for c in struct.constructors):
        out.append(f'py::object default_{struct.room}_{struct.name}(const py::args&) {{\n'
                   f'  return python::give({struct.cpp}{{}});\n}}')
        if not any('std::unique_ptr' in spelling(f.type) for f in fields):
            out.append(f'py::object same_{struct.room}_{struct.name}(const py::args& arguments) {{\n'
                   f'  {struct.cpp} value{{}};\n  Call(arguments).read(0, "value", value);\n'
                   f'  return python::give(std::move(value));\n}}')
    return '\n'.join(out) + '\n'


def argument_code(i, argument):
    """(lines that make the local variable, what is passed)."""
    name, cpp = argument.name, argument.cpp
    if argument.how == 'progress':
        return [], 'progress'
    if argument.how == 'held':
        return [f'  const auto {name}_ = in.held<{cpp}>({i}, "{name}");'], f'*{name}_'
    local = f'{name}_'
    if argument.how == 'out_only':
        return [f'  {cpp} {local}{{}};'], ('&' if argument.pointer else '') + local
    default = argument.default
    if default is not None and default != '{}':
        start = f'  {cpp} {local} {default};' if default.startswith('{') else f'  {cpp} {local} = {default};'
    else:
        start = f'  {cpp} {local}{{}};'
    read = 'read_given' if argument.optional and not argument.sink else 'read'
    return [start, f'  in.{read}({i}, "{name}", {local});'], f'std::move({local})' if argument.moved else local


def body_code(bound, prefix):
    function = bound.function
    owner = function.owner
    lines = [f'py::object {prefix}{bound.python}(const py::args& arguments) {{', '  Call in(arguments);']
    shift = 0
    target = f'lode::{function.name}' if not owner else ''
    if owner and not function.static and not function.constructor:
        shift = 1
        if owner.held:
            lines.append(f'  const auto self = in.held<{owner.cpp}>(0, "self");')
            target = f'self->{function.name}'
        else:
            lines.append(f'  {owner.cpp} self{{}};\n  in.read(0, "self", self);')
            target = f'self.{function.name}'
    elif owner:
        target = f'{owner.cpp}::{function.name}'
    passed = []
    for i, argument in enumerate(bound.arguments):
        made, use = argument_code(i + shift, argument)
        lines += made
        passed.append(use)
    progress = bound.progress + shift if bound.progress >= 0 else -1
    call = f'{target}({", ".join(passed)})'
    if function.constructor:
        call = f'std::make_shared<{owner.cpp}>({", ".join(passed)})'
    use = 'progress' if bound.progress >= 0 else '/*progress*/'
    work = f'in.run({progress}, [&](const lode::Progress& {use}) {{ return {call}; }})'
    outputs = ', '.join(f'python::give(std::move({a.name}_))' for a in bound.outputs)
    if bound.result == 'None' and not function.constructor:
        lines.append(f'  {work};')
        if not outputs:
            lines.append('  return py::none();')
        elif len(bound.outputs) == 1:
            lines.append(f'  return {outputs};')
        else:
            lines.append(f'  return py::make_tuple({outputs});')
    else:
        lines.append(f'  auto result = {work};')
        if outputs:
            lines.append(f'  py::object first = python::give(std::move(result));\n'
                         f'  return py::make_tuple(first, {outputs});')
        else:
            lines.append('  return python::give(std::move(result));')
    lines.append('}')
    return '\n'.join(lines) + '\n'


def getter_code(struct, field):
    return f'''py::object get_{struct.room}_{struct.name}_{field.name}(const py::args& arguments) {{
  Call in(arguments);
  return python::give(decltype({struct.cpp}::{field.name})(in.held<{struct.cpp}>(0, "self")->{field.name}));
}}
'''


def pieces(plan, room):
    """(code, registrations) of everything of a room, in pieces that can stand in any file."""
    made = []
    for item in list(plan.meanings.used.values()):
        if item.room != room or item.cpp in BY_HAND:
            continue
        if is_enum(item):
            made.append((enum_code(item), []))
            continue
        if not item.held:
            code = struct_code(item)
            rows = [(f'{what}_{item.name}', f'{what}_{room}_{item.name}') for what in ('default', 'same')
                    if f' {what}_{room}_{item.name}(' in code]
            made.append((code, rows))
        for field, _ in plan.getters.get(item.cpp, ()):
            made.append((getter_code(item, field),
                         [(f'{item.name}_get_{field.name}', f'get_{room}_{item.name}_{field.name}')]))
        for bounds in plan.methods.get(item.cpp, {}).values():
            for bound in bounds:
                made.append((body_code(bound, f'method_{room}_'),
                             [(bound.python, f'method_{room}_{bound.python}')]))
    for bounds in plan.functions.get(room, {}).values():
        for bound in bounds:
            made.append((body_code(bound, f'call_{room}_'), [(bound.python, f'call_{room}_{bound.python}')]))
    return made


def room_files(plan, room, count):
    """Texts of bind_<room>_1.cpp ... of about equal length."""
    made = pieces(plan, room)
    total = sum(len(code) for code, _ in made) or 1
    texts, rows = [[] for _ in range(count)], [[] for _ in range(count)]
    sofar = 0
    for code, names in made:
        place = min(count - 1, sofar * count // total)
        texts[place].append(code)
        rows[place] += names
        sofar += len(code)
    files = []
    header = 'described_late' if room in plan.late_rooms else 'described'
    for i in range(count):
        adds = '\n'.join(f'  add_function(room, "{p}", {c});' for p, c in rows[i])
        files.append(f'{HEAD}#include "plugins/python/{header}.h"\n\nnamespace lode::python {{\n'
                     + '\n'.join(texts[i])
                     + f'\nvoid bind_{room}_{i + 1}(py::module_& room) {{\n  static_cast<void>(room);\n{adds}\n}}\n'
                     + '\n}  // namespace lode::python\n')
    return files


def library(plan, parts):
    """bind_library(): a submodule a room."""
    lines = [HEAD, '#include "plugins/python/call.h"', '#include "plugins/python/parts.h"\n',
             'namespace lode::python {\n']
    for room in ROOMS:
        lines += [f'void bind_{room}_{i + 1}(py::module_& room);' for i in range(parts[room])]
    lines.append('\nvoid bind_library(py::module_& m) {\n  begin_library(m);')
    for room in ROOMS:
        calls = ' '.join(f'bind_{room}_{i + 1}(room);' for i in range(parts[room]))
        lines.append(f'  {{\n    auto room = m.def_submodule("{room}");\n    {calls}\n  }}')
    lines.append('  end_library(m);\n}\n\n}  // namespace lode::python\n')
    return '\n'.join(lines)
