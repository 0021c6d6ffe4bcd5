package house

import (
	"html"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/test/browser"
)

// Password is everybody's.
const Password = "les lapins bleus dansent"

// From is where the sessions of the house are opened.
var From = account.Origin{IP: netip.MustParseAddr("192.0.2.1"), Agent: "test", Request: "test"}

// Visitor is a person with a session of their own; without a token, somebody
// who has not signed in.
type Visitor struct {
	*House
	Person school.ID
	Token  string
}

// Enter opens a session for a person with a hat on; what they do is theirs
// to answer for.
func (h *House) Enter(person school.ID, hat school.Profile) Visitor {
	h.T.Helper()
	var code account.Code
	h.Write(func(tx *db.Tx) (err error) {
		code, err = h.Accounts.IssueCode(tx, person, audit.By{Request: "test"}, account.SlipLife)
		return err
	})
	opened, err := h.Accounts.Activate(h.T.Context(), code.Login.String(), code.Text, Password, From)
	if err != nil {
		h.T.Fatal(err)
	}
	if opened.Profile != hat {
		h.Write(func(tx *db.Tx) (err error) {
			opened, err = h.Accounts.Switch(tx, opened.Token, hat, From)
			return err
		})
	}
	return Visitor{h, person, opened.Token}
}

// In is the visitor in a subtest, which then fails where they do.
func (v Visitor) In(t *testing.T) Visitor {
	own := *v.House
	own.T = t
	v.House = &own
	return v
}

// Page opens a tab with the visitor's session.
func (v Visitor) Page(view browser.View) *browser.Page {
	v.T.Helper()
	p := browser.Open(v.T).Page(v.T, view)
	if v.Token != "" {
		p.Cookie(v.URL, "preau", v.Token)
	}
	return p
}

// Get asks for a page.
func (v Visitor) Get(path string) Reply {
	v.T.Helper()
	r, err := http.NewRequestWithContext(v.T.Context(), http.MethodGet, v.URL+path, nil)
	if err != nil {
		v.T.Fatal(err)
	}
	return v.Do(r)
}

// Post sends a form.
func (v Visitor) Post(path string, form url.Values) Reply {
	v.T.Helper()
	return v.Do(v.Form(path, form))
}

// Form is the request that sends a form.
func (v Visitor) Form(path string, form url.Values) *http.Request {
	v.T.Helper()
	r, err := http.NewRequestWithContext(v.T.Context(), http.MethodPost, v.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

// Do sends a request with the visitor's session.
func (v Visitor) Do(r *http.Request) Reply {
	v.T.Helper()
	if v.Token != "" {
		r.AddCookie(&http.Cookie{Name: "preau", Value: v.Token})
	}
	return v.House.Do(r)
}

// client follows nothing: a test looks at each answer.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Do sends a request as it is.
func (h *House) Do(r *http.Request) Reply {
	h.T.Helper()
	var response *http.Response
	h.keeps(r, func() {
		var err error
		if response, err = client.Do(r); err != nil {
			h.T.Fatal(err)
		}
	})
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.T.Fatal(err)
	}
	return Reply{response, h.T, strings.ReplaceAll(string(body), "<wbr>", "")}
}

// Reply is what a browser got.
type Reply struct {
	*http.Response
	T    *testing.T
	Body string // as it was sent, without the places where a word may break
}

// Text is the body as people read it: a page has no character references.
func (r Reply) Text() string {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return html.UnescapeString(r.Body)
	}
	return r.Body
}

// Main is the text of a page without what surrounds it; of what is not a
// page, all of it.
func (r Reply) Main() string {
	_, main, ok := strings.Cut(r.Text(), "<main")
	if !ok {
		return r.Text()
	}
	main, _, _ = strings.Cut(main, "</main>")
	return main
}

// Wants fails the test unless the reply has the status and every text.
func (r Reply) Wants(status int, texts ...string) {
	r.T.Helper()
	if r.StatusCode != status {
		r.T.Errorf("%s %s: status %d, want %d\n%.3000s", r.Request.Method, r.Request.URL.Path, r.StatusCode, status, r.Main())
	}
	for _, text := range texts {
		if !strings.Contains(r.Text(), text) {
			r.T.Errorf("%s %s: no %q in\n%.3000s", r.Request.Method, r.Request.URL.Path, text, r.Main())
		}
	}
}

// Lacks fails the test unless the reply has the status, and its page none of
// the texts, the frame around it apart.
func (r Reply) Lacks(status int, texts ...string) {
	r.T.Helper()
	r.Wants(status)
	for _, text := range texts {
		if text == "" || strings.Contains(r.Main(), text) {
			r.T.Errorf("%s %s: %q in\n%.3000s", r.Request.Method, r.Request.URL.Path, text, r.Main())
		}
	}
}

// Hidden reads the hidden fields of the form of an identifier, as a browser
// sends them.
func (r Reply) Hidden(form string) url.Values {
	values := url.Values{}
	_, body, _ := strings.Cut(r.Body, `id="`+form+`"`)
	body, _, _ = strings.Cut(body, "</form>")
	for _, input := range strings.Split(body, `<input type="hidden" name="`)[1:] {
		name, rest, _ := strings.Cut(input, `" value="`)
		value, _, _ := strings.Cut(rest, `"`)
		values.Add(name, html.UnescapeString(value))
	}
	return values
}
