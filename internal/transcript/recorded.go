package transcript

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// notInFileNames are the characters of names that a Go module's files may not
// have or that a shell would read.
var notInFileNames = strings.NewReplacer(" ", "-", ",", "", "'", "")

// recordingPath is testdata/recorded/<topic>/<name>.json.
func recordingPath(folder string, c Conversation) string {
	return filepath.Join(folder, "recorded", c.Topic, notInFileNames.Replace(c.Name)+".json")
}

// ReadRecording reads what the original once answered in a conversation of the
// folder.
func ReadRecording(folder string, c Conversation) (Recording, error) {
	var r Recording
	text, err := os.ReadFile(recordingPath(folder, c))
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("%s: %w", recordingPath(folder, c), err)
	}
	return r, nil
}

// WriteRecording keeps what the original answered.
func WriteRecording(folder string, c Conversation, r Recording) error {
	path := recordingPath(folder, c)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(r); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
