package users

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/legacy"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// ImportOptions say how users are imported.
type ImportOptions struct {
	// DryRun checks everything and keeps nothing.
	DryRun bool
	// Firebase are the parameters of the project that hashes come from; nil where
	// there are none.
	Firebase *legacy.Firebase
	// Refused hears of every record that is not imported, and why.
	Refused func(line int, why error)
	// Progress hears how far it is, after every batch. It may be nil.
	Progress func(Tally)
}

// Tally is what has become of the records so far.
type Tally struct {
	// Imported is how many are new, Present how many were there already, and Refused
	// how many could not be imported.
	Imported, Present, Refused int
	// Read is how much of the file was read, in bytes.
	Read int64
}

// Lines is how many records there were.
func (t Tally) Lines() int { return t.Imported + t.Present + t.Refused }

// What is written at once.
const (
	batchRecords = 500
	batchBytes   = 4 << 20
)

// Import makes users of the records of a file, a JSON object in each line. A record
// is imported as a whole or not at all, and a user who is there as the record says
// is left alone, so that an import that was interrupted may be begun again. An error
// is about the import as a whole; what it has imported before stays.
func (u *Users) Import(ctx context.Context, in io.Reader, o ImportOptions) (Tally, error) {
	i := &importing{Users: u, ImportOptions: o, seed: maphash.MakeSeed(), seen: map[uint64]int{}}
	lines := newLines(in)
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.As(err, new(lineError)) {
			return i.tally, fmt.Errorf("reading line %d: %w", lines.number, err)
		}
		if err := i.take(ctx, lines.number, line, err); err != nil {
			return i.tally, err
		}
		i.tally.Read = lines.read
	}
	i.tally.Read = lines.read
	return i.tally, i.flush(ctx)
}

// importing is an import under way.
type importing struct {
	*Users
	ImportOptions
	tally Tally

	batch    []*record
	bytes    int
	refusals []refusal // of the batch
	// seen are the values of the batch that must be unique, and in a dry run those
	// of the whole file, by the line they stand in.
	seen map[uint64]int
	seed maphash.Seed
}

// refusal is why a record is not imported.
type refusal struct {
	line int
	why  error
}

// take adds a line to the batch, and writes the batch first where it is full. wrong
// is what is wrong with the line already.
func (i *importing) take(ctx context.Context, number int, line []byte, wrong error) error {
	if len(i.batch)+len(i.refusals) >= batchRecords || i.bytes > batchBytes {
		if err := i.flush(ctx); err != nil {
			return err
		}
	}
	if wrong != nil {
		i.refuse(number, wrong)
		return nil
	}
	r, err := i.parse(line)
	if err != nil {
		i.refuse(number, err)
		return nil
	}
	r.line = number
	return i.add(ctx, r, len(line))
}

// add puts a record into the batch. One that has a value of another in the batch
// waits until that is written, and is then held to what is there.
func (i *importing) add(ctx context.Context, r *record, size int) error {
	keys := i.uniques(r)
	for _, key := range keys {
		before, twice := i.seen[key]
		switch {
		case twice && i.DryRun:
			i.refuse(r.line, fmt.Errorf("has the address, the id, an account or another unique value of line %d", before))
			return nil
		case twice:
			if err := i.flush(ctx); err != nil {
				return err
			}
		}
	}
	for _, key := range keys {
		i.seen[key] = r.line
	}
	i.batch = append(i.batch, r)
	i.bytes += size
	return nil
}

// uniques are fingerprints of the values of a record that no other may have.
func (i *importing) uniques(r *record) []uint64 {
	of := func(field, value string) uint64 { return maphash.String(i.seed, field+"\x00"+value) }
	keys := []uint64{of("email", r.user.Email)}
	if r.user.ID != "" {
		keys = append(keys, of("id", r.user.ID))
	}
	for _, a := range r.accounts {
		if a.ProviderID != store.CredentialProvider {
			keys = append(keys, of("account "+a.ProviderID, a.AccountID))
		}
	}
	at := 0
	for n := range i.auth.UserFields().Fields {
		f := &i.auth.UserFields().Fields[n]
		if schema.IsCore("user", f.Name) {
			continue
		}
		if text, isText := r.user.Extra[at].(string); isText && f.Unique {
			keys = append(keys, of(f.Name, text))
		}
		at++
	}
	return keys
}

func (i *importing) refuse(line int, why error) {
	i.refusals = append(i.refusals, refusal{line, why})
}

// flush writes the batch and tells of those that are refused, in the order of the
// file.
func (i *importing) flush(ctx context.Context) error {
	fresh, err := i.compare(ctx, i.batch)
	if err == nil {
		err = i.write(ctx, fresh)
	}
	slices.SortStableFunc(i.refusals, func(a, b refusal) int { return a.line - b.line })
	for _, r := range i.refusals {
		i.Refused(r.line, r.why)
	}
	i.tally.Refused += len(i.refusals)
	i.batch, i.bytes, i.refusals = nil, 0, nil
	if !i.DryRun {
		clear(i.seen)
	}
	if i.Progress != nil {
		i.Progress(i.tally)
	}
	return err
}
