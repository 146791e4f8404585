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
	return root
}

func (o *outline) add(option config.Option) {
	at := o
	for part := range strings.SplitSeq(strings.ReplaceAll(option.Name, item+".", "."+item+"."), ".") {
		next := at.parts[part]
		if next == nil {
			next = &outline{parts: map[string]*outline{}}
			at.names, at.parts[part] = append(at.names, part), next
		}
		at = next
	}
	at.option = &option
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
