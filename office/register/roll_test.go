package register_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
)

// send posts a sheet.
func (v visitor) send(path, text string) reply {
	v.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "equipe.csv")
	if err != nil {
		v.T.Fatal(err)
	}
	if _, err := part.Write([]byte(text)); err != nil {
		v.T.Fatal(err)
	}
	if err := form.Close(); err != nil {
		v.T.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.T.Context(), http.MethodPost, v.URL+path, &body)
	if err != nil {
		v.T.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return v.Do(r)
}

// A sheet is entered whole or not at all; twice, it doubles nobody; each line
// needs the right of its post.
func TestASheetOfPeopleIsEnteredWhole(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		uai := string(h.Structure(at).UAI)
		ref := h.Structure(h.commune(at)).Ref
		town := h.enter(h.Appoint("mairie", school.Municipal, h.commune(at)), school.Municipal)
		count := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_person WHERE usual_name LIKE 'FEUILLE%'`)
		}
		header := "Civilité;Prénom;Nom;Poste;Lieu;Motif;Jusqu'au\n"
		good := "Mme;Zoé;FEUILLE A;cantine;" + uai + ";rentrée;18/12/2026\nM.;Luc;FEUILLE B;agent de la commune;" + ref + ";rentrée;\n"
		for name, text := range map[string]string{
			"a head":         good + "Mme;Ada;FEUILLE C;directrice;" + uai + ";x;\n",
			"no post":        good + "Mme;Ada;FEUILLE C;chef;" + uai + ";x;\n",
			"no place":       good + "Mme;Ada;FEUILLE C;cantine;0000000Z;x;\n",
			"no reason":      good + "Mme;Ada;FEUILLE C;cantine;" + uai + ";;\n",
			"no name":        good + "Mme;Ada;;cantine;" + uai + ";x;\n",
			"a wrong day":    good + "Mme;Ada;FEUILLE C;cantine;" + uai + ";x;31/02/2027\n",
			"another's town": good + "Mme;Ada;FEUILLE C;cantine;" + string(h.Structure(h.far[0]).UAI) + ";x;\n",
			"a wrong place":  good + "Mme;Ada;FEUILLE C;agent de la commune;" + uai + ";x;\n",
		} {
			page := town.send("/register/roll", header+text)
			page.Wants(http.StatusUnprocessableEntity, "rien n’a été enregistré")
			if n := count(); n != 0 {
				t.Fatalf("%s: %d people entered", name, n)
			}
		}
		town.send("/register/roll", "").Wants(http.StatusUnprocessableEntity)
		town.send("/register/roll", header).Wants(http.StatusUnprocessableEntity)
		for range 2 {
			town.send("/register/roll", header+good).Wants(http.StatusOK)
			if n := count(); n != 2 {
				t.Fatalf("%d people, want 2", n)
			}
		}
		agent := h.enter(h.appointed("FEUILLE A"), school.CareAgent)
		agent.Get("/register/school/" + at.String() + "/care/" + string(directory.Canteen)).Wants(http.StatusOK)
		if acts := h.Acts(agent.Person); !strings.Contains(strings.Join(acts, " "), "register.appoint") {
			t.Errorf("the journal has %v", acts)
		}
	})
}
