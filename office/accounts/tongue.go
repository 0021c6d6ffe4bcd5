package accounts

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"preau/account/secret"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/web"
)

// tongue is what a letter says again in a language of families, beside French:
// it needs no more of the language than this. Another one is a file more in
// letters/.
type tongue struct {
	Code        i18n.Lang `json:"-"`
	Name        string    `json:"name"` // in the language itself
	RightToLeft bool      `json:"right_to_left"`
	Title       string    `json:"title"`
	Lead        string    `json:"lead"`
	Steps       []string  `json:"steps"` // the last one chooses a password of %d characters
	Keep        string    `json:"keep"`
}

//go:embed letters/*.json
var letters embed.FS

// tongues are the languages of letters, read once.
var tongues = sync.OnceValues(readTongues)

// readTongues reads the languages of letters, in the order of their names.
func readTongues() ([]tongue, error) {
	files, err := fs.Glob(letters, "letters/*.json")
	if err != nil {
		return nil, err
	}
	var tongues []tongue
	for _, file := range files {
		text, err := letters.ReadFile(file)
		if err != nil {
			return nil, err
		}
		t := tongue{Code: i18n.Lang(strings.TrimSuffix(path.Base(file), ".json"))}
		if err := json.Unmarshal(text, &t); err != nil {
			return nil, fmt.Errorf("accounts: %s: %w", file, err)
		}
		if t.Name == "" || t.Title == "" || t.Lead == "" || len(t.Steps) != steps || t.Keep == "" {
			return nil, fmt.Errorf("accounts: %s does not say all that a letter says", file)
		}
		t.Steps[steps-1] = fmt.Sprintf(t.Steps[steps-1], secret.Least())
		tongues = append(tongues, t)
	}
	slices.SortFunc(tongues, func(a, b tongue) int { return strings.Compare(school.Fold(a.Name), school.Fold(b.Name)) })
	return tongues, nil
}

// steps is how many a letter has.
const steps = 3

// tongueIn is the language that a form asks for beside French; the zero one for
// none.
func (s *Service) tongueIn(r *web.Request) (tongue, error) {
	code := i18n.Lang(r.PostFormValue("language"))
	if code == "" {
		return tongue{}, nil
	}
	all, err := tongues()
	if err != nil {
		return tongue{}, err
	}
	i := slices.IndexFunc(all, func(t tongue) bool { return t.Code == code })
	if i < 0 {
		return tongue{}, fail.New(fail.Invalid, "no letter in %.20q", string(code)).Say("accounts.no-language").At("language")
	}
	return all[i], nil
}
