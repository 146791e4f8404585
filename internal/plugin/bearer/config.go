package bearer

// Config holds the options of the bearer plugin.
type Config struct {
	RequireSignature bool `yaml:"requireSignature" doc:"Whether only signed session tokens count, not the bare ones of JSON answers."`
}
