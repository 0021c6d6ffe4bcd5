package reception

//go:generate go tool templ generate
