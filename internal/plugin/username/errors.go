package username

import "github.com/sallyport-auth/sallyport/internal/api"

// errWrong is the answer to a wrong name and to a wrong password alike.
var errWrong = api.NewError(401, "INVALID_USERNAME_OR_PASSWORD", "Invalid username or password")

// What is wrong with a name, where one is to be stored.
var (
	errTooShort       = api.NewError(400, "USERNAME_TOO_SHORT", "Username is too short")
	errTooLong        = api.NewError(400, "USERNAME_TOO_LONG", "Username is too long")
	errInvalid        = api.NewError(400, "INVALID_USERNAME", "Username is invalid")
	errInvalidDisplay = api.NewError(400, "INVALID_DISPLAY_USERNAME", "Display username is invalid")
	errTaken          = api.NewError(400, "USERNAME_IS_ALREADY_TAKEN", "Username is already taken. Please try another.")
	errImmutable      = api.NewError(400, "USERNAME_IS_IMMUTABLE", "Username cannot be updated")
)

// asked is what is wrong with a name that is only asked about: the same with
// another status.
func asked(err *api.Error) *api.Error {
	return api.NewError(422, err.Code, err.Message)
}
