package liaison

import (
	"slices"

	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// myChildren are the children of whom the visitor reads the words, as on their home page; none of
// whoever follows them.
func myChildren(r *web.Request) ([]directory.Someone, error) {
	if r.Holds(follow) {
		return nil, nil
	}
	return directory.Siblings(r.Tx, r.Actor.Person, r.Actor.Children...)
}

// tags names those of some children who are among others, each in their colour.
func tags(r *web.Request, children []directory.Someone, among []school.ID) (named []ui.ChildTag) {
	for _, c := range children {
		if slices.Contains(among, c.ID) {
			named = append(named, ui.ChildTag{First: c.First, Accent: r.AccentOf(c.ID)})
		}
	}
	return named
}

// filters lead to the words for each child; of whoever has one, or none, there are none.
func filters(r *web.Request, children []directory.Someone, of school.ID) (f ui.Filters) {
	if len(children) < 2 {
		return f
	}
	f.Label = r.Say("liaison.filter")
	f.Items = []ui.Filter{{Href: "/liaison/", Label: r.Say("liaison.filter-all"), Current: of == 0}}
	for _, c := range children {
		f.Items = append(f.Items, ui.Filter{Href: listPath(c.ID, 0), Label: c.First, Accent: r.AccentOf(c.ID), Current: of == c.ID})
	}
	return f
}

// listPath is the list of the words, for one child if it is not 0, and before a word if that
// is not 0.
func listPath(child, before school.ID) string {
	path, mark := "/liaison/", "?"
	if child != 0 {
		path, mark = path+mark+"child="+child.String(), "&"
	}
	if before != 0 {
		path += mark + "before=" + before.String()
	}
	return path
}
