package carry

import (
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// plugins carries the list of plugins over, in its order.
func (t *taker) plugins(from *node) *node {
	made := &node{kind: object}
	for _, plugin := range from.members {
		id := plugin.get("id")
		if id == nil || id.kind != text {
			t.lose("plugins", "holds something that is no plugin", nil)
			continue
		}
		t.plugin(made, id.text, plugin.get("options"))
	}
	return made
}

func (t *taker) plugin(made *node, id string, options *node) {
	name, at := t.pluginNamed(id)
	full := "plugins." + name
	hidden := options == nil || options.kind == null
	if hidden {
		options = &node{kind: object}
	}
	switch {
	case made.get(name) != nil:
		t.lose(full, "is given twice, and only the first counts here", nil)
	case at == nil:
		t.lose(full, orElse(substituteFor(full), "is a plugin that this server does not have"), t.clean(full, options))
	case at.option != nil && at.option.State != config.Supported:
		t.refused(full, options, *at.option)
	default:
		section := t.section(full, options, at)
		if hidden && len(at.names) > 0 {
			section.note = "this plugin does not show its options: compare them with the app's"
			t.lose(full, "does not show its options; it is on, with the defaults: compare them with the app's", nil)
		}
		made.set(name, section)
	}
}

// pluginNamed finds a plugin by its id, which is its export's name with other capitals and hyphens.
func (t *taker) pluginNamed(id string) (string, *outline) {
	all := t.outline.parts["plugins"]
	for _, name := range all.names {
		if strings.EqualFold(name, strings.ReplaceAll(id, "-", "")) {
			return name, all.parts[name]
		}
	}
	return clip(id), nil
}

func orElse(words, other string) string {
	if words == "" {
		return other
	}
	return strings.TrimPrefix(words, "; ")
}
