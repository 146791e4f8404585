package admin_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestNobodyRemovesThemselvesHoweverTheIdIsWritten(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, with("", "advanced: {database: {generateId: serial}}"))
	boss := signUpAdmin(t, s, "boss")
	for _, id := range []string{boss.id, "0" + boss.id, "+" + boss.id} {
		boss.Post("/admin/remove-user", map[string]any{"userId": id}).Code(http.StatusBadRequest, "YOU_CANNOT_REMOVE_YOURSELF")
	}
}
