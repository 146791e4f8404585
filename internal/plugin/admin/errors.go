package admin

import (
	"net/http"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// What the endpoints answer with. Those of a permission are refusals.
var (
	errUserNotFound      = api.NewError(http.StatusNotFound, "USER_NOT_FOUND", "User not found")
	errUserExists        = api.NewError(http.StatusBadRequest, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "User already exists. Use another email.")
	errNotUpdated        = api.NewError(http.StatusBadRequest, "FAILED_TO_UPDATE_USER", "Failed to update user")
	errBanTooLong        = api.NewError(http.StatusBadRequest, "VALIDATION_ERROR", "[body.banExpiresIn] Invalid input: expected a span that ends at a date")
	errBanOneself        = api.NewError(http.StatusBadRequest, "YOU_CANNOT_BAN_YOURSELF", "You cannot ban yourself")
	errRemoveOneself     = api.NewError(http.StatusBadRequest, "YOU_CANNOT_REMOVE_YOURSELF", "You cannot remove yourself")
	errNotImpersonating  = api.NewError(http.StatusBadRequest, "", "You are not impersonating anyone")
	errNoAdminSession    = api.NewError(http.StatusBadRequest, "", "Failed to find admin session")
	errNoData            = api.NewError(http.StatusBadRequest, "NO_DATA_TO_UPDATE", "No data to update")
	errNoSuchRole        = api.NewError(http.StatusBadRequest, "YOU_ARE_NOT_ALLOWED_TO_SET_NON_EXISTENT_VALUE", "You are not allowed to set a non-existent role value")
	errRoleType          = api.NewError(http.StatusBadRequest, "INVALID_ROLE_TYPE", "Invalid role type")
	errPasswordElsewhere = api.NewError(http.StatusBadRequest, "PASSWORD_CANNOT_BE_UPDATED_VIA_UPDATE_USER", "Password cannot be updated through update-user. Use the set-user-password endpoint instead")
	errIDStays           = api.NewError(http.StatusBadRequest, "USER_ID_CANNOT_BE_UPDATED", "User id cannot be updated")
)

// refusals are the answers to who may not do an action on a resource.
var refusals = map[string]map[string]*api.Error{
	"user": {
		"set-role":           forbidden("YOU_ARE_NOT_ALLOWED_TO_CHANGE_USERS_ROLE", "You are not allowed to change users role"),
		"create":             forbidden("YOU_ARE_NOT_ALLOWED_TO_CREATE_USERS", "You are not allowed to create users"),
		"list":               forbidden("YOU_ARE_NOT_ALLOWED_TO_LIST_USERS", "You are not allowed to list users"),
		"ban":                forbidden("YOU_ARE_NOT_ALLOWED_TO_BAN_USERS", "You are not allowed to ban users"),
		"impersonate":        forbidden("YOU_ARE_NOT_ALLOWED_TO_IMPERSONATE_USERS", "You are not allowed to impersonate users"),
		"impersonate-admins": forbidden("YOU_CANNOT_IMPERSONATE_ADMINS", "You cannot impersonate admins"),
		"delete":             forbidden("YOU_ARE_NOT_ALLOWED_TO_DELETE_USERS", "You are not allowed to delete users"),
		"set-password":       forbidden("YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PASSWORD", "You are not allowed to set users password"),
		"get":                forbidden("YOU_ARE_NOT_ALLOWED_TO_GET_USER", "You are not allowed to get user"),
		"update":             forbidden("YOU_ARE_NOT_ALLOWED_TO_UPDATE_USERS", "You are not allowed to update users"),
		"set-email":          forbidden("YOU_ARE_NOT_ALLOWED_TO_SET_USERS_EMAIL", "You are not allowed to update users email"),
		"set-phone":          forbidden("YOU_ARE_NOT_ALLOWED_TO_SET_USERS_PHONE_NUMBER", "You are not allowed to update users phone number"),
	},
	"session": {
		"list":   forbidden("YOU_ARE_NOT_ALLOWED_TO_LIST_USERS_SESSIONS", "You are not allowed to list users sessions"),
		"revoke": forbidden("YOU_ARE_NOT_ALLOWED_TO_REVOKE_USERS_SESSIONS", "You are not allowed to revoke users sessions"),
	},
}

func forbidden(code, message string) *api.Error {
	return api.NewError(http.StatusForbidden, code, message)
}
