package ui

import "preau/core/rich"

// tool is a button of the bar of an editor.
type tool struct {
	do   string // what scripts/rich.js does
	icon Icon
	word string // its key
	keys string // that do the same (aria-keyshortcuts)
	sets bool   // it is on or off where the cursor is
}

// tools are few: what a word to families takes.
var tools = []tool{
	{"bold", IconBold, "ui.rich-bold", "Control+B", true},
	{"italic", IconItalic, "ui.rich-italic", "Control+I", true},
	{"bullets", IconBullets, "ui.rich-bullets", "Control+Shift+8", true},
	{"numbers", IconNumbers, "ui.rich-numbers", "Control+Shift+9", true},
	{"link", IconLink, "ui.rich-link", "Control+K", true},
	{"undo", IconUndo, "ui.rich-undo", "Control+Z", false},
}

// maxTyped is how long the text of a field may be.
func maxTyped(asked int) int {
	if asked == 0 {
		return rich.Max
	}
	return min(asked, rich.Max)
}
