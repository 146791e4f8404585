package provider

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// discord asks nobody again who has agreed before, and gives names of pictures
// from which their addresses have to be made.
func discord(_ *maker, o oauth.Options, d Deps) (*oauth.Provider, error) {
	s := standard{
		id: "discord", name: "Discord",
		authorize: "https://discord.com/api/oauth2/authorize", token: "https://discord.com/api/oauth2/token",
		userInfo: "https://discord.com/api/users/%40me",
		scopes:   []string{"identify", "email"}, plain: true,
	}
	p := s.provider(o, d)
	p.Authorize = func(a oauth.Authorization) (string, error) {
		// The scopes of the request come before those of the options here.
		in := o
		in.Scope, a.Scopes = a.Scopes, o.Scope
		r := s.request(&in, a)
		if r.Prompt = o.Prompt; r.Prompt == "" {
			r.Prompt = "none"
		}
		if o.Permissions != nil && slices.Contains(r.Scopes, "bot") {
			r.Extra = before(oauth.Param{Name: "permissions", Value: strconv.Itoa(*o.Permissions)}, r.Extra)
		}
		return r.URL()
	}
	p.Subject = subject("id")
	p.UserInfo = s.userWithin(&o, d, func(profile api.Object) (api.Object, api.Object, error) {
		image, err := discordImage(profile)
		if err != nil {
			return nil, nil, err
		}
		profile = profile.Set("image_url", image)
		its := func(key string) any { return oauth.Member(profile, key) }
		return profile, api.Object{
			{Key: "name", Value: or(its("global_name"), its("username"), "")},
			{Key: "email", Value: its("email")},
			{Key: "emailVerified", Value: its("verified")},
			{Key: "image", Value: image},
		}, nil
	})
	return p, nil
}

// discordImage gives the address of a user's picture, or of the one that Discord
// shows for those who have none.
func discordImage(profile api.Object) (string, error) {
	id := oauth.Member(profile, "id")
	switch avatar := oauth.Member(profile, "avatar").(type) {
	case string:
		format := "png"
		if strings.HasPrefix(avatar, "a_") {
			format = "gif"
		}
		return fmt.Sprintf("https://cdn.discordapp.com/avatars/%s/%s.%s", spelled(id), avatar, format), nil
	case nil:
		number, err := discordNumber(id, oauth.Member(profile, "discriminator"))
		return "https://cdn.discordapp.com/embed/avatars/" + number + ".png", err
	}
	return "", fmt.Errorf("the avatar is no text: %w", oauth.ErrNoUser)
}

var leadingDigits = regexp.MustCompile(`^\s*[+-]?[0-9]+`)

// discordNumber picks one of Discord's own pictures: by the id, for users with
// names of the new kind, else by the four digits of an old name.
func discordNumber(id, discriminator any) (string, error) {
	if discriminator != "0" {
		digits, err := strconv.Atoi(strings.TrimSpace(leadingDigits.FindString(spelled(discriminator))))
		if err != nil {
			return "NaN", nil //nolint:nilerr // what the original makes of an unknown name
		}
		return strconv.Itoa(digits % 5), nil
	}
	number, ok := new(big.Int).SetString(strings.TrimSpace(spelled(id)), 10)
	switch spelled(id) {
	case "", "false":
		number, ok = big.NewInt(0), true
	case "true":
		number, ok = big.NewInt(1), true
	}
	if !ok || id == nil {
		return "", fmt.Errorf("the id is no number: %w", oauth.ErrNoUser)
	}
	made, _ := new(big.Float).SetInt(number.Rsh(number, 22)).Float64()
	return strconv.Itoa(int(made) % 6), nil
}
