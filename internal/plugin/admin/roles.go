package admin

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Statements are lists of actions by resource.
type Statements map[string][]string

// Roles are what each role allows, by its name.
type Roles map[string]Statements

// defaultRoles are those of the original. An admin may do everything but
// impersonate another admin.
var defaultRoles = Roles{
	"admin": {
		"user": {
			"create", "list", "set-role", "ban", "impersonate", "delete",
			"set-password", "set-email", "set-phone", "get", "update",
		},
		"session": {"list", "revoke", "delete"},
	},
	"user": {"user": {}, "session": {}},
}

var (
	errStatements = errors.New("must be an object of resources, each with a list of actions")
	errRoles      = errors.New("must be an object of roles, each with resources and lists of actions")
)

// UnmarshalOption takes an object of lists, or one in the form in which an
// auth.ts prints it, below the key statements.
func (s *Statements) UnmarshalOption(value any) error {
	object, ok := value.(map[string]any)
	if !ok {
		return errStatements
	}
	if inner, printed := object["statements"].(map[string]any); printed && len(object) == 1 {
		object = inner
	}
	if *s, ok = statementsOf(object); !ok {
		return errStatements
	}
	return nil
}

// statementsOf reads an object of lists of texts.
func statementsOf(v any) (Statements, bool) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, false
	}
	s := Statements{}
	for resource, v := range object {
		list, ok := v.([]any)
		if !ok {
			return nil, false
		}
		s[resource] = []string{}
		for _, item := range list {
			action, ok := item.(string)
			if !ok {
				return nil, false
			}
			s[resource] = append(s[resource], action)
		}
	}
	return s, true
}

// UnmarshalOption takes an object of statements.
func (r *Roles) UnmarshalOption(value any) error {
	*r = Roles{}
	object, ok := value.(map[string]any)
	if !ok {
		return errRoles
	}
	for name, value := range object {
		var s Statements
		if s.UnmarshalOption(value) != nil {
			return errRoles
		}
		(*r)[name] = s
	}
	return nil
}

// OptionSchema describes the same in JSON Schema.
func (Statements) OptionSchema() map[string]any {
	actions := map[string]any{"type": "array", "items": map[string]any{"type": "string"}}
	plain := map[string]any{"type": "object", "additionalProperties": actions}
	printed := map[string]any{
		"type": "object", "required": []any{"statements"}, "additionalProperties": false,
		"properties": map[string]any{"statements": plain},
	}
	return map[string]any{"anyOf": []any{plain, printed}}
}

// OptionSchema describes the same in JSON Schema.
func (Roles) OptionSchema() map[string]any {
	return map[string]any{"type": "object", "additionalProperties": Statements{}.OptionSchema()}
}

func (r Roles) names() []string { return slices.Sorted(maps.Keys(r)) }

// within refuses roles with an action that is not among those there are.
func (r Roles) within(all Statements) error {
	for _, name := range r.names() {
		for _, resource := range slices.Sorted(maps.Keys(r[name])) {
			for _, action := range r[name][resource] {
				if !slices.Contains(all[resource], action) {
					return fmt.Errorf("has the role %s, which allows %q on %q: ac does not have that", name, action, resource)
				}
			}
		}
	}
	return nil
}
