package migrate

import "github.com/jackc/pgx/v5"

// reference is a foreign key of one column that was found.
type reference struct {
	name, table, column string
	target, onDelete    string
}

// referencesSQL asks for what a reference has.
const referencesSQL = `
	select k.conname::text, c.relname::text, a.attname::text, t.relname::text,
	       case k.confdeltype when 'a' then 'no action' when 'r' then 'restrict' when 'c' then 'cascade'
	                          when 'n' then 'set null' else 'set default' end
	from pg_constraint k
	join pg_class c on c.oid = k.conrelid
	join pg_class t on t.oid = k.confrelid
	join pg_namespace n on n.oid = c.relnamespace
	join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
	where n.nspname = $1 and k.contype = 'f' and cardinality(k.conkey) = 1
	order by k.conname`

// readReferences reads the foreign keys of the schema's tables.
func (c *catalogue) readReferences(rows pgx.Rows) (err error) {
	c.references, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (r reference, err error) {
		return r, row.Scan(&r.name, &r.table, &r.column, &r.target, &r.onDelete)
	})
	return err
}

// obstaclesSQL asks for names with the kind of their owner, or with true for a table
// whose rows are hidden.
const obstaclesSQL = `
	select c.relname::text, case c.relkind when 'v' then 'a view' when 'm' then 'a materialized view' when 'f' then 'a foreign table'
	                                       when 'S' then 'a sequence' when 'i' then 'an index' when 'I' then 'an index' else 'a type' end,
	       c.relkind in ('r', 'p')
	from pg_class c
	join pg_namespace n on n.oid = c.relnamespace
	where n.nspname = $1 and (c.relkind not in ('r', 'p') or row_security_active(c.oid) and not exists (
		select from pg_policy p where p.polrelid = c.oid
		having coalesce(bool_and(p.polpermissive), false) and bool_or(p.polcmd = '*' and pg_get_expr(p.polqual, c.oid) = 'true'
			and coalesce(pg_get_expr(p.polwithcheck, c.oid), 'true') = 'true'
			and exists (select from unnest(p.polroles) r where r = 0 or pg_has_role(r, 'usage')))))`

// readObstacles reads what else of the schema has a name that a table would want,
// and the tables whose rows are not all to be seen: those with row security, but
// for a role that a policy gives everything and none restricts.
func (c *catalogue) readObstacles(rows pgx.Rows) (err error) {
	var name, kind string
	var hidden bool
	_, err = pgx.ForEachRow(rows, []any{&name, &kind, &hidden}, func() error {
		if hidden {
			c.hidden[name] = true
		} else {
			c.taken[name] = kind
		}
		return nil
	})
	return err
}
