package whom

//go:generate go tool templ generate
