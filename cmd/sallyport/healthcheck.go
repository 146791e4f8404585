package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/server"
)

const (
	healthTimeout = 3 * time.Second
	maxReason     = 200 // bytes of an answer that are shown
)

func newHealthcheck(o *options) *cobra.Command {
	return &cobra.Command{
		Use: "healthcheck", Short: "Exit 0 when the local server is ready", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			in, err := o.load()
			if err != nil {
				return err
			}
			scheme := "http"
			if in.cfg.Server.TLS.On() {
				scheme = "https"
			}
			return healthcheck(cmd.Context(), scheme, server.ListenAddress(in.cfg, in.mode))
		},
	}
}

// healthcheck asks the server that listens on address whether it is ready.
func healthcheck(ctx context.Context, scheme, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	url := scheme + "://" + net.JoinHostPort(host, port) + "/readyz"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	// The server is this machine's, whatever proxies the environment names.
	client := &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		// It is asked by its address, which is not the certificate's name, and
		// is told nothing.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
	}}
	res, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the server does not answer at %s", url)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		reason, _ := bufio.NewReader(io.LimitReader(res.Body, maxReason)).ReadString('\n')
		return fmt.Errorf("%s answered %d: %s", url, res.StatusCode, strings.TrimSpace(reason))
	}
	return nil
}
