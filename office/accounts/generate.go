package accounts

//go:generate go tool templ generate
