package admin

import (
	"cmp"
	"context"
	"math"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type banInput struct {
	UserID       api.Coerced `json:"userId" doc:"The user's id."`
	BanReason    *string     `json:"banReason" doc:"Why."`
	BanExpiresIn *float64    `json:"banExpiresIn" doc:"How long in seconds; default is for good."`
}

// ban keeps a user from having sessions, and ends those there are.
func (a *Admin) ban(ctx context.Context, c *api.Call, in banInput) (userOutput, error) {
	if err := a.require(c, "user", "ban"); err != nil {
		return userOutput{}, err
	}
	user, err := a.find(ctx, string(in.UserID))
	if err != nil {
		return userOutput{}, err
	}
	if user.ID == c.User.ID {
		return userOutput{}, errBanOneself
	}
	until, err := a.banEnd(in.BanExpiresIn)
	if err != nil {
		return userOutput{}, err
	}
	reason := ""
	if in.BanReason != nil {
		reason = *in.BanReason
	}
	var banned *store.User
	err = a.auth.Store.InTx(ctx, func(tx *store.Store) (err error) {
		banned, err = a.shut(ctx, tx, c, user.ID, cmp.Or(reason, a.cfg.DefaultBanReason), until)
		return err
	})
	if err != nil {
		return userOutput{}, notUpdated(err)
	}
	return userOutput{a.auth.UserOutput(banned)}, nil
}

// shut bans a user, nil being for good. The row comes first: a session that is
// made at the same time either sees the ban or is there to be deleted.
func (a *Admin) shut(ctx context.Context, tx *store.Store, c *api.Call, id, reason string, until *time.Time) (*store.User, error) {
	var end any
	if until != nil {
		end = *until
	}
	note := a.banNote(c, id, until)
	user, err := a.auth.UpdateUser(ctx, tx.Noting(note), c, id, a.now(
		store.Change{Field: "banned", Value: true},
		store.Change{Field: "banReason", Value: reason},
		store.Change{Field: "banExpires", Value: end},
	)...)
	if err != nil {
		return nil, err
	}
	return user, a.endSessions(ctx, tx, c, id)
}

// banNote tells of a ban.
func (a *Admin) banNote(c *api.Call, id string, until *time.Time) *store.Note {
	note := a.auth.Note(c, EventUserBanned).About(id)
	if until != nil {
		note.With("until", api.Time(*until))
	}
	return note
}

// endSessions deletes every session of a banned user.
func (a *Admin) endSessions(ctx context.Context, tx *store.Store, c *api.Call, id string) error {
	_, err := tx.Noting(a.auth.Note(c, auth.EventSessionRevoked).About(id).With("which", "all")).DeleteUserSessions(ctx, id)
	return err
}

// lastDate is the last time that a JavaScript Date can have, in milliseconds.
const lastDate = 8.64e15

// banEnd gives when a ban of so many seconds ends; nil is never. Zero is what the
// configuration says, as if it had not been sent.
func (a *Admin) banEnd(seconds *float64) (*time.Time, error) {
	now := a.auth.Time()
	if seconds == nil || *seconds == 0 {
		if a.cfg.DefaultBanExpiresIn == 0 {
			return nil, nil
		}
		end := now.Add(a.cfg.DefaultBanExpiresIn.Std())
		return &end, nil
	}
	millis := float64(now.UnixMilli()) + *seconds*1000
	if math.Abs(millis) > lastDate {
		return nil, errBanTooLong
	}
	end := time.UnixMilli(int64(millis)).UTC()
	return &end, nil
}

// unban lets a user in again.
func (a *Admin) unban(ctx context.Context, c *api.Call, in userInput) (userOutput, error) {
	if err := a.require(c, "user", "ban"); err != nil {
		return userOutput{}, err
	}
	user, err := a.find(ctx, string(in.UserID))
	if err != nil {
		return userOutput{}, err
	}
	if user, err = a.open(ctx, a.auth.Store, c, user.ID); err != nil {
		return userOutput{}, notUpdated(err)
	}
	return userOutput{a.auth.UserOutput(user)}, nil
}

func (a *Admin) open(ctx context.Context, tx *store.Store, c *api.Call, id string) (*store.User, error) {
	return a.auth.UpdateUser(ctx, tx.Noting(a.auth.Note(c, EventUserUnbanned).About(id)), c, id, a.now(
		store.Change{Field: "banned", Value: false},
		store.Change{Field: "banReason", Value: nil},
		store.Change{Field: "banExpires", Value: nil},
	)...)
}

// refuseBanned keeps banned users out, whichever way they come. A ban that has
// ended is lifted on the way. The insertion of the session looks at the ban once
// more (schema.Field.BarsUntil).
func (a *Admin) refuseBanned(ctx context.Context, s *store.Store, c *api.Call, u *store.User) error {
	switch {
	case !a.banned.True(u):
		return nil
	case !a.over(u):
		return a.auth.Refuse(ctx, c, auth.EventSignIn, u.ID, a.errBanned)
	}
	return s.InTx(ctx, func(tx *store.Store) error {
		now, err := tx.LockUser(ctx, u.ID)
		if err != nil || !a.banned.True(now) || !a.over(now) { // another ban has come meanwhile
			return err
		}
		_, err = a.open(ctx, tx, c, u.ID)
		return err
	})
}

// over tells whether a ban has ended.
func (a *Admin) over(u *store.User) bool {
	end := a.banExpires.Time(u)
	return !end.IsZero() && end.Before(a.auth.Time())
}
