package portal

//go:generate go tool templ generate
