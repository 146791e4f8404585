package server_test

import (
	"maps"
	"net/http"
)

func init() {
	maps.Copy(audited, map[string]string{
		"POST /admin/set-role":             "user-role-set success",
		"GET /admin/get-user":              "",
		"POST /admin/create-user":          "user-created success",
		"POST /admin/update-user":          "user-updated success",
		"POST /admin/ban-user":             "session-revoked success, user-banned success",
		"POST /admin/unban-user":           "user-unbanned success",
		"POST /admin/has-permission":       "",
		"GET /admin/list-users":            "",
		"POST /admin/list-user-sessions":   "",
		"POST /admin/revoke-user-session":  "session-revoked success",
		"POST /admin/revoke-user-sessions": "session-revoked success",
		"POST /admin/remove-user":          "user-deleted success",
		"POST /admin/set-user-password":    "user-password-set success",
		"POST /admin/impersonate-user":     "user-impersonated success",
		"POST /admin/stop-impersonating":   "impersonation-ended success",
	})
	visits = append(visits, (*visitor).people)
}

// administrator signs somebody up who may do everything.
func (v *visitor) administrator(email string) *person {
	v.t.Helper()
	p := v.signUp(email)
	v.s.Exec(`update "user" set role = 'admin' where email = $1`, email)
	return p
}

// people goes through what administrators do to others.
func (v *visitor) people() {
	boss, gus := v.administrator("boss.audit@example.test"), v.signUp("gus.audit@example.test")
	id := gus.Get("/get-session").JSON()["user"].(map[string]any)["id"].(string)
	user := map[string]any{"userId": id}
	made := map[string]any{"email": "ivy.audit@example.test", "name": "Ivy", "password": "the third password"}
	boss.Post("/admin/create-user", made).Is(http.StatusOK)
	v.secret("ivy.audit@example.test", "the third password")
	boss.Post("/admin/set-role", map[string]any{"userId": id, "role": "user"}).Is(http.StatusOK)
	boss.Post("/admin/update-user", map[string]any{"userId": id, "data": map[string]any{"name": "Another name"}}).Is(http.StatusOK)
	boss.Get("/admin/get-user?id=" + id).Is(http.StatusOK)
	boss.Post("/admin/has-permission", map[string]any{"permissions": map[string]any{"user": []string{"ban"}}}).Is(http.StatusOK)
	boss.Get("/admin/list-users").Is(http.StatusOK)
	boss.Post("/admin/list-user-sessions", user).Is(http.StatusOK)
	boss.Post("/admin/revoke-user-session", map[string]any{"sessionToken": gus.token}).Is(http.StatusOK)
	v.again(gus)
	boss.Post("/admin/revoke-user-sessions", user).Is(http.StatusOK)
	v.again(gus)
	boss.Post("/admin/ban-user", user).Is(http.StatusOK)
	boss.Post("/admin/unban-user", user).Is(http.StatusOK)
	boss.Post("/admin/set-user-password", map[string]any{"userId": id, "newPassword": "the fourth password"}).Is(http.StatusOK)
	v.secret("the fourth password")
	entered := boss.Post("/admin/impersonate-user", user).Is(http.StatusOK)
	v.secret(entered.JSON()["session"].(map[string]any)["token"].(string))
	boss.Post("/admin/stop-impersonating", "{}").Is(http.StatusOK)
	boss.Post("/admin/remove-user", user).Is(http.StatusOK)
}
