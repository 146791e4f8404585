package config

import (
	"testing"
)

type defaultsTree struct {
	Plain   int       `yaml:"plain" default:"8"`
	Pointer *Duration `yaml:"pointer" default:"86400"`
	On      *bool     `yaml:"on" default:"true"`
	List    []string  `yaml:"list" default:"x-forwarded-for"`
	Inner   struct {
		Name string `yaml:"name" default:"sallyport"`
	} `yaml:"inner"`
	Absent *struct {
		Name string `yaml:"name" default:"never set"`
	} `yaml:"absent"`
	NoOption int `default:"3"`
}

func TestDefaultsFillWhatWasLeftOut(t *testing.T) {
	var tree defaultsTree
	SetDefaults(&tree)
	if tree.Plain != 8 || *tree.Pointer != Duration(86400e9) || !*tree.On || tree.Inner.Name != "sallyport" {
		t.Errorf("got %+v", tree)
	}
	if len(tree.List) != 1 || tree.List[0] != "x-forwarded-for" {
		t.Errorf("list %q", tree.List)
	}
	if tree.Absent != nil || tree.NoOption != 0 {
		t.Errorf("what is off or no option was touched: %+v", tree)
	}
}

func TestDefaultsKeepWhatWasGiven(t *testing.T) {
	off, zero := false, Duration(0)
	tree := defaultsTree{Plain: 3, Pointer: &zero, On: &off, List: []string{}}
	SetDefaults(&tree)
	SetDefaults(&tree)
	if tree.Plain != 3 || *tree.Pointer != 0 || *tree.On || len(tree.List) != 0 {
		t.Errorf("got %+v", tree)
	}
}
