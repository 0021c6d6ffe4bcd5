package ui

// AskView is an act that cannot be undone, with what it does, in sentences.
type AskView struct {
	Title, Lead  string
	Crumb        []Link
	What         []string
	Action, Back string // where it is done, and where one goes who does not
	Button       string
	Icon         Icon // of the button; empty: [IconRemove]
	Cancel       string
	Fields       []Hidden // what the form says beside that it was read
	Seen         string   // what it says of what was read, when that may change; empty: [Asked]
}

// Asked is what the field "confirm" sends of whoever has read what an act does.
const Asked = "1"
