package news

//go:generate go tool templ generate
