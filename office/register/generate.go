package register

//go:generate go tool templ generate
