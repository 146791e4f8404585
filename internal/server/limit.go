package server

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// answerLimited is the limiter's answer.
func answerLimited(w http.ResponseWriter, retryAfter int) {
	api.WriteError(w, api.TooManyRequests(time.Duration(retryAfter)*time.Second))
}

func withChi(ctx context.Context, route *chi.Context) context.Context {
	return context.WithValue(ctx, chi.RouteCtxKey, route)
}
