package username

import (
	"errors"
	"fmt"
	"regexp"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config holds the options of the username plugin.
type Config struct {
	MinUsernameLength            int           `yaml:"minUsernameLength" default:"3" min:"0" doc:"The fewest UTF-16 units of a user name; 0 means the default."`
	MaxUsernameLength            int           `yaml:"maxUsernameLength" default:"30" min:"0" doc:"The most UTF-16 units of a user name; 0 means the default."`
	UsernameValidator            Pattern       `yaml:"usernameValidator" default:"^[a-zA-Z0-9_.]+$" doc:"The regular expression (RE2) that a user name must match, somewhere unless it has ^ and $."`
	DisplayUsernameValidator     Pattern       `yaml:"displayUsernameValidator" doc:"The regular expression (RE2) that a name to show must match, somewhere unless it has ^ and $; default is none."`
	UsernameNormalization        Normalization `yaml:"usernameNormalization" doc:"The form in which a user name is stored and looked for: lowercase, trim, or false for as it came; default is lowercase."`
	DisplayUsernameNormalization Normalization `yaml:"displayUsernameNormalization" doc:"The form in which a name to show is stored: lowercase, trim, or false for as it came; default is false."`
	ValidationOrder              OrderConfig   `yaml:"validationOrder"`
	DisplayUsername              *bool         `yaml:"displayUsername" default:"true" doc:"Whether users have a name to show beside the one to sign in with."`
	ImmutableUsername            bool          `yaml:"immutableUsername" doc:"Whether a user who has a user name keeps it."`
	Schema                       SchemaConfig  `yaml:"schema"`
}

// OrderConfig says which form of a name is checked.
type OrderConfig struct {
	Username        string `yaml:"username" enum:"pre-normalization,post-normalization" default:"pre-normalization" doc:"Whether a user name is checked as it came or in its normal form."`
	DisplayUsername string `yaml:"displayUsername" enum:"pre-normalization,post-normalization" default:"pre-normalization" doc:"Whether a name to show is checked as it came or in its normal form."`
}

const postNormalization = "post-normalization"

// SchemaConfig holds the names of the plugin's columns.
type SchemaConfig struct {
	User UserNames `yaml:"user"`
}

// UserNames are the names of columns of users.
type UserNames struct {
	ModelName config.Never      `yaml:"modelName" instead:"set user.modelName"`
	Fields    map[string]string `yaml:"fields" doc:"Columns of username and displayUsername; default is the field's name."`
}

// CheckOption refuses names of no field.
func (n UserNames) CheckOption() error { return columns.CheckColumns(n.Fields) }

// Pattern is a regular expression in the syntax of RE2.
type Pattern string

// CheckOption refuses what cannot be compiled.
func (p Pattern) CheckOption() error {
	if _, err := regexp.Compile(string(p)); err != nil {
		return fmt.Errorf("is no regular expression that this server knows: %w", err)
	}
	return nil
}

// Normalization is how the normal form of a name comes about.
type Normalization struct {
	// Form is lowercase, trim, or none; empty is the default of the option.
	Form string
}

const (
	none      = "none"
	lowercase = "lowercase"
	trim      = "trim"
)

// UnmarshalOption takes the name of a form or false.
func (n *Normalization) UnmarshalOption(value any) error {
	switch value {
	case false:
		n.Form = none
	case lowercase:
		n.Form = lowercase
	case trim:
		n.Form = trim
	default:
		return errors.New("must be lowercase, trim or false")
	}
	return nil
}

// OptionSchema describes the same in JSON Schema.
func (Normalization) OptionSchema() map[string]any {
	return map[string]any{"enum": []any{lowercase, trim, false}}
}
