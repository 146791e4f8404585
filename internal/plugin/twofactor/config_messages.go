package twofactor

import "github.com/sallyport-auth/sallyport/internal/auth"

// Sends lists the options that make the server send messages.
func (c *Config) Sends() []auth.SendOption {
	return []auth.SendOption{{Name: "otpOptions.sendOTP", Channel: auth.Email, On: c.OTPOptions.SendOTP}}
}
