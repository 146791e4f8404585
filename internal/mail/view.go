package mail

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// View is what a template can show.
type View struct {
	AppName, Recipient string
	// Locale is the language of the template; Subject is known to the HTML.
	Locale, Subject string
	URL, Token      string
	// Code is to be typed in, where there is one.
	Code string
	// NewEmail is the address that an account is to have.
	NewEmail string
	// Minutes is how long the message's link or code works.
	Minutes int
	// User are the fields of the user, each as text.
	User map[string]string
	// Data is everything that the message holds.
	Data map[string]any
}

// NewView gives what templates can show of a message.
func NewView(appName string, l *Letter) (View, error) {
	v := View{AppName: appName, Recipient: l.Recipient, User: map[string]string{}}
	if err := json.Unmarshal(l.Data, &v.Data); err != nil {
		return v, fmt.Errorf("reading the data of a message: %w", err)
	}
	v.URL, _ = v.Data["url"].(string)
	v.Token, _ = v.Data["token"].(string)
	v.Code, _ = v.Data["otp"].(string)
	v.NewEmail, _ = v.Data["newEmail"].(string)
	user, _ := v.Data["user"].(map[string]any)
	for name, value := range user {
		if value != nil {
			v.User[name] = fmt.Sprint(value)
		}
	}
	if !l.ExpiresAt.IsZero() {
		v.Minutes = int(l.ExpiresAt.Sub(l.CreatedAt).Round(time.Minute) / time.Minute)
	}
	return v, nil
}

// Sample is a message as templates are tried and previewed with.
func Sample(event string) View {
	at := time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC)
	data, err := api.JSON(api.Object{
		{Key: "user", Value: api.Object{
			{Key: "id", Value: "4f1W2pVvHkQq3yJ8nL0sXzTdRb6uCmGa"},
			{Key: "name", Value: "Ann Example"},
			{Key: "email", Value: "ann@example.com"},
			{Key: "emailVerified", Value: true},
			{Key: "image", Value: nil},
			{Key: "createdAt", Value: at},
			{Key: "updatedAt", Value: at},
		}},
		{Key: "newEmail", Value: "ann@new.example.com"},
		{Key: "url", Value: "https://auth.example.com/api/auth/" + event + "/example-token?callbackURL=%2F"},
		{Key: "token", Value: "example-token"},
		{Key: "otp", Value: "123456"},
	})
	if err != nil {
		panic(err) // nothing in it can fail
	}
	v, err := NewView("Example", &Letter{Recipient: "ann@example.com", Data: data, CreatedAt: at, ExpiresAt: at.Add(time.Hour)})
	if err != nil {
		panic(err) // it was written three lines above
	}
	return v
}

// functions are what templates can call.
var functions = map[string]any{"duration": duration, "link": newLink}

// duration says in English how long something takes.
func duration(minutes int) string {
	for _, unit := range []struct {
		minutes int
		name    string
	}{{24 * 60, "day"}, {60, "hour"}, {1, "minute"}} {
		if n := minutes / unit.minutes; minutes%unit.minutes == 0 && n > 0 {
			if n == 1 {
				return "1 " + unit.name
			}
			return fmt.Sprintf("%d %ss", n, unit.name)
		}
	}
	return "a moment"
}

// link is what the button of the layout shows.
type link struct{ URL, Label, Fallback string }

func newLink(url, label, fallback string) link { return link{url, label, fallback} }
