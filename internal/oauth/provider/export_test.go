package provider

// Takes lists the options that a provider knows beyond those of all.
func Takes(id string) []string { return builtIn[id].takes }
