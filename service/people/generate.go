package people

//go:generate go tool templ generate
