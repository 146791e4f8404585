package carry

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// taker carries options over. What has no place in the file it notes.
type taker struct {
	o         Options
	outline   *outline
	lost      []Lost
	variables []Variable
	// values are what variables hold while the file is tried.
	values map[string]string
	// messages tells that the app sends some.
	messages bool
	// inComment tells that what is taken is only shown.
	inComment bool
}

func newTaker(o Options) *taker {
	return &taker{o: o, outline: newOutline(), values: map[string]string{}}
}

// document makes the file of the options.
func (t *taker) document(options *node) *node {
	special := map[string]func(*node) *node{
		"database": t.database, "secondaryStorage": t.secondaryStorage, "plugins": t.plugins,
	}
	plain := &node{kind: object}
	for i, key := range options.keys {
		if special[key] == nil {
			plain.set(key, options.members[i])
		}
	}
	made := t.section("", plain, t.outline)
	for _, key := range []string{"database", "secondaryStorage", "plugins"} {
		if given := options.get(key); given != nil && given.kind != null {
			if n := special[key](given); n != nil {
				made.set(key, n)
			}
		}
	}
	t.renameTables(made, options)
	t.arrange("", made, t.outline)
	return made
}

// section carries an object of options over.
func (t *taker) section(name string, from *node, at *outline) *node {
	made := &node{kind: object}
	for i, key := range from.keys {
		if n := t.option(join(name, key), from.members[i], at.under(key)); n != nil {
			made.set(key, n)
		}
	}
	return made
}

// option carries one option over; nil where nothing goes into the file. A null is the same as nothing in
// Better Auth too.
func (t *taker) option(name string, from *node, at *outline) *node {
	switch {
	case from.kind == null:
		return nil
	case at == nil:
		t.unknown(name, from)
		return nil
	case at.option != nil && at.option.State != config.Supported:
		t.refused(name, from, *at.option)
		return nil
	}
	if made, ok := t.form(name, from); ok {
		return made
	}
	if why, ok := described(from); ok {
		return t.function(name, why, from, at)
	}
	if !at.isLeaf() && from.kind == object && markOf(from) == "" {
		return t.section(name, from, at)
	}
	if of := at.parts[item]; of != nil && from.kind == list {
		return t.items(name, from, of)
	}
	return t.value(name, from, at)
}

// items carries a list of objects of options over.
func (t *taker) items(name string, from *node, at *outline) *node {
	made := &node{kind: list}
	for i, member := range from.members {
		full := fmt.Sprintf("%s[%d]", name, i)
		if member.kind != object || markOf(member) != "" {
			if n := t.value(full, member, at); n != nil {
				made.put("", n)
			}
			continue
		}
		made.put("", t.item(full, member, at))
	}
	return made
}

// item carries an item of a list over.
func (t *taker) item(name string, from *node, at *outline) *node {
	if strings.HasPrefix(name, "plugins.genericOAuth.") {
		from = withPreset(from)
	}
	return t.section(name, from, at)
}

// function carries a function over: true for one that sends a message.
func (t *taker) function(name, why string, from *node, at *outline) *node {
	if markOf(from) == isFunction && at.option != nil && at.option.Type.Kind() == reflect.Bool {
		t.messages = true
		return isTrue()
	}
	t.lose(name, why+substituteFor(name), nil)
	return nil
}

// refused notes an option that the server has not, yet or at all.
func (t *taker) refused(name string, from *node, option config.Option) {
	if option.State == config.NotYet {
		why := "is not in this version yet"
		if words := substituteFor(name); words != "" {
			why += words
		}
		t.lose(name, why, t.clean(name, from))
		return
	}
	words := "; " + option.Tag.Get("instead")
	if own := substituteFor(name); own != "" && !strings.HasPrefix(name, "socialProviders.") {
		words = own
	}
	noted := len(t.lost)
	value := t.clean(name, from)
	t.lost = t.lost[:noted] // the words are for all that is in it
	t.lose(name, "cannot be honoured here"+words, value)
}

// unknown notes what is no option of the server, each part by itself.
func (t *taker) unknown(name string, from *node) {
	words := substituteFor(name)
	if words == "" && from.kind == object && markOf(from) == "" && len(from.keys) > 0 && !strings.Contains(name, ".") {
		for i, key := range from.keys {
			t.unknown(join(name, key), from.members[i])
		}
		return
	}
	if from.kind == null {
		return
	}
	why := "is not an option here"
	if what, ok := described(from); ok {
		why = what
	}
	t.lose(name, why+words, t.clean(name, from))
}

// lose notes that an option has no place in the file.
func (t *taker) lose(name, why string, value *node) {
	t.lost = append(t.lost, Lost{Name: name, Why: why, value: value})
}

// value carries a value over as it is. at is nil where the server's list does not say what it is.
func (t *taker) value(name string, from *node, at *outline) *node {
	switch mark := markOf(from); {
	case mark == isVariable, mark == isSecret, from.kind == text:
		return t.text(name, from, at)
	case mark == isDate:
		return newText(from.get(isDate).text)
	case mark != "":
		why, _ := described(from)
		t.lose(name, why+substituteFor(name), nil)
		return nil
	case from.kind == literal, from.kind == null:
		return &node{kind: from.kind, text: from.text}
	}
	made := &node{kind: from.kind}
	for i, member := range from.members {
		key, full := item, fmt.Sprintf("%s[%d]", name, i)
		if from.kind == object {
			key, full = from.keys[i], join(name, from.keys[i])
		}
		if member.kind == null && at.under(key) != nil {
			continue
		}
		if n := t.value(full, member, at.under(key)); n != nil {
			made.put(key, n)
		}
	}
	if len(made.members) == 0 && len(from.members) > 0 {
		return nil // what was in it is noted
	}
	return made
}

// clean gives a value as a comment shows it: without functions, which are noted by their own names, and
// without secrets. It is nil where nothing is left.
func (t *taker) clean(name string, from *node) *node {
	if what, ok := described(from); ok && what != "" {
		return nil
	}
	kept := taker{o: t.o, outline: t.outline, values: map[string]string{}, inComment: true}
	value := kept.value(name, from, nil)
	t.lost = append(t.lost, kept.lost...)
	if value != nil && (value.kind == object || value.kind == list) && len(value.members) == 0 {
		return nil
	}
	return value
}

func join(section, key string) string {
	if section == "" {
		return key
	}
	return section + "." + key
}
