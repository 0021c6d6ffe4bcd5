package ui

import "github.com/a-h/templ"

// Page is what the layout of a page needs to know.
type Page struct {
	Title   string // of the browser tab and of nothing else; the portal's name is added
	Accent  Accent // colour of the school
	School  string // where the person is now: a school, a commune, an académie
	Reader  Reader
	Person  *Person // nil when nobody is signed in
	Nav     []Link  // at most four: what the profile does most, the home page first; a PreReader has tiles instead
	Notices []Notice
	Alerts  []Alert // what a school tells at once: before everything else
	// Back is where a page that answers a form came from; empty for any other.
	Back   string
	Demo   bool   // people and schools are fictional
	Path   string // of the request; the house is marked on the home page
	Footer []Link
	Help   templ.Component // what to do when stuck on this page; nil when there is nothing to say
	Search string          // the page where one looks for something, whose field the header has; empty: none
	Leave  bool            // one leaves in one touch from any page: others wait for the device
	Home   string          // where the house of a PreReader leads; the home page when empty
	// Keep is what the device keeps of what is read and written there.
	Keep Keep
	// Assistance leads to whom to call; the zero Link when nobody is signed in.
	// With Help it makes one strip, at the end of every page; a PreReader has
	// a picture of it at the top.
	Assistance Link
}

// Person is who is signed in.
type Person struct {
	Name    string
	Hat     string // the current one, in words: "directrice, école Jean-Jaurès"
	Hats    []Hat  // all of them; a switch is offered from two on
	Picture Pictogram
	Links   []Link // pages about oneself
}

// Hat is a profile that the person holds somewhere. Choosing another one
// posts its identifier as "hat" to /me/hat.
type Hat struct {
	ID, Label string
	Role      string // the label without its place
	Current   bool
}

// Link leads to a page.
type Link struct {
	Href    string
	Icon    Icon
	Label   string
	Current bool // it is the page one is on, or the room it belongs to
}

// Kind is how much a message matters.
type Kind uint8

// The kinds.
const (
	Info Kind = iota
	Success
	Warning
	Danger
)

func (k Kind) class() string {
	return [...]string{"kind-info", "kind-success", "kind-warning", "kind-danger"}[k]
}

func (k Kind) icon() Icon { return [...]Icon{IconInfo, IconDone, IconAlert, IconStop}[k] }

// word names the kind for those who see neither colour nor icon.
func (k Kind) word() string {
	return [...]string{"ui.info", "ui.success", "ui.warning", "ui.danger"}[k]
}
