package carry

import (
	"slices"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// renameTables names tables and columns as they are in the database. An app with an adapter of an ORM knows
// them by other names, which its options hold.
func (t *taker) renameTables(document, options *node) {
	database := options.get("database")
	tables := database.get("tables")
	if tables == nil {
		t.renamePlural(document, database)
		return
	}
	for i, model := range tables.keys {
		name, columns := tables.members[i].get("name"), tables.members[i].get("columns")
		if name == nil || columns == nil {
			continue
		}
		for _, owner := range t.owners(document, options, model) {
			owner.rename(document, model, name.text, columns)
		}
	}
}

// owner is a section of the file that names a table or some of its columns.
type owner struct {
	section []string
	fields  []string // by which Better Auth calls the columns
	table   bool
}

// owners are the core and the plugins that have columns in the table of a model.
func (t *taker) owners(document, options *node, model string) (owners []owner) {
	for _, table := range append(slices.Clone(schema.Core), schema.RateLimit) {
		counted := document.get("rateLimit").get("storage")
		if table.Model == model && (model != "rateLimit" || counted != nil && counted.text == "database") {
			owners = append(owners, owner{[]string{model}, fieldNames(table), true})
		}
	}
	for _, plugin := range options.get("plugins").all() {
		id, fields := plugin.get("id"), plugin.get("fields").get(model)
		if id == nil || fields == nil {
			continue
		}
		if name, at := t.pluginNamed(id.text); at.under("schema").under(model) != nil && document.get("plugins").get(name) != nil {
			own := !slices.ContainsFunc(schema.Core, func(table schema.Table) bool { return table.Model == model })
			owners = append(owners, owner{[]string{"plugins", name, "schema", model}, fields.texts(), own})
		}
	}
	return owners
}

func fieldNames(table schema.Table) (names []string) {
	for i := range table.Fields {
		names = append(names, table.Fields[i].Name)
	}
	return names
}

// rename writes the names that differ.
func (o owner) rename(document *node, model, table string, columns *node) {
	if o.table && table != model {
		document.ensure(o.section...).set("modelName", newText(table))
	}
	for _, field := range o.fields {
		if column := columnOf(field, find(document, append(o.section, "fields", field)), columns); column != "" {
			document.ensure(append(o.section, "fields")...).set(field, newText(column))
		}
	}
	if o.section[0] == "plugins" {
		return
	}
	further := document.get(model).get("additionalFields")
	for i := range further.all() {
		if column := columnOf(further.keys[i], further.members[i].get("fieldName"), columns); column != "" {
			further.members[i].set("fieldName", newText(column))
		}
	}
}

// columnOf gives the column of a field, which the app may know by a name that its options give; "" where
// it is called as the field is, or not known.
func columnOf(field string, renamed, columns *node) string {
	known := field
	if renamed != nil {
		known = renamed.text
	}
	column := columns.get(known)
	if column == nil || column.text == field {
		return ""
	}
	return column.text
}

// renamePlural names the tables of an adapter that adds an s to each and tells no more.
func (t *taker) renamePlural(document, database *node) {
	if id := database.get(isInstance); id != nil && id.text == "prisma adapter" {
		t.lose("database", "is used through Prisma, which does not tell the names that schema.prisma gives by @map and @@map; "+
			"write them as modelName and fields: `sallyport migrate plan` prints those that it finds", nil)
	}
	if plural := database.get("usePlural"); plural == nil || plural.text != "true" {
		return
	}
	for _, table := range schema.Core {
		name := table.Model
		if given := find(document, []string{table.Model, "modelName"}); given != nil {
			name = given.text
		}
		document.ensure(table.Model).set("modelName", newText(name+"s"))
	}
}
