package carry

// database carries over where the database is.
func (t *taker) database(from *node) *node {
	if kind := from.get("kind"); kind != nil && kind.text != "postgres" {
		t.lose("database", "is "+clip(kind.text)+"; this server runs on Postgres alone: move the tables there first", nil)
		return nil
	}
	at := t.outline.parts["database"]
	made := &node{kind: object}
	if rest := from.get("options"); rest != nil {
		made = t.section("database", rest, at)
	}
	if schema := from.get("schemaName"); schema != nil && schema.kind == text {
		made.set("schemaName", newText(schema.text))
	}
	url := from.get("url")
	if url == nil || url.kind == null {
		return made
	}
	if n := t.text("database.url", url, at.parts["url"]); n != nil {
		made.set("url", n)
	}
	return made
}

// secondaryStorage tells of an object that the app made itself, of which nobody knows what is behind it.
func (t *taker) secondaryStorage(*node) *node {
	t.lose("secondaryStorage", "is an object of the app"+substituteFor("secondaryStorage"), nil)
	return nil
}
