package file

import (
	"path"

	"preau/core/ui"
	"preau/core/web"
)

// begunIn lists what the visitor began to send to a place and did not finish.
func begunIn(r *web.Request, p place) (begun []upload, err error) {
	if p.Space.ID == 0 {
		return nil, nil
	}
	coming, err := comingFrom(r.Tx, r.Actor.Person)
	for _, u := range coming {
		if u.Space == p.Space.ID && u.Parent == p.parent() {
			begun = append(begun, u)
		}
	}
	return begun, err
}

// sends makes the form of a folder send its files in parts.
func (v folderView) sends() ui.Sends {
	s := ui.Sends{To: v.path() + "/uploads", Field: "file", Camera: v.Child, Alone: v.Small}
	for _, u := range v.Begun {
		s.Begun = append(s.Begun, ui.Begun{At: u.path(), Path: path.Join(u.Folders, u.Name), Stamp: u.Stamp, Size: u.Size, Kept: u.Kept})
	}
	return s
}

// path is the address of an upload in the protocol.
func (u upload) path() string { return "/file/upload/" + u.ID.String() }
