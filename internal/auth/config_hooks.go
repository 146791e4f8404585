package auth

import "github.com/sallyport-auth/sallyport/internal/config"

// DatabaseHooksConfig holds the hooks around writes of shared rows, by model.
type DatabaseHooksConfig struct {
	User         RecordHooksConfig `yaml:"user"`
	Session      RecordHooksConfig `yaml:"session"`
	Account      RecordHooksConfig `yaml:"account"`
	Verification RecordHooksConfig `yaml:"verification"`
}

// RecordHooksConfig holds the hooks of one model, by kind of write.
type RecordHooksConfig struct {
	Create WriteHooksConfig `yaml:"create"`
	Update WriteHooksConfig `yaml:"update"`
	Delete WriteHooksConfig `yaml:"delete"`
}

// WriteHooksConfig holds the hooks of one kind of write.
type WriteHooksConfig struct {
	Before config.Later `yaml:"before" doc:"What is asked before the write."`
	After  config.Later `yaml:"after" doc:"What is told after the write."`
}

// HooksConfig holds the functions around every endpoint, which have no file form.
type HooksConfig struct {
	Before config.Never `yaml:"before" instead:"put a proxy in front of this server"`
	After  config.Never `yaml:"after" instead:"put a proxy in front of this server"`
}
