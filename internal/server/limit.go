package server

import (
	"context"
	"net/http"
	"strconv"

	"github.com/go-chi/chi/v5"

	"github.com/sallyport-auth/sallyport/internal/api"
)

var errTooManyRequests = api.NewError(http.StatusTooManyRequests, "", "Too many requests. Please try again later.")

// answerLimited is the limiter's answer. X-Retry-After is the original's
// header, Retry-After the standard one beside it.
func answerLimited(w http.ResponseWriter, retryAfter int) {
	seconds := strconv.Itoa(retryAfter)
	w.Header().Set("X-Retry-After", seconds)
	w.Header().Set("Retry-After", seconds)
	api.WriteError(w, errTooManyRequests)
}

func withChi(ctx context.Context, route *chi.Context) context.Context {
	return context.WithValue(ctx, chi.RouteCtxKey, route)
}
