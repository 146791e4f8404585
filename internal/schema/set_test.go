package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

func TestPartsAddUpInOrder(t *testing.T) {
	set, err := schema.NewSet(schema.Core, []schema.Table{
		{Model: "thing", Fields: []schema.Field{{Name: "x", Type: schema.String}}},
		{Model: "user", Fields: []schema.Field{{Name: "role", Type: schema.String}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	var models []string
	for _, table := range set.Tables() {
		models = append(models, table.Model)
	}
	if want := []string{"user", "session", "account", "verification", "thing"}; !slices.Equal(models, want) {
		t.Errorf("got %v, want %v", models, want)
	}
	want := []string{"id", "name", "email", "emailVerified", "image", "createdAt", "updatedAt", "role"}
	if got := set.Table("user").Columns(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if schema.MustNewSet(schema.Core).Table("user").Field("role") != nil {
		t.Error("the core tables were changed")
	}
}

func TestRenames(t *testing.T) {
	set := schema.MustNewSet(schema.Core, []schema.Table{
		{Model: "user", Name: "people", Fields: []schema.Field{{Name: "email", Column: "e mail"}}},
	})
	user := set.Table("user")
	if user.TableName() != "people" || user.Columns()[2] != "e mail" || !user.Field("email").Unique {
		t.Errorf("got %+v", user)
	}
	if to, ok := set.Target(set.Table("session").Field("userId")); !ok || to != (schema.Target{Table: "people", Column: "id"}) {
		t.Errorf("the session points to %v", to)
	}
}

func TestImpossibleSets(t *testing.T) {
	for want, part := range map[string]schema.Table{
		"defined twice":     {Model: "user", Fields: []schema.Field{{Name: "email", Type: schema.Number}}},
		"share the column":  {Model: "user", Fields: []schema.Field{{Name: "mail", Column: "email", Type: schema.String}}},
		"share the table":   {Model: "thing", Name: "user"},
		"unknown model":     {Model: "user", Fields: []schema.Field{{Name: "x", Type: schema.String, References: &schema.Reference{Model: "none", Field: "id"}}}},
		"unknown field use": {Model: "user", Fields: []schema.Field{{Name: "use", Column: "x"}}},
		"names the unknown": {Model: "user", Indexes: []schema.Index{{Fields: []string{"none"}}}},
	} {
		_, err := schema.NewSet(schema.Core, []schema.Table{part})
		if err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "user.", ""), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
