package admin_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestAnIdIsNotForAdministratorsToChoose(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("adminUserIds: [root]", ""))
	boss := signUpAdmin(t, s, "boss")
	boss.Post("/admin/create-user", map[string]any{"email": "eve@example.test", "name": "Eve", "data": map[string]any{"id": "root"}}).
		Code(http.StatusBadRequest, "USER_ID_CANNOT_BE_UPDATED")
	if n := s.Count(`select count(*) from "user"`); n != 1 {
		t.Errorf("%d users", n)
	}
}

func TestAnotherAddressEndsWhatWasMailed(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, `
emailAndPassword: {enabled: true, sendResetPassword: true}
rateLimit: {enabled: false}
plugins: {admin: {}}
`)
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	for _, tt := range []struct {
		data map[string]any
		left int
	}{
		{map[string]any{"name": "Ann"}, 1},
		{map[string]any{"email": ann.email}, 1}, // the same one
		{map[string]any{"email": "new@example.test"}, 0},
	} {
		s.Exec("delete from verification")
		s.Client().Post("/request-password-reset", map[string]any{"email": ann.email}).Is(http.StatusOK)
		boss.Post("/admin/update-user", map[string]any{"userId": ann.id, "data": tt.data}).Is(http.StatusOK)
		if n := s.Count("select count(*) from verification"); n != tt.left {
			t.Errorf("%v leaves %d links", tt.data, n)
		}
	}
}

// Nothing that an administrator sends as data makes an error of the server, or
// leaves half a user.
func TestDataThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", "user: {additionalFields: {level: {type: number, required: false}, code: {type: string, required: false, unique: true}}}"))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	boss.Post("/admin/update-user", map[string]any{"userId": boss.id, "data": map[string]any{"code": "taken"}}).Is(http.StatusOK)
	for _, data := range []string{
		`{"level":"high"}`, `{"level":1e30}`, `{"createdAt":"never"}`, `{"createdAt":null}`, `{"emailVerified":"maybe"}`, `{"emailVerified":null}`,
		`{"banned":5.5}`, `{"banExpires":"soon"}`, `{"image":"\u0000"}`, `{"code":"taken"}`,
	} {
		boss.Post("/admin/update-user", `{"userId":"`+ann.id+`","data":`+data+`}`).Code(http.StatusBadRequest, "FAILED_TO_UPDATE_USER")
		boss.Post("/admin/create-user", `{"email":"bob@example.test","name":"Bob","data":`+data+`}`).Code(http.StatusUnprocessableEntity, "FAILED_TO_CREATE_USER")
	}
	if n := s.Count(`select count(*) from "user"`); n != 2 {
		t.Errorf("%d users", n)
	}
}

func TestIdsOfAnotherFormAreNobodys(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"uuid", "serial"} {
		s := authtest.New(t, with("", "advanced: {database: {generateId: "+kind+"}}"))
		boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
		for _, id := range []any{"x", "", nil, 1e30, -1, []string{}, "99999999999999999999", "00000000-0000-0000-0000-000000000000"} {
			boss.Post("/admin/set-role", map[string]any{"userId": id, "role": "user"}).Code(http.StatusNotFound, "USER_NOT_FOUND")
			boss.Post("/admin/update-user", map[string]any{"userId": id, "data": map[string]any{"name": "x"}}).Code(http.StatusNotFound, "USER_NOT_FOUND")
			boss.Post("/admin/ban-user", map[string]any{"userId": id}).Code(http.StatusNotFound, "USER_NOT_FOUND")
			boss.Post("/admin/unban-user", map[string]any{"userId": id}).Code(http.StatusNotFound, "USER_NOT_FOUND")
		}
		boss.Post("/admin/ban-user", map[string]any{"userId": ann.id}).Is(http.StatusOK)
		boss.Post("/admin/create-user", map[string]any{"email": "c@example.test", "name": "C", "password": password, "data": map[string]any{"image": "i"}}).Is(http.StatusOK)
	}
}

func TestOneAccountOfManyCreationsAtOnce(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss := signUpAdmin(t, s, "boss")
	statuses := make([]int, 8)
	authtest.Together(len(statuses), func(i int) {
		if a, err := boss.Try(boss.Request(http.MethodPost, "/admin/create-user", "application/json", `{"email":"Eve@example.test","name":"Eve"}`)); err == nil {
			statuses[i] = a.Status
		}
	})
	made := 0
	for _, status := range statuses {
		switch status {
		case http.StatusOK:
			made++
		case http.StatusBadRequest:
		default:
			t.Errorf("status %d", status)
		}
	}
	if made != 1 {
		t.Errorf("%d were made", made)
	}
}

func TestANumberThatIsTooLargeIsNoDate(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", ""))
	boss, ann := signUpAdmin(t, s, "boss"), signUp(t, s, "ann")
	for _, field := range []string{"banExpires", "createdAt", "updatedAt"} {
		update := `{"userId":"` + ann.id + `","data":{"` + field + `":1e400}}`
		boss.Do(http.MethodPost, "/admin/update-user", "application/json", update).Code(http.StatusBadRequest, "FAILED_TO_UPDATE_USER")
		create := `{"email":"new@example.test","name":"new","data":{"` + field + `":-1e400}}`
		boss.Do(http.MethodPost, "/admin/create-user", "application/json", create).Code(http.StatusUnprocessableEntity, "FAILED_TO_CREATE_USER")
	}
}
