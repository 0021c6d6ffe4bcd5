package ui

// AskView is an act that cannot be undone, with what it does, in sentences.
type AskView struct {
	Title, Lead  string
	Crumb        []Link
	What         []string
	Action, Back string // where it is done, and where one goes who does not
	Button       string
	Cancel       string
}

// Asked is what the field "confirm" sends of who has read what an act does.
const Asked = "1"
