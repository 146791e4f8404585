package transcript

import (
	"fmt"
	"slices"
	"strings"
)

// Expect returns what sallyport must answer: the original's recording with the
// conversation's wanted differences laid over it. It fails when the recording
// belongs to other steps, or when a wanted difference is none.
func (c Conversation) Expect(original Recording) (Recording, error) {
	expected := Recording{Conversation: original.Conversation, Answers: slices.Clone(original.Answers)}
	if len(original.Answers) != len(c.Steps) {
		return expected, fmt.Errorf("%s: the recording has %d steps, the conversation %d: record again", c, len(original.Answers), len(c.Steps))
	}
	for i, step := range c.Steps {
		if step.Name != original.Answers[i].Step {
			return expected, fmt.Errorf("%s: step %d is %q, recorded was %q: record again", c, i+1, step.Name, original.Answers[i].Step)
		}
		if step.Wanted == nil {
			continue
		}
		expected.Answers[i] = step.Wanted.over(original.Answers[i])
		same := Recording{Answers: original.Answers[i : i+1]}
		if len(Compare(same, Recording{Answers: expected.Answers[i : i+1]})) == 0 {
			return expected, fmt.Errorf("%s: step %q declares a difference that is none", c, step.Name)
		}
	}
	return expected, nil
}

// over replaces the parts of an answer that the difference names.
func (w *Wanted) over(a Answer) Answer {
	if w.Status != 0 {
		a.Status = w.Status
	}
	if w.JSON != nil {
		if n, err := parseOrdered(string(w.JSON)); err == nil {
			a.Body = n.String()
		}
		a.Headers = replaced(a.Headers, "content-type: application/json")
	}
	if w.Body != nil {
		a.Body = *w.Body
	}
	for _, line := range w.Headers {
		a.Headers = replaced(a.Headers, line)
	}
	if w.Cookies != nil {
		a.Cookies = w.Cookies
	}
	a.Cookies = append(slices.Clone(w.First), a.Cookies...)
	if w.Messages != nil {
		a.Messages = w.Messages
	}
	if w.Rows != nil {
		a.Rows = w.Rows
	}
	if w.Replace[0] != "" {
		a.Body = strings.ReplaceAll(a.Body, w.Replace[0], w.Replace[1])
		a.Rows = replacedIn(a.Rows, w.Replace)
		a.Messages = replacedIn(a.Messages, w.Replace)
	}
	if w.Unasked != "" {
		a.Asked = slices.DeleteFunc(slices.Clone(a.Asked), func(line string) bool { return strings.Contains(line, w.Unasked) })
	}
	return a
}

// replacedIn replaces a text in every line.
func replacedIn(lines []string, replace [2]string) []string {
	changed := slices.Clone(lines)
	for i, line := range changed {
		changed[i] = strings.ReplaceAll(line, replace[0], replace[1])
	}
	return changed
}

// replaced puts a header line in the place of those of its name; a line without
// a value only removes them.
func replaced(lines []string, line string) []string {
	name, value, _ := strings.Cut(line, ":")
	kept := slices.DeleteFunc(slices.Clone(lines), func(other string) bool {
		return strings.HasPrefix(other, name+":")
	})
	if value != "" {
		kept = append(kept, line)
	}
	return kept
}
