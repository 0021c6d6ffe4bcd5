package ui

import (
	"encoding/json"
	"net/http"
)

// ManifestPath is where [Manifest] is mounted.
const ManifestPath = "/app.webmanifest"

// Shortcut is a room that the icon of the portal leads to at once, where the telephone shows
// shortcuts.
type Shortcut struct {
	Name string `json:"name"`
	Path string `json:"url"`
}

// Manifest describes the portal to a telephone that installs it (W3C, Web Application Manifest).
func Manifest(description string, shortcuts []Shortcut) http.Handler {
	type icon struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	var icons []icon
	// The drawing stands within the circle that telephones leave of a maskable icon.
	for _, purpose := range []string{"any", "maskable"} {
		for _, size := range []string{"192", "512"} {
			icons = append(icons, icon{URL("icon-" + size + ".png"), size + "x" + size, contentTypes[".png"], purpose})
		}
	}
	manifest, err := json.Marshal(map[string]any{
		"name": "Préau", "short_name": "Préau", "description": description, "lang": "fr", "dir": "ltr",
		"id": "/", "start_url": "/", "scope": "/", "display": "standalone",
		"background_color": paper, "theme_color": paper,
		"icons": icons, "shortcuts": shortcuts,
	})
	if err != nil {
		panic(err) // texts and numbers always have a form
	}
	return named("application/manifest+json", manifest)
}
