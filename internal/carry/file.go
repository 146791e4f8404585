package carry

import (
	"fmt"
	"strings"
)

const head = `# The options of a Better Auth app, carried over by ` + "`sallyport config import`" + `. What is left out has
# Better Auth's default; docs/configuration.md lists every option.
`

// file writes the file: the options, what the server still needs, and what was lost.
func (t *taker) file(document *node) string {
	var out strings.Builder
	out.WriteString(head)
	out.WriteString("\n")
	text, _ := write(document)
	out.WriteString(text)
	if t.messages {
		out.WriteString(messagingHint)
	}
	if len(t.lost) > 0 {
		out.WriteString("\n# Not carried over:\n")
	}
	for _, l := range t.lost {
		fmt.Fprintf(&out, "#\n# %s %s\n", clip(l.Name), oneLine(l.Why))
		if l.value != nil {
			out.WriteString(commented(l))
		}
	}
	return out.String()
}

const messagingHint = `
# How messages are sent, which the app did with functions of its own; docs/guides/messages.md tells more.
# messaging:
#   from: Acme <no-reply@example.com>
#   smtp:
#     url: smtp://user:${SMTP_PASSWORD}@mail.example.com:587
`

// commented shows what the app has there.
func commented(l Lost) string {
	value := &node{kind: object}
	if name, _, isItem := strings.Cut(lastPart(l.Name), "["); isItem {
		value.put(name, &node{kind: list, members: []*node{l.value}})
	} else {
		value.put(lastPart(l.Name), l.value)
	}
	text, _ := write(value)
	var out strings.Builder
	for line := range strings.Lines(text) {
		out.WriteString("#   " + line)
	}
	return out.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
