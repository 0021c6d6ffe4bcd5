package message

//go:generate go tool templ generate
