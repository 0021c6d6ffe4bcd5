package sheet

import (
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
)

func TestReadTakesWhatOfficesSave(t *testing.T) {
	latin, err := charmap.Windows1252.NewEncoder().String("Prénom;Nom;Motif\r\nZoé;\"D'ESSAI; X\";né à Œuilly\r\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"semicolons": "\ufeffPrénom;Nom;Motif\r\n;;\r\nZoé;\"D'ESSAI; X\";né à Œuilly\r\n",
		"commas":     "Prénom,Nom,Motif\nZoé,D'ESSAI; X,né à Œuilly",
		"tabs":       "PRENOM\tnom\tmotif\nZoé\tD'ESSAI; X\tné à Œuilly\textra\n",
		"latin":      latin,
	} {
		lines, err := Read(strings.NewReader(text))
		if err != nil || len(lines) != 1 {
			t.Fatalf("%s: %v, %v", name, lines, err)
		}
		for column, want := range map[string]string{"prenom": "Zoé", "motif": "né à Œuilly"} {
			if got := lines[0].Cells[column]; got != want {
				t.Errorf("%s: %s is %q, want %q", name, column, got, want)
			}
		}
		if got := lines[0].Cells["nom"]; got != "D'ESSAI; X" {
			t.Errorf("%s: nom is %q", name, got)
		}
	}
}

func TestReadCountsLinesOfTheFile(t *testing.T) {
	lines, err := Read(strings.NewReader("a;b\n\n1;2\n\n\"x\ny\";3\n4;5\n"))
	if err != nil {
		t.Fatal(err)
	}
	var numbers []int
	for _, l := range lines {
		numbers = append(numbers, l.Number)
	}
	if len(numbers) != 3 || numbers[0] != 3 || numbers[1] != 5 || numbers[2] != 7 {
		t.Errorf("lines %v, want 3, 5 and 7", numbers)
	}
}

func TestReadRefusesWhatIsNoSheet(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "a workbook": "PK\x03\x04\x00\x00", "too long": "a\n" + strings.Repeat("1\n", maxLines+1),
	} {
		if _, err := Read(strings.NewReader(text)); !errors.Is(err, ErrSheet) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("a;b\n1;2\n")
	f.Add("\ufeffPrénom,Nom\n\"Zoé\nX\",\"\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines, err := Read(strings.NewReader(text))
		if err != nil && len(lines) > 0 {
			t.Errorf("%d lines beside %v", len(lines), err)
		}
		for _, l := range lines {
			if len(l.Cells) == 0 {
				t.Error("an empty line")
			}
		}
	})
}
