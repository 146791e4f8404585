package transcript

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// player carries the state of one conversation with one target.
type player struct {
	target     Target
	host, path string
	vars       vars
	db         *database
	reader     *reader
}

// stepsApart separates the steps' times by more than the millisecond to which
// servers round, so that every stored time belongs to one step.
const stepsApart = 3 * time.Millisecond

// Play runs a conversation against a target and returns what it did. An error
// means that the conversation could not be played: the target was not
// reachable, a statement failed, or a kept value was not there.
func Play(ctx context.Context, c Conversation, target Target) (Recording, error) {
	db, err := openDatabase(ctx, target.DatabaseURL)
	if err != nil {
		return Recording{}, err
	}
	defer db.close()
	p := &player{target: target, db: db, reader: newReader(c, publicKeys(target.Provider, db))}
	p.reader.provider = target.Provider
	if target.HashCost != (scrypt.Cost{}) {
		p.reader.hashCost = target.HashCost
	}
	p.host, p.path = c.base()
	if p.host == "" {
		p.host = strings.TrimPrefix(target.BaseURL, "http://")
	}
	p.vars = vars{kept: map[string]string{"base": p.path}, jars: map[string]*jar{}, secret: p.reader.secret}
	recording := Recording{Conversation: c.String()}
	for _, step := range c.Steps {
		answer, err := p.play(ctx, step)
		if err != nil {
			return recording, fmt.Errorf("%s: step %q: %w", c, step.Name, err)
		}
		recording.Answers = append(recording.Answers, answer)
	}
	return recording, nil
}

// play runs one step and reads its answer.
func (p *player) play(ctx context.Context, s Step) (Answer, error) {
	time.Sleep(stepsApart)
	p.reader.begin(time.Now())
	answer := Answer{Step: s.Name}
	defer func() { p.reader.end(time.Now()) }()
	switch {
	case s.Sleep > 0:
		time.Sleep(time.Duration(s.Sleep))
		return answer, nil
	case s.Settle:
		time.Sleep(p.target.Settle)
		return answer, nil
	case s.SQL != "":
		sql, err := p.vars.fill(s.SQL)
		if err != nil {
			return answer, err
		}
		return answer, p.db.run(ctx, sql)
	case s.Query != "" || s.Snapshot != nil:
		return p.rows(ctx, s)
	case s.At != "":
		return p.atProvider(ctx, s)
	case s.Do != "" || s.Raw != "":
		return p.speak(ctx, s)
	}
	return answer, fmt.Errorf("the step does nothing")
}

// speak sends a request and reads the answer.
func (p *player) speak(ctx context.Context, s Step) (Answer, error) {
	x, err := p.request(s)
	if err != nil {
		return Answer{}, err
	}
	p.reader.remember(x.body)
	got, err := x.send(ctx, p.target.BaseURL)
	if err != nil {
		return Answer{}, err
	}
	p.reader.end(time.Now())
	answer, err := p.reader.answer(ctx, got)
	if err != nil {
		return Answer{}, err
	}
	answer.Step, answer.Origin = s.Name, headerOf(x, "origin")
	if s.As != "" {
		p.jar(s.As).take(got.header)
	}
	if p.target.Messages != nil {
		if got.messages, err = p.target.Messages(ctx); err != nil {
			return Answer{}, err
		}
	}
	for _, message := range got.messages {
		answer.Messages = append(answer.Messages, p.reader.body(ctx, message, "application/json"))
	}
	answer.Asked = p.asked(ctx)
	return answer, p.keep(s, got)
}

func headerOf(x exchange, name string) string {
	for _, h := range x.headers {
		if h[0] == name {
			return h[1]
		}
	}
	return ""
}

// rows answers a query or a snapshot.
func (p *player) rows(ctx context.Context, s Step) (Answer, error) {
	answer := Answer{Step: s.Name}
	add := func(label string, rows []row, err error) error {
		if err != nil {
			return err
		}
		for _, r := range rows {
			answer.Rows = append(answer.Rows, label+p.reader.row(ctx, r))
		}
		return nil
	}
	if s.Query != "" {
		sql, err := p.vars.fill(s.Query)
		if err != nil {
			return answer, err
		}
		rows, err := p.db.read(ctx, sql)
		return answer, add("", rows, err)
	}
	for _, table := range s.Snapshot {
		rows, err := p.db.table(ctx, table)
		if err := add(table+" ", rows, err); err != nil {
			return answer, err
		}
	}
	return answer, nil
}

// keep saves the parts of an answer that later steps use.
func (p *player) keep(s Step, got *reply) error {
	for name, place := range s.Keep {
		kind, rest, _ := strings.Cut(place, ".")
		value, ok := "", false
		switch kind {
		case "header":
			value, ok = got.header.Get(rest), got.header.Get(rest) != ""
		case "cookie":
			fresh := &jar{}
			fresh.take(got.header)
			value, ok = fresh.get(rest)
		case "body":
			value, ok = textAt(string(got.body), rest)
		case "messages":
			number, path, _ := strings.Cut(rest, ".")
			if i, err := strconv.Atoi(number); err == nil && i >= 0 && i < len(got.messages) {
				value, ok = textAt(got.messages[i], path)
			}
		}
		if !ok {
			return fmt.Errorf("nothing to keep as %q: no %s in %d %s", name, place, got.status, got.body)
		}
		p.vars.kept[name] = value
	}
	return nil
}

// textAt is the string at a path of a JSON text.
func textAt(text, path string) (string, bool) {
	n, err := parseOrdered(text)
	if err != nil {
		return "", false
	}
	n, ok := n.at(strings.Split(path, ".")...)
	if !ok {
		return "", false
	}
	return n.text()
}

func (p *player) jar(actor string) *jar {
	if p.vars.jars[actor] == nil {
		p.vars.jars[actor] = &jar{}
	}
	return p.vars.jars[actor]
}
