package config

import (
	"errors"
	"strings"
)

// tree is a small tree with an option of every form.
type tree struct {
	Name     string            `yaml:"name" env:"BETTER_AUTH_NAME,OTHER_NAME!=/" doc:"A text."`
	Secret   Secret            `yaml:"secret" env:"BETTER_AUTH_SECRET"`
	Level    string            `yaml:"level" enum:"debug,info" default:"info"`
	Site     *string           `yaml:"site" enum:"strict,lax" fold:"true"`
	Origins  []string          `yaml:"origins" env:"+BETTER_AUTH_ORIGINS"`
	Limits   limits            `yaml:"limits"`
	Plugins  plugins           `yaml:"plugins"`
	Items    []item            `yaml:"items"`
	ByKey    map[string]limits `yaml:"byKey"`
	Claims   Ordered[string]   `yaml:"claims"`
	Rules    Ordered[rule]     `yaml:"rules"`
	Audience OneOrMany         `yaml:"audience"`
	Base     string            `yaml:"base" laterObject:"with hosts"`
	Span     string            `yaml:"span" noNumber:"it would be a date"`
	Redis    Later             `yaml:"redis" env:"REDIS_URL"`
	Hash     Never             `yaml:"hash" instead:"use scrypt"`
	Port     int               `yaml:"-" env:"PORT" min:"1" max:"65535"`
	Traces   Later             `yaml:"-" env:"OTEL_*"`
	Quiet    Never             `yaml:"-" env:"BETTER_AUTH_TELEMETRY*"`
}

type limits struct {
	Max      int       `yaml:"max" min:"1" max:"100"`
	Window   Duration  `yaml:"window" min:"0"`
	Enabled  *bool     `yaml:"enabled"`
	FreshFor *Duration `yaml:"freshFor" min:"0"`
	Bytes    int64     `yaml:"bytes"`
}

type plugins struct {
	JWT   *limits `yaml:"jwt"`
	Admin Later   `yaml:"admin"`
	order []string
}

func (p *plugins) SetOrder(names []string) { p.order = names }

type item struct {
	Version *int   `yaml:"version" required:"true"`
	Value   Secret `yaml:"value" required:"true"`
}

// rule is a section that may be false, under keys that begin with a slash.
type rule struct {
	Max int `yaml:"max" required:"true" min:"1"`
	off bool
}

func (r *rule) SwitchOff() { r.off = true }

func (rule) CheckName(name string) error {
	if !strings.HasPrefix(name, "/") {
		return errors.New("must begin with a slash")
	}
	return nil
}

func (tree) Misnamed() map[string]string { return map[string]string{"windowMs": "limits.window"} }

// read loads a text with an environment of its own.
func read(text string, environment ...string) (tree, []string, error) {
	var into tree
	warnings, err := Load(&into, Source{Name: "sallyport.yaml", Text: []byte(text), Environment: environment})
	return into, warnings, err
}
