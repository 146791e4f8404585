// Package layers holds the order of the project's packages and checks that the source keeps to it.
// It is the only list of rooms: the import rules of .golangci.yml are written from it.
//
// The checks are its tests. The server does not import this package.
package layers

import "strings"

// Module is the import path of the project.
const Module = "github.com/sallyport-auth/sallyport"

// rooms are the packages of the module from the bottom to the top. A package may import those of
// rooms above its own in this list, and of its own room. "x/*" stands for the packages in x, each a
// room of its own at the same height: none of them may import another.
var rooms = []string{
	"internal/version",
	"internal/layers",
	"internal/logs",
	"internal/config",
	"internal/schema",
	"internal/scrypt",
	"internal/legacy",
	"internal/secure",
	"internal/jose",
	"internal/origin",
	"internal/clientip",
	"internal/outbound",
	"internal/redis",
	"internal/trace",
	"db",
	"internal/store",
	"internal/migrate",
	"internal/sweep",
	"internal/postgres",
	"internal/api",
	"internal/openapi",
	"internal/ratelimit",
	"internal/mail",
	"internal/throttle",
	"internal/oauth",
	"internal/oauth/provider",
	"internal/auth",
	"internal/social",
	"internal/users",
	"internal/core",
	"internal/plugin/*",
	"internal/server",
	"internal/carry",
	"internal/authtest",
	"internal/transcript",
	"internal/bench",
	"internal/soak",
	"internal/swap",
	"web/clienttest",
	"docs/verify",
	"cmd/*",
}

// testOnly are packages that no program may contain: only tests, and each other, import them.
var testOnly = []string{
	"internal/postgres/pgtest",
	"internal/mail/smtptest",
	"internal/redis/redistest",
	"internal/trace/otlptest",
	"internal/oauth/idptest",
	"internal/authtest",
	"internal/transcript",
	"internal/bench",
	"internal/soak",
	"internal/swap",
	"web/clienttest",
	"docs/verify",
}

// strangers are programs for readers to copy. They import nothing of ours, and whatever library they show.
const strangers = "docs/verify/go"

// keepers name the one package that may import a library.
var keepers = map[string]string{
	"github.com/lestrrat-go/jwx":  "internal/jose",
	"github.com/redis/go-redis":   "internal/redis",
	"github.com/ulule/limiter/v3": "internal/redis",
	"go.opentelemetry.io":         "internal/trace",
}

// locationFile is the only file that may write a Location header: every redirect passes there, so
// that no other code can be made to send a browser somewhere else.
const locationFile = "internal/api/location.go"

// describesLocation may name that header too: it describes answers and sends none.
const describesLocation = "internal/openapi"

// height finds the room of a package, given as its path inside the module; -1 when it has none.
func height(pkg string) int {
	for i, room := range rooms {
		if within(pkg, strings.TrimSuffix(room, "/*")) {
			return i
		}
	}
	return -1
}

// mayImport reports whether the order lets package from import package to.
func mayImport(from, to string) bool {
	below, above := height(to), height(from)
	switch {
	case below < 0 || above < 0:
		return false
	case below != above:
		return below < above
	default:
		return roomOf(from) == roomOf(to)
	}
}

// roomOf is the folder of pkg's room. For rooms under "x/*" that is "x/name".
func roomOf(pkg string) string {
	folder, each := strings.CutSuffix(rooms[height(pkg)], "/*")
	if !each {
		return folder
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(pkg, folder+"/"), "/")
	return folder + "/" + name
}

// within reports whether pkg is folder or lies in it.
func within(pkg, folder string) bool {
	return pkg == folder || strings.HasPrefix(pkg, folder+"/")
}
