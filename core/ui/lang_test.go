package ui_test

import (
	"strings"
	"testing"

	"github.com/a-h/templ"

	"preau/core/i18n"
	"preau/core/ui"
)

// What somebody wrote says its language where the page is in another, and reads in its own direction.
func TestWhatSomebodyWroteSaysItsLanguage(t *testing.T) {
	for name, c := range map[string]templ.Component{
		"story":   ui.Story{Title: "Sortie", Text: "Sous le préau ce matin.", Icon: ui.IconNews, Lang: i18n.French},
		"date":    ui.DateLine{Title: "Sortie", Lang: i18n.French},
		"feed":    ui.FeedLine{Title: "Sortie", Icon: ui.IconNews, Lang: i18n.French},
		"finding": ui.Finding{Title: "Sortie", Text: "Ce matin.", Icon: ui.IconNews, Lang: i18n.French},
	} {
		if got := drawIn(t, i18n.English, c); !strings.Contains(got, `<bdi lang="fr">Sortie</bdi>`) {
			t.Errorf("%s: %s", name, got)
		}
		if got := draw(t, c); strings.Contains(got, "lang=") || !strings.Contains(got, "<bdi>Sortie</bdi>") {
			t.Errorf("%s on a French page: %s", name, got)
		}
	}
	if got := drawIn(t, i18n.English, ui.Story{Title: "x", Text: "Ce matin.", Icon: ui.IconNews, Lang: i18n.French}); !strings.Contains(got, `dir="auto" lang="fr">Ce matin.`) {
		t.Error(got)
	}
}
