package server

import (
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// NamesFound writes the part of a configuration that gives tables and columns the
// names under which they were found, as YAML.
func NamesFound(cfg *Config, found *migrate.OtherNames) string {
	owners := ownersOf(cfg)
	var core, plugins yaml.MapSlice
	add := func(name string, path []string) {
		if path[0] == "plugins" {
			plugins = put(plugins, name, path)
		} else {
			core = put(core, name, path)
		}
	}
	for _, t := range found.Tables {
		if t.Name != "" {
			add(t.Name, append(owners.place(t.Model, ""), "modelName"))
		}
		for _, f := range t.Fields {
			add(f.Column, owners.column(t.Model, f.Name))
		}
	}
	if found.IDs != cfg.Advanced.Database.GenerateID.Type {
		add(string(found.IDs), []string{"advanced", "database", "generateId"})
	}
	inOrder(plugins, cfg.Plugins.Order())
	text, err := yaml.Marshal(append(core, plugins...))
	if err != nil {
		return err.Error() // there is nothing in it but texts
	}
	return string(text)
}

// inOrder puts plugins into the order of the configuration, which means something
// there: whoever takes this part in place of theirs keeps it.
func inOrder(plugins yaml.MapSlice, order []string) {
	for _, section := range plugins {
		all, _ := section.Value.(yaml.MapSlice)
		slices.SortFunc(all, func(a, b yaml.MapItem) int {
			return slices.Index(order, a.Key.(string)) - slices.Index(order, b.Key.(string))
		})
	}
}

// owners are the plugins that tables and fields come from, by model and by model
// and field.
type owners map[[2]string]string

func ownersOf(cfg *Config) owners {
	o := owners{}
	for _, plugin := range cfg.Plugins.Order() {
		tables := features[plugin].tables
		if tables == nil {
			continue
		}
		for _, t := range tables(cfg) {
			if !schema.IsCore(t.Model, "id") {
				o[[2]string{t.Model, ""}] = plugin
			}
			for _, f := range t.Fields {
				o[[2]string{t.Model, f.Name}] = plugin
			}
		}
	}
	return o
}

// place is where the names of a table stand, or those of one of its fields.
func (o owners) place(model, field string) []string {
	if plugin := o[[2]string{model, field}]; plugin != "" {
		return []string{"plugins", plugin, "schema", model}
	}
	return []string{model}
}

// column is where that of a field stands.
func (o owners) column(model, field string) []string {
	place := o.place(model, field)
	if place[0] == "plugins" || schema.IsCore(model, field) || model == schema.RateLimit.Model {
		return append(place, "fields", field)
	}
	return append(place, "additionalFields", field, "fieldName")
}

// put gives m a value at a path.
func put(m yaml.MapSlice, value string, path []string) yaml.MapSlice {
	key := path[0]
	at := slices.IndexFunc(m, func(i yaml.MapItem) bool { return i.Key == key })
	if at < 0 {
		m, at = append(m, yaml.MapItem{Key: key}), len(m)
	}
	if len(path) == 1 {
		m[at].Value = value
		return m
	}
	inner, _ := m[at].Value.(yaml.MapSlice)
	m[at].Value = put(inner, value, path[1:])
	return m
}
