package users

import (
	"context"
	"errors"
	"strconv"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// write stores records, in one transaction unless one of them cannot be stored:
// then each half of them gets its own, and so on to the culprit.
func (i *importing) write(ctx context.Context, records []*record) error {
	if len(records) == 0 {
		return nil
	}
	refused, err := i.store(ctx, records)
	switch {
	case err == nil:
		i.refusals = append(i.refusals, refused...)
		i.tally.Imported += len(records) - len(refused)
		return nil
	case !errors.Is(err, store.ErrDuplicate) && !errors.Is(err, store.ErrRejected):
		return err
	case len(records) == 1:
		i.refuse(records[0].line, plain(err))
		return nil
	}
	half := len(records) / 2
	if err := i.write(ctx, records[:half]); err != nil {
		return err
	}
	return i.write(ctx, records[half:])
}

// errRehearsed takes back what a dry run has written.
var errRehearsed = errors.New("that was a dry run")

// store stores records that the plugins do not refuse, all or none.
func (i *importing) store(ctx context.Context, records []*record) (refused []refusal, err error) {
	err = i.auth.Store.InTx(ctx, func(tx *store.Store) error {
		var taken []*record
		taken, refused, err = i.prepare(ctx, tx, records)
		if err != nil {
			return err
		}
		if err := tx.CreateArrivals(ctx, i.arrivals(taken)); err != nil {
			return err
		}
		if i.DryRun {
			return errRehearsed
		}
		return i.passIDs(ctx, tx, taken)
	})
	if errors.Is(err, errRehearsed) {
		err = nil
	}
	return refused, err
}

// prepare takes the steps of plugins before a user is stored, and gives the ids
// that only the database knows.
func (i *importing) prepare(ctx context.Context, tx *store.Store, records []*record) (taken []*record, refused []refusal, err error) {
	for _, r := range records {
		err := i.auth.PrepareUser(ctx, tx, nil, r.user)
		switch {
		case errors.As(err, new(*api.Error)):
			refused = append(refused, refusal{r.line, plain(err)})
		case err != nil:
			return nil, nil, err
		default:
			taken = append(taken, r)
		}
	}
	if i.auth.Config.Advanced.Database.GenerateID.Type == schema.SerialIDs {
		err = takeNumbers(ctx, tx, taken)
	}
	for _, r := range taken {
		for _, a := range r.accounts {
			a.UserID = r.user.ID
			if a.ProviderID == store.CredentialProvider {
				a.AccountID = r.user.ID
			}
		}
	}
	return taken, refused, err
}

// idsOf gives where the ids of records stand, by their tables.
func idsOf(records []*record) map[string][]*string {
	ids := map[string][]*string{}
	for _, r := range records {
		ids["user"] = append(ids["user"], &r.user.ID)
		for _, a := range r.accounts {
			ids["account"] = append(ids["account"], &a.ID)
		}
	}
	return ids
}

// takeNumbers gives users and accounts without an id the next numbers of their
// tables, but for those that others of the batch came with.
func takeNumbers(ctx context.Context, tx *store.Store, records []*record) error {
	for model, ids := range idsOf(records) {
		given, open := map[string]bool{}, []*string(nil)
		for _, id := range ids {
			if *id == "" {
				open = append(open, id)
			} else {
				given[*id] = true
			}
		}
		for len(open) > 0 {
			numbers, err := tx.NextIDs(ctx, model, len(open))
			if err != nil {
				return err
			}
			for _, number := range numbers {
				if !given[number] {
					*open[0], open = number, open[1:]
				}
			}
		}
	}
	return nil
}

func (i *importing) arrivals(records []*record) []*store.Arrival {
	out := make([]*store.Arrival, len(records))
	for n, r := range records {
		note := i.auth.Note(nil, auth.EventUserCreated).About(r.user.ID).With("import", true)
		out[n] = &store.Arrival{User: r.user, Accounts: r.accounts, Note: note}
	}
	return out
}

// passIDs makes the database number later rows after those that came with numbers.
func (i *importing) passIDs(ctx context.Context, tx *store.Store, records []*record) error {
	if i.auth.Config.Advanced.Database.GenerateID.Type != schema.SerialIDs {
		return nil
	}
	for model, ids := range idsOf(records) {
		most := int64(0)
		for _, id := range ids {
			if n, err := strconv.ParseInt(*id, 10, 64); err == nil {
				most = max(most, n)
			}
		}
		if err := tx.PassID(ctx, model, strconv.FormatInt(most, 10)); err != nil {
			return err
		}
	}
	return nil
}
