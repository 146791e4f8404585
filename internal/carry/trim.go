package carry

import (
	"reflect"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/server"
)

// maxTrials bounds the work for a file that is much larger than any that people write.
const maxTrials = 2000

// trim takes out what makes no difference: options that say what is the default, and sections that say
// nothing.
func (t *taker) trim(document *node) {
	text, _ := write(document)
	whole, err := t.parse(text)
	if err != nil {
		return // settle has made sure of it
	}
	ways := inside(document)
	if len(ways) > maxTrials {
		return
	}
	for _, way := range ways {
		if t.mayBeNeedless(document, way) && t.isNeedless(document, way, whole) {
			removeAt(document, way)
		}
	}
}

// mayBeNeedless spares the trial of what makes a difference for certain.
func (t *taker) mayBeNeedless(document *node, way []int) bool {
	value, option := at(document, way), t.outline
	for key := range strings.SplitSeq(nameOf(document, way), ".") {
		option = option.under(key)
	}
	switch {
	case value.kind != text && value.kind != literal:
		return len(value.members) == 0 || option != nil && option.isLeaf()
	case option == nil || option.option == nil:
		return false
	}
	_, hasDefault := option.option.Tag.Lookup("default")
	return hasDefault || value.text == "false" || value.text == "0" || value.text == ""
}

func (t *taker) isNeedless(document *node, way []int, whole *server.Config) bool {
	without := copyOf(document)
	removeAt(without, way)
	text, _ := write(without)
	cfg, err := t.parse(text)
	return err == nil && reflect.DeepEqual(cfg, whole)
}
