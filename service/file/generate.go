package file

//go:generate go tool templ generate
