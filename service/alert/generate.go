package alert

//go:generate go tool templ generate
