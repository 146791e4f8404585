package oracle

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
)

// Script runs a module of JavaScript among the original's packages, for what needs
// no server: it reads input as JSON from its standard input, and what it writes to
// its standard output is read into output.
func Script(ctx context.Context, module string, input, output any) error {
	if err := Install(); err != nil {
		return err
	}
	dir, err := folder()
	if err != nil {
		return err
	}
	given, err := json.Marshal(input)
	if err != nil {
		return err
	}
	node := exec.CommandContext(ctx, "node", "--input-type=module", "--eval", module)
	node.Dir = dir
	node.Stdin = bytes.NewReader(given)
	var said bytes.Buffer
	node.Stderr = &said
	out, err := node.Output()
	if err != nil {
		return fmt.Errorf("running a script beside the original: %w\n%s", err, said.Bytes())
	}
	if err := json.Unmarshal(out, output); err != nil {
		return fmt.Errorf("the script's answer: %w\n%s", err, out)
	}
	return nil
}
