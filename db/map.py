"""sql/MAP.md: schemas, shelves and objects with the first lines of their comments, read from a fresh database."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from db.connection import Connection
from db.definitions import SQL

FILE = SQL / "MAP.md"

HEADER = """\
# Map of the database

Written by `make schema` from the catalogue; never edited by hand. A schema uses only schemas above it in this list, a shelf
(folder) only shelves of its schema that do not use it. Words: [NOMENCLATURE.md](NOMENCLATURE.md).
"""

SCHEMAS = """
select l.schema, obj_description(n.oid, 'pg_namespace'),
       coalesce((select string_agg(distinct r.used_schema, ' ' order by r.used_schema)
                 from lint.reference r
                 where r.schema = l.schema and r.used_schema not in (l.schema, 'lint', 'deploy')), '')
from lint.layer l
join pg_catalog.pg_namespace n on n.nspname = l.schema
where l.schema <> 'deploy'
order by l.level, l.schema
"""

OBJECTS = """
select n.nspname, s.shelf, 'function', p.proname, split_part(obj_description(p.oid, 'pg_proc'), E'\\n', 1)
from pg_catalog.pg_proc p
join pg_catalog.pg_namespace n on n.oid = p.pronamespace
join lint.shelf s on s.schema = n.nspname and s.name = p.proname
union
select n.nspname, s.shelf, 'view', c.relname, split_part(obj_description(c.oid, 'pg_class'), E'\\n', 1)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace
join lint.shelf s on s.schema = n.nspname and s.name = c.relname
where c.relkind in ('v', 'm')
union
select n.nspname, '', 'table', c.relname, split_part(obj_description(c.oid, 'pg_class'), E'\\n', 1)
from pg_catalog.pg_class c
join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspowner = 'shokti_owner'::regrole
where c.relkind in ('r', 'p') and not c.relispartition and n.nspname not in ('deploy', 'clock')
order by 1, 2 nulls first, 3, 4
"""

# The first sentence of a comment; `\\df+` shows the rest.
LONGEST = 160


def map_text(connection: Connection) -> str:
    """The text of sql/MAP.md for the database of the connection, which acts as shokti_owner."""
    objects: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for schema, shelf, kind, name, comment in connection.execute(OBJECTS).fetchall():
        folder = "tables" if kind == "table" else f"{schema}/{shelf}" if shelf else schema
        objects[schema][folder].append(f"- `{name}`{_summary(comment)}")
    parts = [HEADER]
    for schema, comment, uses in connection.execute(SCHEMAS).fetchall():
        if schema not in objects:
            continue
        arrows = f" Uses: {', '.join(uses.split())}." if uses else " Uses no other schema."
        parts.append(f"## {schema}\n\n{comment}{arrows}\n")
        parts += [f"### {folder}\n\n" + "\n".join(lines) + "\n" for folder, lines in sorted(objects[schema].items())]
    return "\n".join(parts)


def write_map(connection: Connection, path: Path = FILE) -> bool:
    """Writes the file. False if it was fresh."""
    text = map_text(connection)
    if path.exists() and path.read_text() == text:
        return False
    path.write_text(text)
    return True


def _summary(comment: str | None) -> str:
    if not comment:
        return ""
    sentence = comment.split(". ")[0].rstrip(".:")
    if len(sentence) > LONGEST:
        sentence = sentence[:LONGEST].rsplit(" ", 1)[0] + " …"
    return f": {sentence}"
