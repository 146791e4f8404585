package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// write leaves the results in the files that were asked for.
func (r results) write(o options) error {
	if o.json != "" {
		text, err := json.MarshalIndent(r, "", "\t")
		if err == nil {
			err = os.MkdirAll(filepath.Dir(o.json), 0o755)
		}
		if err == nil {
			err = os.WriteFile(o.json, append(text, '\n'), 0o644)
		}
		if err != nil {
			return fmt.Errorf("-json: %w", err)
		}
	}
	switch {
	case o.markdown != "" && !o.whole():
		fmt.Fprintf(os.Stderr, "bench: %s keeps its table, since this was not a whole run\n", o.markdown)
	case o.markdown != "":
		if err := replaceBetween(o.markdown, r.markdown()); err != nil {
			return fmt.Errorf("-markdown: %w", err)
		}
	}
	return nil
}

// The marks between which the table stands. What is outside of them is a person's.
const (
	beginMark = "<!-- measured: begin -->"
	endMark   = "<!-- measured: end -->"
)

// replaceBetween puts text between the marks in a file, which it makes where there is none.
func replaceBetween(path, text string) error {
	old, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		old = []byte(beginMark + "\n" + endMark + "\n")
	} else if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(old), beginMark)
	_, after, ends := strings.Cut(rest, endMark)
	if !begins || !ends {
		return fmt.Errorf("%s lacks the lines %s and %s", path, beginMark, endMark)
	}
	return os.WriteFile(path, []byte(before+beginMark+"\n\n"+text+"\n"+endMark+after), 0o644)
}
