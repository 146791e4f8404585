package migrate

import (
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/sallyport-auth/sallyport/internal/schema"
)

// maxName is the length of identifiers in bytes beyond which Postgres cuts.
const maxName = 63

// namedIndex is an index in database names.
type namedIndex struct {
	name    string
	columns []string
	unique  bool
}

// fieldIndexes returns the indexes that single fields of a new table ask for.
// Unique fields need none: their constraint has one.
func fieldIndexes(t *schema.Table) []namedIndex {
	var indexes []namedIndex
	for i := range t.Fields {
		if f := &t.Fields[i]; f.Index && !f.Unique {
			indexes = append(indexes, fieldIndex(t, f))
		}
	}
	return indexes
}

// fieldIndex returns the index of one field that is unique or indexed.
func fieldIndex(t *schema.Table, f *schema.Field) namedIndex {
	columns := []string{f.ColumnName()}
	return namedIndex{indexName(t.TableName(), columns, f.Unique), columns, f.Unique}
}

// tableIndexes returns the indexes that the table as a whole asks for.
func tableIndexes(t *schema.Table) []namedIndex {
	var indexes []namedIndex
	for _, index := range t.Indexes {
		columns := make([]string, len(index.Fields))
		for i, name := range index.Fields {
			columns[i] = t.Field(name).ColumnName()
		}
		name := index.Name
		if name == "" {
			name = indexName(t.TableName(), columns, index.Unique)
		}
		indexes = append(indexes, namedIndex{name, columns, index.Unique})
	}
	return indexes
}

// indexName returns the name Better Auth gives an index. One too long for
// Postgres is cut and told apart by a hash of the whole.
func indexName(table string, columns []string, unique bool) string {
	kind := "idx"
	if unique {
		kind = "uidx"
	}
	stem := table + "_" + strings.Join(columns, "_")
	name := stem + "_" + kind
	if len(name) <= maxName {
		return name
	}
	suffix := fmt.Sprintf("_%08x_%s", nameHash(name), kind)
	return cut(stem, maxName-len(suffix)) + suffix
}

// nameHash is 32-bit FNV-1a over UTF-16 units, as a JavaScript string has them.
func nameHash(name string) uint32 {
	hash := uint32(2166136261)
	for _, unit := range utf16.Encode([]rune(name)) {
		hash ^= uint32(unit)
		hash *= 16777619
	}
	return hash
}

// cut returns the whole characters of text that fit in limit bytes.
func cut(text string, limit int) string {
	end := 0
	for i, r := range text {
		if i+len(string(r)) > limit {
			break
		}
		end = i + len(string(r))
	}
	return text[:end]
}
