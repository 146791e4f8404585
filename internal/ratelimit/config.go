package ratelimit

import (
	"errors"
	"slices"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Config holds the rate limit options.
type Config struct {
	Enabled       *bool                      `yaml:"enabled" doc:"Whether requests are limited; default is yes in production and no in development."`
	Window        config.Duration            `yaml:"window" default:"10" min:"0" max:"31536000" doc:"How long a window lasts; it begins anew with every allowed request, but in a Redis ends when it would have ended at the first. 0 means the default."`
	Max           int                        `yaml:"max" default:"100" min:"0" max:"2147483647" doc:"How many requests one address may make to one path in a window; 0 means the default."`
	Storage       string                     `yaml:"storage" enum:"memory,database,secondary-storage" doc:"Where counters are kept: in this process, or where all instances share them, a table or the Redis of secondaryStorage. Default is that Redis where there is one, else memory."`
	CustomRules   config.Ordered[CustomRule] `yaml:"customRules" doc:"Rules of your own by path, which may hold wildcards; false switches the limit off. The first key that matches counts."`
	ModelName     string                     `yaml:"modelName" doc:"The table of counters; default is rateLimit."`
	Fields        Columns                    `yaml:"fields" doc:"Columns of the counters by field name."`
	CustomStorage config.Never               `yaml:"customStorage" instead:"set storage to where counters are to be kept"`
}

// CheckOption refuses names for a table that would not be there.
func (c Config) CheckOption() error {
	if c.Storage != InDatabase && (c.ModelName != "" || c.Fields != nil) {
		return errors.New("names the table or columns of counters that are not kept in one; set storage to database, or leave modelName and fields out")
	}
	return nil
}

// The storages of counters: this process, a table, and a Redis.
const (
	InMemory    = "memory"
	InDatabase  = "database"
	InSecondary = "secondary-storage"
)

// Tables are the tables of a configuration's counters, under its names.
func (c *Config) Tables() []schema.Table {
	if c.Storage != InDatabase {
		return nil
	}
	named := schema.RateLimit
	named.Name, named.Fields = c.ModelName, slices.Clone(named.Fields)
	for i := range named.Fields {
		named.Fields[i].Column = c.Fields[named.Fields[i].Name]
	}
	return []schema.Table{named}
}

// CountsUsers tells whether a rule counts by user.
func (c *Config) CountsUsers() bool {
	return slices.ContainsFunc(c.CustomRules, func(e config.Entry[CustomRule]) bool { return e.Value.By.user() })
}

// Columns give the columns of a counter by the fields' names.
type Columns map[string]string

// CheckOption refuses names of no field.
func (c Columns) CheckOption() error { return schema.RateLimit.CheckColumns(c) }

// CustomRule is a rule of the operator for the paths that its key names.
type CustomRule struct {
	Window config.Duration `yaml:"window" required:"true" min:"1" max:"31536000" doc:"How long a window lasts on the paths of this key: a path, or a pattern with * inside a segment or ** for any segments. The first key that matches counts; false in the place of its rule switches the limit off."`
	Max    int             `yaml:"max" required:"true" min:"1" max:"2147483647" doc:"How many requests a window lets through."`
	By     By              `yaml:"by" enum:"ip,user,ip+user" default:"ip" doc:"Whose requests are counted together: those of an address, of the user of a session, or of a user at an address. Who has no session is counted by address."`

	off bool
}

// SwitchOff makes it the rule that nothing is limited.
func (c *CustomRule) SwitchOff() { c.off = true }

// CheckName refuses a key that no path could match.
func (CustomRule) CheckName(pattern string) error {
	switch {
	case pattern != "/" && strings.HasSuffix(pattern, "/"):
		return errors.New("matches no path: leave out the slash at its end")
	case strings.Contains(pattern, "*"):
		return nil
	case !strings.HasPrefix(pattern, "/"):
		return errors.New("matches no path: begin it with a slash")
	case strings.ContainsAny(pattern, "?#"):
		return errors.New("matches no path: a query is never part of one")
	}
	return nil
}

// rules gives the operator's rules in their order.
func (c *Config) rules() []Rule {
	rules := make([]Rule, len(c.CustomRules))
	for i, entry := range c.CustomRules {
		custom := entry.Value
		rules[i] = Rule{
			Match: matches(entry.Name), Window: custom.Window.Std(), Max: custom.Max, By: custom.By, Off: custom.off,
		}
	}
	return rules
}
