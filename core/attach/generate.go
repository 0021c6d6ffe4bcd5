package attach

//go:generate go tool templ generate
