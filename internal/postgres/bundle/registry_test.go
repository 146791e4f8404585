package bundle

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// published returns the checksum that the real registry tells of a release. It
// skips the test when the registry cannot be reached.
func published(t *testing.T, r release) string {
	t.Helper()
	address, err := r.address()
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(address.JoinPath("../..", packageVersion).String())
	if err != nil {
		t.Skipf("the npm registry cannot be reached: %v", err)
	}
	defer response.Body.Close()
	var document struct{ Dist struct{ Integrity string } }
	if err := json.NewDecoder(response.Body).Decode(&document); err != nil {
		t.Fatalf("%s: %v", response.Status, err)
	}
	return document.Dist.Integrity
}

func TestTheRegistryHasThePinnedReleases(t *testing.T) {
	for platform, r := range releases {
		if got := published(t, r); got != "sha512-"+r.integrity {
			t.Errorf("%s: the registry has %s", platform, got)
		}
	}
}

func TestTheBundleRuns(t *testing.T) {
	r, err := here()
	if err != nil {
		t.Skip(err)
	}
	published(t, r)
	dir := pgtest.Folder(t)
	folder, err := postgres.OpenFolder(dir, "", quiet())
	if err != nil {
		t.Fatal(err)
	}
	bin, err := Install(t.Context(), folder.InstallDir(), quiet())
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(bin, "postgres"), "-V").Output(); err != nil || string(out) != "postgres (PostgreSQL) "+Version+"\n" {
		t.Errorf("%q, %v", out, err)
	}
	// Found without being named, it is started.
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, ForTest: true, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Stop(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	conn, err := pgx.Connect(t.Context(), s.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var version string
	if err := conn.QueryRow(t.Context(), "SHOW server_version").Scan(&version); err != nil || version != Version {
		t.Errorf("the server is %q: %v", version, err)
	}
}
