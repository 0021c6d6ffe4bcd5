package federation

//go:generate go tool templ generate
