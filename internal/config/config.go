// Package config reads the operator's configuration, a YAML or JSON file and the environment, into a
// tree of plain structs. The tree is the single list of options: the reader, the JSON Schema, the
// reference page and the list of environment variables are all made from its types and tags.
//
// The tags of a field:
//
//	yaml:"expiresIn"       the option's name in the file, exact case; ",inline" merges a struct's options
//	doc:"..."              one full sentence for the reference page and the schema
//	default:"604800"       what an absent option means, where that is not the zero value
//	min:"1" max:"128"      bounds of a number, or of a duration in seconds
//	enum:"a,b"             the allowed texts; with fold:"true" in any case, stored as the tag writes them
//	env:"NAME,OTHER"       environment variables that set the option, the first that is set counts;
//	                       a leading + adds to a list, NAME!=/ does not count when its value is /
//	instead:"use ..."      on a Never, what to do in its place
//	noNumber:"..."         why a number is refused where a text is wanted
//	laterObject:"..."      the object form of this option is not supported yet
//
// A plain field whose file value is zero gets its default, as the original's `value || default` does;
// where the original tells zero from absent the field is a pointer.
//
// What the values mean together (what production requires, say) is not decided here.
package config
