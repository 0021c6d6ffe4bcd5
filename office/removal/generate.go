package removal

//go:generate go tool templ generate
