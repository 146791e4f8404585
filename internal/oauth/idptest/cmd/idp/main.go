// Command idp runs the identity provider of tests for people at a browser: where
// idptest signs in whomever a script names, it shows a page that asks.
//
//	go run ./internal/oauth/idptest/cmd/idp -listen 127.0.0.1:9000
//
// A provider is found under its usual address as a path, as in
// http://127.0.0.1:9000/https/gitlab.com/oauth/authorize.
package main

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9000", "the `address` to listen at")
	flag.Parse()
	if err := serve(*listen); err != nil {
		fmt.Fprintln(os.Stderr, "idp:", err)
		os.Exit(1)
	}
}

func serve(address string) error {
	provider, err := idptest.Start()
	if err != nil {
		return err
	}
	defer provider.Close()
	handler, err := ask(provider)
	if err != nil {
		return err
	}
	server := &http.Server{Addr: address, Handler: handler, ReadHeaderTimeout: time.Minute}
	return server.ListenAndServe()
}
