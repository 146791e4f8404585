package transcript_test

import (
	"flag"
	"os"
	"runtime"
	"strconv"
	"testing"
)

// TestMain plays twice as many conversations at a time as there are processors,
// unless -parallel says otherwise: many of them wait for a time to pass.
func TestMain(m *testing.M) {
	flag.Parse()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" })
	if !given {
		_ = flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0)))
	}
	os.Exit(m.Run())
}
