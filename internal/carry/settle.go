package carry

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/mail"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// settle takes out what the server would refuse, and notes it with the server's reason.
func (t *taker) settle(document *node) error {
	for {
		text, lines := write(document)
		cfg, err := t.parse(text)
		var problems config.Problems
		if errors.As(err, &problems) {
			if err := t.takeOut(document, lines, problems); err != nil {
				return err
			}
			continue
		}
		if err == nil {
			err = try(cfg)
		}
		if err == nil {
			return nil
		}
		said := strings.Split(err.Error(), "\n")
		if err := t.takeOutCulprit(document, said[0], len(said)); err != nil {
			return err
		}
	}
}

// parse reads a file under the variables that it will find.
func (t *taker) parse(text string) (*server.Config, error) {
	environment := []string{"DATABASE_URL=postgres://127.0.0.1/auth"}
	for _, name := range slices.Sorted(maps.Keys(t.values)) {
		if name != "DATABASE_URL" {
			environment = append(environment, name+"="+t.values[name])
		}
	}
	return server.ParseConfig(text, environment)
}

// try asks whether serve would take a configuration. What the operator still has to say is filled in.
func try(cfg *server.Config) error {
	if cfg.Secret.IsZero() && len(cfg.Secrets) == 0 {
		cfg.Secret = config.NewSecret(stand)
	}
	if cfg.BaseURL == "" {
		cfg.BaseURL = "https://auth.example.com"
	}
	if cfg.Messaging == (mail.Config{Locale: cfg.Messaging.Locale}) {
		cfg.Messaging.Webhook.URL = config.NewSecret("https://messages.example.com")
		cfg.Messaging.Webhook.Secret = config.NewSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	}
	return server.Try(cfg, server.Production)
}

// takeOut removes the options in which the server found problems. The place of a problem is the option, or
// where a section begins of which the problem is.
func (t *taker) takeOut(document *node, lines [][]int, problems config.Problems) error {
	var ways [][]int
	for _, problem := range problems {
		if problem.Line < 1 || problem.Line > len(lines) {
			return fmt.Errorf("makes a file that cannot be read: %s", problem.Text)
		}
		way := lines[problem.Line-1]
		name := nameOf(document, way)
		said, isOption := strings.CutPrefix(problem.Text, name+" ")
		if inner := itemAt(document, nil, problem.Text); inner != nil {
			way, name = inner, nameOf(document, inner)
			said, isOption = strings.TrimPrefix(problem.Text, name+" "), true
		}
		switch {
		case slices.ContainsFunc(ways, func(w []int) bool { return isWithin(way, w) }): // it goes with another
		case isOption:
			t.lose(name, said, t.clean(name, at(document, way)))
			ways = append(ways, way)
		case len(ways) == 0:
			return t.takeOutCulprit(document, problem.Text, len(problems))
		}
	}
	// From behind, so that the places before stay what they are.
	slices.SortFunc(ways, func(a, b []int) int { return slices.Compare(b, a) })
	for _, way := range ways {
		removeAt(document, way)
	}
	return nil
}

// itemAt finds the item of a list that the server names at the beginning of what it says, so that one item
// does not cost the others.
func itemAt(document *node, way []int, said string) []int {
	n := at(document, way)
	for i := range n.members {
		inner := append(way[:len(way):len(way)], i)
		name := nameOf(document, inner)
		if n.kind == list && strings.HasPrefix(said, name+" ") {
			return inner
		}
		if rest := strings.TrimPrefix(said, name); rest != said && strings.IndexByte(".[", rest[0]) >= 0 {
			return itemAt(document, inner, said)
		}
	}
	return nil
}

// takeOutCulprit removes the option without which the server no longer says what it says, at best one
// without which it says less in all. Those that are named there are tried first.
func (t *taker) takeOutCulprit(document *node, said string, problems int) error {
	ways := inside(document)
	named := func(way []int) int {
		if slices.Contains(words().FindAllString(said, -1), lastPart(nameOf(document, way))) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(ways, func(a, b []int) int { return named(a) - named(b) })
	for _, fits := range []func(after error) bool{
		func(after error) bool { return problemsOf(after) < problems },
		func(error) bool { return true },
	} {
		for _, way := range ways {
			after := t.without(document, way)
			if after != nil && strings.Contains(after.Error(), said) || !fits(after) {
				continue
			}
			name := nameOf(document, way)
			t.lose(name, saidOf(name, said), t.clean(name, at(document, way)))
			removeAt(document, way)
			return nil
		}
	}
	return fmt.Errorf("makes a file that the server refuses: %s", said)
}

// problemsOf counts what the server says.
func problemsOf(err error) int {
	if err == nil {
		return 0
	}
	return strings.Count(err.Error(), "\n") + 1
}

// saidOf makes words about an option out of what the server says of it, or of something that it is in.
func saidOf(name, said string) string {
	rest, own := strings.CutPrefix(said, name)
	if !own || rest == "" || rest[0] != ' ' && rest[0] != ':' {
		return "does not go with the rest: " + said
	}
	return strings.TrimLeft(rest, ": ")
}

// without gives what the server says of a document without an option.
func (t *taker) without(document *node, way []int) error {
	rest := copyOf(document)
	removeAt(rest, way)
	text, _ := write(rest)
	cfg, err := t.parse(text)
	if err == nil {
		err = try(cfg)
	}
	return err
}

var words = compiled(`[A-Za-z0-9_]+`)

func lastPart(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }
