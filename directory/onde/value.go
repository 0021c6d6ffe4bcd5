package onde

import (
	netmail "net/mail"
	"strings"
	"time"

	"preau/core/school"
)

// parseDay reads dd/mm/yyyy, as ONDE writes it, or yyyy-mm-dd.
func parseDay(text string) (time.Time, bool) {
	for _, layout := range []string{"02/01/2006", "2/1/2006", time.DateOnly} {
		if day, err := time.Parse(layout, text); err == nil && day.Year() >= 1900 && day.Year() <= 2200 {
			return day, true
		}
	}
	return time.Time{}, false
}

// civilityOf brings what a sex or a civility is called to "M." and "Mme".
func civilityOf(text string) string {
	switch school.Fold(text) {
	case "m", "mr", "monsieur", "masculin", "garcon", "g":
		return "M."
	case "f", "mme", "mlle", "madame", "mademoiselle", "feminin", "fille":
		return "Mme"
	}
	return ""
}

// cycleOf reads "CYCLE II".
func cycleOf(text string) string {
	switch strings.TrimPrefix(school.Fold(text), "cycle ") {
	case "1", "i":
		return "1"
	case "2", "ii":
		return "2"
	case "3", "iii":
		return "3"
	}
	return ""
}

// parsePhone keeps a number as it is written: 6 to 15 digits (ITU-T E.164).
func parsePhone(text string) (string, bool) {
	text = strings.TrimRight(text, " -")
	digits := 0
	for i, c := range text {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c == '+' && i == 0, strings.ContainsRune(" .-()/", c):
		default:
			return "", false
		}
	}
	if digits < 6 || digits > 15 {
		return "", false
	}
	return text, true
}

// parseMail keeps an address that has the form of one.
func parseMail(text string) (string, bool) {
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Address != text || len(text) > 254 {
		return "", false
	}
	_, domain, _ := strings.Cut(text, "@")
	return text, strings.Contains(domain, ".")
}
