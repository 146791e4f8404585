package server

import (
	_ "embed" // for the starter configuration
	"net"
	"os"
	"strconv"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// Starter is the commented configuration that `init` writes, and that applies
// where there is no file.
//
//go:embed starter.yaml
var Starter string

// LoadConfig reads the configuration from a file, or from where the environment
// or the default say, and from the environment. Complete then settles what
// depends on the mode. The warnings are lines for the log; the error has one
// line for each problem.
func LoadConfig(file string) (*Config, []string, error) {
	source, err := config.Find(file, Starter, os.Environ())
	if err != nil {
		return nil, nil, err
	}
	return load(source)
}

// ParseConfig reads a configuration from text and an environment of its own.
func ParseConfig(text string, environment []string) (*Config, error) {
	cfg, _, err := load(config.Source{Name: config.DefaultFile, Text: []byte(text), Environment: environment})
	return cfg, err
}

func load(source config.Source) (*Config, []string, error) {
	cfg := &Config{Starter: source.Starter()}
	warnings, err := config.Load(cfg, source)
	cfg.Server.listenByEnvironment()
	config.SetDefaults(cfg)
	return cfg, warnings, err
}

// listenByEnvironment puts HOST and PORT in the place of the parts of
// server.listen, because the environment stands above the file. Where that is
// not set or has no such parts, Complete decides.
func (s *ServerConfig) listenByEnvironment() {
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return
	}
	if s.Host != "" {
		host = s.Host
	}
	if s.Port != 0 {
		port = strconv.Itoa(s.Port)
	}
	s.Listen = net.JoinHostPort(host, port)
}
