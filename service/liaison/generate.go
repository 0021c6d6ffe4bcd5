package liaison

//go:generate go tool templ generate
