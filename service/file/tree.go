package file

import (
	"io"
	"strings"
	"time"

	"preau/core/fail"
	"preau/core/school"
	"preau/core/web"
)

// Node is an entry, or a space, as a drive of a computer shows it.
type Node struct {
	ID       school.ID // 0 for what is no entry: a space, the list of them
	Name     string
	Folder   bool
	Size     int64  // in bytes; of a file
	Type     string // of a file, by its bytes
	Modified time.Time
	Tag      string // another one where a file holds something else
	Writable bool   // the visitor may change it or, in a folder, put something there
	Used     int64  // bytes of the space it is in
	Free     int64  // bytes for which there is room there; -1: nobody knows
}

// Tree is the files that the visitor reaches, by paths: "" is the list of their spaces, "Mes fichiers/Sorties/liste.pdf"
// a file. Every method opens a transaction of its own; what the visitor may not do is fail.NotFound where they do not
// see the thing, and fail.Forbidden where they do.
type Tree struct{ *Service }

// shared is the folder that holds what others opened to the visitor.
const shared = "file.for-you"

// names gives the spaces names that are told apart.
func names(r *web.Request) (map[string]space, []string, error) {
	spaces, err := mySpaces(r)
	by := map[string]space{}
	taken := map[string]bool{r.Say(shared): true}
	var order []string
	for _, sp := range spaces {
		name := numbered(strings.Map(func(c rune) rune {
			if c == '/' || c == '\\' || c < ' ' {
				return '-'
			}
			return c
		}, sp.Name), taken)
		taken[name], by[name] = true, sp
		order = append(order, name)
	}
	return by, order, err
}

// walk finds what is at a path; the root is no place.
func (t Tree) walk(r *web.Request, path string) (p place, root bool, err error) {
	parts := strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
	if len(parts) == 0 {
		return p, true, nil
	}
	spot := ""
	if parts[0] == r.Say(shared) {
		if len(parts) == 1 {
			return p, true, nil
		}
		opened, err := t.openedNames(r)
		if err != nil {
			return p, false, err
		}
		e, there := opened[parts[1]]
		if !there {
			return p, false, fail.New(fail.NotFound, "nothing of this name was opened")
		}
		spot, parts = e.ID.String(), parts[2:]
	} else {
		spaces, _, err := names(r)
		if err != nil {
			return p, false, err
		}
		sp, there := spaces[parts[0]]
		if !there {
			return p, false, fail.New(fail.NotFound, "no space of this name")
		}
		spot, parts = sp.spot(), parts[1:]
	}
	if p, err = t.at(r, spot); err != nil {
		return p, false, err
	}
	for _, name := range parts {
		if p, err = t.step(r, p, name); err != nil {
			return p, false, err
		}
	}
	return p, false, nil
}

// step goes from a folder to what has a name in it.
func (t Tree) step(r *web.Request, p place, name string) (place, error) {
	if p.Space.ID == 0 || !p.holds() {
		return p, fail.New(fail.NotFound, "nothing is in %s", p.spot())
	}
	e, err := named(r.Tx, p.Space.ID, p.parent(), name)
	if err != nil {
		return p, err
	}
	return t.at(r, e.ID.String())
}

// openedNames are what others opened to the visitor, by names that are told apart.
func (t Tree) openedNames(r *web.Request) (map[string]entry, error) {
	lines, err := t.openedTo(r)
	by, taken := map[string]entry{}, map[string]bool{}
	for _, l := range lines {
		name := numbered(l.Name, taken)
		by[name], taken[name] = l.entry, true
	}
	return by, err
}

// node is a place as a drive shows it, under a name.
func (p place) node(r *web.Request, name string) Node {
	n := Node{Name: name, Folder: p.holds(), Writable: p.Level >= drops, Used: p.Space.Used, Free: p.room(r), Modified: r.Tx.Now.Truncate(24 * time.Hour)}
	if e := p.entry(); e.ID != 0 {
		n.ID, n.Modified = e.ID, e.Changed
		if !e.Folder {
			n.Size, n.Type, n.Tag = e.Holds.Size, e.Holds.Type, e.Holds.ID.String()
		}
	}
	return n
}

// Stat tells what is at a path.
func (t Tree) Stat(r *web.Request, path string) (n Node, err error) {
	err = r.Read(func() error {
		p, root, err := t.walk(r, path)
		if err != nil {
			return err
		}
		if root {
			n = Node{Name: lastOf(path), Folder: true, Free: -1, Modified: r.Tx.Now.Truncate(24 * time.Hour)}
			if n.Name != "" {
				return nil
			}
			spaces, err := t.roots(r, path)
			for _, sp := range spaces { // systems ask the top of a drive for its room, and write nothing where it has none
				if sp.Free > n.Free {
					n.Used, n.Free = sp.Used, sp.Free
				}
			}
			return err
		}
		n = p.node(r, lastOf(path))
		return nil
	})
	return n, err
}

// lastOf is the last element of a path.
func lastOf(path string) string {
	path = strings.Trim(path, "/")
	return path[strings.LastIndexByte(path, '/')+1:]
}

// List lists what is in the folder at a path.
func (t Tree) List(r *web.Request, path string) (all []Node, err error) {
	err = r.Read(func() error {
		p, root, err := t.walk(r, path)
		if err != nil {
			return err
		}
		if root {
			all, err = t.roots(r, path)
			return err
		}
		if !p.holds() {
			return fail.New(fail.NotFound, "%s is no folder", p.spot())
		}
		if p.Space.ID == 0 {
			return nil
		}
		entries, err := entriesIn(r.Tx, p.Space.ID, p.parent(), mostListed, entry{}, p.others(r))
		for _, e := range entries {
			in := p
			in.Chain = chain{e}
			all = append(all, in.node(r, e.Name))
		}
		return err
	})
	return all, err
}

// mostListed is how many entries of a folder a drive shows.
const mostListed = 20_000

// roots lists the visitor's spaces, or what others opened to them.
func (t Tree) roots(r *web.Request, path string) (all []Node, err error) {
	if strings.Trim(path, "/") != "" {
		opened, err := t.openedNames(r)
		for name, e := range opened {
			p, err := t.at(r, e.ID.String())
			if err != nil {
				return nil, err
			}
			all = append(all, p.node(r, name))
		}
		return all, err
	}
	spaces, order, err := names(r)
	for _, name := range order {
		p := place{Space: spaces[name], Level: keeps}
		if p.Level, err = levelIn(r, p.Space); err != nil {
			return nil, err
		}
		all = append(all, p.node(r, name))
	}
	return append(all, Node{Name: r.Say(shared), Folder: true, Free: -1, Modified: r.Tx.Now.Truncate(24 * time.Hour)}), err
}

// Open reads what the file at a path holds; the caller closes it.
func (t Tree) Open(r *web.Request, path string) (content io.ReadSeekCloser, n Node, err error) {
	var v version
	err = r.Read(func() error {
		p, root, err := t.walk(r, path)
		if err == nil && (root || p.holds()) {
			err = fail.New(fail.NotFound, "a folder has no bytes")
		}
		if err != nil {
			return err
		}
		if v = p.entry().Holds; v.Virus != "" {
			return fail.New(fail.Forbidden, "version %s has %s", v.ID, v.Virus).Say("file.infected")
		}
		if t.waits(r, v) {
			return fail.New(fail.Forbidden, "version %s waits to be looked into", v.ID).Say("file.waits")
		}
		n = p.node(r, p.entry().Name)
		return nil
	})
	if err != nil {
		return nil, n, err
	}
	content, err = t.Blobs.Open(r.Context(), sumOf(v.held))
	return content, n, err
}

// parentOf finds the folder in which a path is, where the visitor may put something, and the name in it. It runs in a
// transaction that writes.
func (t Tree) parentOf(r *web.Request, path string) (p place, name string, err error) {
	path = strings.Trim(path, "/")
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return p, "", fail.New(fail.Forbidden, "nothing is put beside the spaces")
	}
	p, root, err := t.walk(r, path[:at])
	if err != nil {
		return p, "", err
	}
	if root || p.Level < writes {
		return p, "", fail.New(fail.Forbidden, "nothing is put in %s", p.spot())
	}
	if name, err = cleanName(path[at+1:]); err != nil {
		return p, "", err
	}
	if name != path[at+1:] {
		return p, "", fail.New(fail.Invalid, "the name %q", path[at+1:]).Say("file.bad-name")
	}
	p, err = t.into(r, p)
	return p, name, err
}

// free is fail.Conflict where a name is taken.
func free(r *web.Request, p place, name string) error {
	_, err := named(r.Tx, p.Space.ID, p.parent(), name)
	if err == nil {
		return fail.New(fail.Conflict, "%q is taken in %s", name, p.spot())
	}
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	return err
}

// Mkdir makes the folder at a path.
func (t Tree) Mkdir(r *web.Request, path string) error {
	return r.Write(func() error {
		p, name, err := t.parentOf(r, path)
		if err != nil {
			return err
		}
		if err := free(r, p, name); err != nil {
			return err
		}
		_, err = t.add(r, p, entry{Folder: true, Name: name})
		return err
	})
}

// Put writes a file at a path: a new one, or what the one that is there holds from now on. The bytes are kept as they
// come: who mounts a drive finds what they put there.
func (t Tree) Put(r *web.Request, path string, content io.Reader) (n Node, err error) {
	var room int64
	err = r.Read(func() error { // nobody sends in vain
		at := strings.LastIndexByte(strings.Trim(path, "/"), '/')
		if at < 0 {
			return fail.New(fail.Forbidden, "nothing is put beside the spaces")
		}
		p, root, err := t.walk(r, strings.Trim(path, "/")[:at])
		if err == nil && (root || p.Level < writes) {
			err = fail.New(fail.Forbidden, "nothing is put in %s", p.spot())
		}
		room = p.room(r)
		return err
	})
	if err != nil {
		return n, err
	}
	in, err := t.receive(r.Context(), r.Actor.Person, lastOf(path), content, room, true)
	if err != nil {
		return n, err
	}
	if err := t.receives(r, in.Size); err != nil {
		return n, err
	}
	err = r.Write(func() error {
		p, name, err := t.parentOf(r, path)
		if err != nil {
			return err
		}
		there, err := t.step(r, p, name)
		if fail.Is(err, fail.NotFound) {
			var e entry
			if e, err = t.putFile(r, p, name, in.held); err == nil {
				p.Chain = append(p.Chain, e)
				n = p.node(r, name)
			}
			return err
		}
		if err != nil {
			return err
		}
		if there.holds() {
			return fail.New(fail.Conflict, "%s is a folder", there.spot())
		}
		if err := there.needs(r, writes); err != nil {
			return err
		}
		e, err := t.replace(r, there, in.held)
		there.Chain[len(there.Chain)-1] = e
		n = there.node(r, name)
		return err
	})
	return n, err
}

// Remove puts what is at a path in the bin.
func (t Tree) Remove(r *web.Request, path string) error {
	return r.Write(func() error {
		p, root, err := t.walk(r, path)
		if err != nil {
			return err
		}
		if root || p.movable(r) != nil {
			return fail.New(fail.Forbidden, "%s stays where it is", p.spot())
		}
		return t.throw(r, p)
	})
}

// Move gives what is at a path another path, where there is nothing.
func (t Tree) Move(r *web.Request, from, to string) error {
	return r.Write(func() error {
		p, root, err := t.walk(r, from)
		if err != nil {
			return err
		}
		if root || p.movable(r) != nil {
			return fail.New(fail.Forbidden, "%s stays where it is", p.spot())
		}
		in, name, err := t.parentOf(r, to)
		if err != nil {
			return err
		}
		if err := free(r, in, name); err != nil {
			return err
		}
		if in.Space.ID == p.Space.ID && in.parent() == p.entry().Parent {
			_, err = t.rename(r, p, name)
			return err
		}
		_, err = t.moveTo(r, p, in, name)
		return err
	})
}

// Copy copies what is at a path to another, where there is nothing: no byte is written again.
func (t Tree) Copy(r *web.Request, from, to string) error {
	return r.Write(func() error {
		p, root, err := t.walk(r, from)
		if err != nil {
			return err
		}
		if root || len(p.Chain) == 0 {
			return fail.New(fail.Forbidden, "a space is not copied")
		}
		in, name, err := t.parentOf(r, to)
		if err != nil {
			return err
		}
		if err := free(r, in, name); err != nil {
			return err
		}
		_, err = t.copies(r, p, in, name)
		return err
	})
}

// Key names the place at a path, whether something is there or not: by one name for everybody who reaches it, the
// top of the space and what is around the place in it.
func (t Tree) Key(r *web.Request, path string) (key string, err error) {
	parts := strings.FieldsFunc(path, func(c rune) bool { return c == '/' })
	err = r.Read(func() error {
		for n := len(parts); ; n-- {
			p, root, err := t.walk(r, strings.Join(parts[:n], "/"))
			if fail.Is(err, fail.NotFound) && n > 0 {
				continue
			}
			if err != nil {
				return err
			}
			names := []string{"person-" + r.Actor.Person.String() + "-roots"}
			if root {
				names = append(names, parts[:n]...)
			} else {
				names = []string{p.Space.spot()}
				for _, e := range p.Chain {
					names = append(names, e.Name)
				}
			}
			key = strings.Join(append(names, parts[n:]...), "/")
			return nil
		}
	})
	return key, err
}

// IsFull tells whether an error says that there is no room for what is put somewhere.
func IsFull(err error) bool {
	e := fail.InField(err)
	return e != nil && e.Field == "file" && fail.Is(err, fail.Invalid)
}
