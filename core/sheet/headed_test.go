package sheet

import (
	"slices"
	"strings"
	"testing"
)

func TestReadHeadedRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":               "",
		"blank lines":           "\n;;\n  \n",
		"two columns of a name": "Nom;nom\nAnne;Essai\n",
		"a workbook":            "PK\x03\x04\x00\x00",
		"UTF-16":                "\xff\xfen\x00o\x00m\x00",
		"an open quote":         "nom;mail\n\"Anne;x\n",
		"a book":                "nom\n" + strings.Repeat("abcdefghij\n", 1<<20),
	} {
		if _, rows, err := ReadHeaded(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read as %v", name, rows)
		}
	}
}

func TestReadHeaded(t *testing.T) {
	for name, text := range map[string]string{
		"semicolons":   "Nom;Téléphone\r\n\r\nZoé, Anaïs;01\r\n\"d;e\";\r\n",
		"commas":       "\ufeffnom,TELEPHONE\n ,\n\" Zoé, Anaïs \",01\nd;e,\n",
		"tabs":         "Nom\tTéléphone\n \t\nZoé, Anaïs\t01\nd;e\n",
		"Windows-1252": "Nom;T\xe9l\xe9phone\n\nZo\xe9, Ana\xefs;01\n\"d;e\";\n",
	} {
		headings, rows, err := ReadHeaded(strings.NewReader(text))
		if err != nil || !slices.Equal(headings, []string{"nom", "telephone"}) || len(rows) != 2 {
			t.Errorf("%s: %v, %v, %v", name, headings, rows, err)
			continue
		}
		for i, want := range []struct {
			line        int
			nom, number string
		}{{3, "Zoé, Anaïs", "01"}, {4, "d;e", ""}} {
			got := rows[i]
			if got.Line != want.line || got.Cells["nom"] != want.nom || got.Cells["telephone"] != want.number || got.Extra {
				t.Errorf("%s: %+v, want %+v", name, got, want)
			}
		}
	}
	_, rows, err := ReadHeaded(strings.NewReader("nom;\nAnne;;x\nZoé;y\nLuc;;\n"))
	if err != nil || !rows[0].Extra || !rows[1].Extra || rows[2].Extra {
		t.Errorf("cells beyond the headings: %+v, %v", rows, err)
	}
}

// Whatever a file holds, it is read or refused.
func FuzzReadHeaded(f *testing.F) {
	f.Add([]byte("Nom;T\xe9l\n\"a\";b\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		headings, rows, err := ReadHeaded(strings.NewReader(string(text)))
		if err == nil && len(headings) == 0 {
			t.Error("a table without headings")
		}
		for _, row := range rows {
			if len(row.Cells) > len(headings) || row.Line < 1 {
				t.Errorf("%+v under %v", row, headings)
			}
		}
	})
}
