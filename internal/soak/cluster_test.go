package soak

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// cluster is a Postgres of a test's own, which it may end as it likes. Unlike
// the one that tests share it loses nothing that it has acknowledged, unless
// the machine fails.
type cluster struct {
	t        *testing.T
	folder   postgres.Folder
	bin      string
	address  string // host:port
	password *url.Userinfo
	settings []string
	server   *child
}

// newCluster makes a Postgres with further settings, as name=value, and starts it.
func newCluster(t *testing.T, settings ...string) *cluster {
	t.Helper()
	// The private Postgres knows how to make one, whoever runs this.
	made, err := postgres.Start(t.Context(), postgres.Options{Dir: pgtest.Folder(t), ForTest: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(made.URL())
	if err != nil {
		t.Fatal(err)
	}
	found, err := postgres.Find("", made.Folder())
	if err != nil {
		t.Fatal(err)
	}
	c := &cluster{t: t, folder: made.Folder(), bin: found.Dir, address: authtest.FreeAddress(t), password: u.User, settings: settings}
	c.start()
	return c
}

// start starts the server and waits until it lets clients in.
func (c *cluster) start() {
	c.t.Helper()
	_, port, _ := net.SplitHostPort(c.address)
	args := []string{"-D", c.folder.DataDir(), "-p", port}
	for _, setting := range append([]string{
		"listen_addresses=127.0.0.1", "unix_socket_directories=" + c.folder.File("run"), "fsync=off", "shared_buffers=32MB", "timezone=UTC",
		"log_min_messages=log",
	}, c.settings...) {
		args = append(args, "-c", setting)
	}
	cmd := c.command("postgres", args...)
	log, err := os.OpenFile(c.folder.File("postgres.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	cmd.Stdout, cmd.Stderr = log, log
	c.server = spawn(c.t, cmd)
	within(c.t, "a Postgres that lets clients in", func() bool {
		conn, err := pgx.Connect(c.t.Context(), c.url())
		if err == nil {
			_ = conn.Close(c.t.Context())
		}
		return err == nil
	})
}

// command prepares a program of Postgres, run by whoever owns the data.
func (c *cluster) command(name string, args ...string) *exec.Cmd {
	c.t.Helper()
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.folder.File("run")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if uid, gid := c.owner(); os.Geteuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uid, Gid: gid}
	}
	return cmd
}

// owner is who runs Postgres: for root another account, to whom the folder of
// the socket belongs.
func (c *cluster) owner() (uid, gid uint32) {
	c.t.Helper()
	info, err := os.Stat(c.folder.File("run"))
	if err != nil {
		c.t.Fatal(err)
	}
	stat := info.Sys().(*syscall.Stat_t)
	return stat.Uid, stat.Gid
}

// own makes a folder of the owner's.
func (c *cluster) own(path string) {
	c.t.Helper()
	uid, gid := c.owner()
	if err := errors.Join(os.Mkdir(path, 0o700), os.Lchown(path, int(uid), int(gid))); err != nil {
		c.t.Fatal(err)
	}
}

// url is how the database is reached.
func (c *cluster) url() string {
	u := url.URL{Scheme: "postgres", User: c.password, Host: c.address, Path: "/postgres", RawQuery: "sslmode=disable"}
	return u.String()
}

// exec runs a statement.
func (c *cluster) exec(sql string) {
	c.t.Helper()
	conn, err := pgx.Connect(c.t.Context(), c.url())
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(c.t.Context(), sql); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
}

// ask gives the number that a query for one number gives.
func (c *cluster) ask(sql string) (n int) {
	c.t.Helper()
	conn, err := pgx.Connect(c.t.Context(), c.url())
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(c.t.Context(), sql).Scan(&n); err != nil {
		c.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// standby makes a copy of the cluster that follows it, and for which every
// commit waits.
func (c *cluster) standby() *cluster {
	c.t.Helper()
	return c.standbyAt(authtest.FreeAddress(c.t))
}

// standbyAt is standby on an address that is known already.
func (c *cluster) standbyAt(address string) *cluster {
	c.t.Helper()
	folder, err := postgres.OpenFolder(pgtest.Folder(c.t), "", slog.New(slog.DiscardHandler))
	if err != nil {
		c.t.Fatal(err)
	}
	s := &cluster{t: c.t, folder: folder, bin: c.bin, address: address, password: c.password, settings: c.settings}
	copying := s.command("pg_basebackup", "--pgdata="+folder.DataDir(), "--write-recovery-conf", "--checkpoint=fast", "--no-sync", "--dbname="+c.url())
	s.own(folder.DataDir())
	if out, err := copying.CombinedOutput(); err != nil {
		c.t.Fatalf("pg_basebackup: %v\n%s", err, out)
	}
	s.start()
	c.exec(`alter system set synchronous_standby_names = '*'`)
	c.exec(`select pg_reload_conf()`)
	within(c.t, "a synchronous standby", func() bool {
		return c.ask(`select count(*) from pg_stat_replication where sync_state = 'sync'`) == 1
	})
	return s
}

// promote makes a standby the primary.
func (c *cluster) promote() {
	c.t.Helper()
	c.exec(`select pg_promote()`)
}

// What was committed is there after every kind of end, and on a standby.
func TestAClusterKeepsWhatItHasCommitted(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.exec(`create table word (text text)`)
	for n, end := range []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT} {
		c.exec(`insert into word values ('kept')`)
		c.server.end(end)
		c.start()
		if got := c.ask(`select count(*) from word`); got != n+1 {
			t.Errorf("%d words after %s, want %d", got, end, n+1)
		}
	}
	s := c.standby()
	c.exec(`insert into word values ('kept')`)
	c.server.end(syscall.SIGKILL)
	s.promote()
	s.exec(`insert into word values ('new')`)
	if got := s.ask(`select count(*) from word`); got != 4 {
		t.Errorf("%d words after the promotion, want 4", got)
	}
}
