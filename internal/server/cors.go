package server

import (
	"net/http"

	"github.com/go-chi/cors"

	"github.com/sallyport-auth/sallyport/internal/auth"
)

// exposedHeaders are the headers of an answer that scripts on a trusted origin
// may read.
var exposedHeaders = []string{"set-auth-token", "set-auth-jwt", "X-Retry-After", "Retry-After"}

// withCORS answers preflights of trusted origins before any other step, and
// marks every answer to one. Other origins get no CORS header at all, so their
// browsers keep the answer from them.
func withCORS(a *auth.Auth, next http.Handler) http.Handler {
	marked := cors.Handler(cors.Options{
		AllowOriginFunc:  a.Trusted.AllowsRequest,
		AllowedMethods:   []string{"GET", "POST", "PUT", "PATCH", "DELETE"},
		AllowedHeaders:   []string{"*"},
		ExposedHeaders:   exposedHeaders,
		AllowCredentials: true,
		MaxAge:           600,
	})(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if origin == "" || !a.Trusted.AllowsOrigin(origin) {
			w.Header().Add("Vary", "Origin")
			next.ServeHTTP(w, r)
			return
		}
		marked.ServeHTTP(w, r)
	})
}
