package carry

import (
	"reflect"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// chosen and item stand in the outline for a key of the operator's choice and an item of a list.
const (
	chosen = "<key>"
	item   = "[]"
)

// outline is the tree of the server's options by the parts of their names, in their order.
type outline struct {
	names  []string
	parts  map[string]*outline
	option *config.Option // nil for what only holds others
}

func newOutline() *outline {
	root := &outline{parts: map[string]*outline{}}
	for _, o := range config.Options(reflect.TypeFor[server.Config]()) {
		if o.Name != "" {
			root.add(o)
		}
	}
	plugins := root.parts["plugins"]
	for _, name := range server.PluginNames() {
		plugins.part(name) // one may have no options
	}
	return root
}

func (o *outline) add(option config.Option) {
	at := o
	for part := range strings.SplitSeq(strings.ReplaceAll(option.Name, item+".", "."+item+"."), ".") {
		at = at.part(part)
	}
	at.option = &option
}

// part gives the part of a name, and makes it where there is none.
func (o *outline) part(name string) *outline {
	if o.parts[name] == nil {
		o.names, o.parts[name] = append(o.names, name), &outline{parts: map[string]*outline{}}
	}
	return o.parts[name]
}

// under gives what stands under a key; nil for what is no option.
func (o *outline) under(key string) *outline {
	if o == nil {
		return nil
	}
	if next := o.parts[key]; next != nil {
		return next
	}
	return o.parts[chosen]
}

// isLeaf tells whether an option takes a value, of whatever form, and no further options.
func (o *outline) isLeaf() bool { return len(o.parts) == 0 || o.parts[item] != nil }
