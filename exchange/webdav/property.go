package webdav

import (
	"encoding/xml"
	"net/http"
	"strconv"

	"golang.org/x/net/webdav"

	"preau/core/db"
	"preau/core/school"
)

// What programs may note of one file: so many properties, of so many bytes each.
const (
	mostProperties  = 50
	longestProperty = 8 << 10
)

// properties are what programs noted of a thing.
type properties map[xml.Name]webdav.Property

var _ webdav.DeadPropsHolder = (*opened)(nil)

// supported are the locks that there are (RFC 4918, 15.10).
var supported = property("supportedlock", lockEntry("exclusive")+lockEntry("shared"))

func lockEntry(scope string) string {
	return `<D:lockentry xmlns:D="DAV:"><D:lockscope><D:` + scope + `/></D:lockscope><D:locktype><D:write/></D:locktype></D:lockentry>`
}

// readNoted reads what programs noted of some things, once.
func (f *drive) readNoted(ids ...school.ID) error {
	if f.noted == nil {
		f.noted = map[school.ID]properties{}
	}
	var missing []school.ID
	for _, id := range ids {
		if _, known := f.noted[id]; !known && id != 0 {
			missing, f.noted[id] = append(missing, id), properties{}
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return f.r.Read(func() error {
		return f.r.Tx.Each(func(row db.Row) error {
			var id school.ID
			var p webdav.Property
			err := row.Scan(&id, &p.XMLName.Space, &p.XMLName.Local, &p.Lang, &p.InnerXML)
			if err == nil {
				f.noted[id][p.XMLName] = p
			}
			return err
		}, `SELECT thing_id, namespace, name, lang, value FROM webdav_property WHERE thing_id `+f.r.Tx.Among(1), db.List(f.r.Tx, missing))
	})
}

// DeadProps implements webdav.DeadPropsHolder: what programs noted, with what Préau says that the handler does not.
func (o *opened) DeadProps() (map[xml.Name]webdav.Property, error) {
	if err := o.readNoted(o.n.ID); err != nil {
		return nil, o.wrong(err)
	}
	all := properties{}
	for name, p := range o.noted[o.n.ID] {
		all[name] = p
	}
	add := func(p webdav.Property) { all[p.XMLName] = p }
	if o.asksScopes {
		add(supported)
	}
	if o.asksRoom && o.n.Folder && o.n.Free >= 0 { // RFC 4331, 2
		add(property("quota-available-bytes", strconv.FormatInt(o.n.Free, 10)))
		add(property("quota-used-bytes", strconv.FormatInt(o.n.Used, 10)))
	}
	if o.asksLocks {
		p, err := o.discovery(o.path)
		if err != nil {
			return nil, o.wrong(err)
		}
		add(p)
	}
	return all, nil
}

// Patch implements webdav.DeadPropsHolder: all of it is noted, or nothing (RFC 4918, 9.2).
func (o *opened) Patch(patches []webdav.Proppatch) ([]webdav.Propstat, error) {
	if o.n.ID == 0 || !o.n.Writable {
		return each(patches, http.StatusForbidden, func(xml.Name) bool { return true }), nil
	}
	own := func(name xml.Name) bool { return name.Space == "DAV:" }
	for _, patch := range patches {
		for _, p := range patch.Props {
			switch {
			case own(p.XMLName):
				return each(patches, http.StatusForbidden, own), nil
			case len(p.InnerXML)+len(p.XMLName.Space)+len(p.XMLName.Local)+len(p.Lang) > longestProperty:
				long := p.XMLName
				return each(patches, webdav.StatusInsufficientStorage, func(name xml.Name) bool { return name == long }), nil
			}
		}
	}
	full := false
	err := o.r.Write(func() error {
		tx := o.r.Tx
		for _, patch := range patches {
			for _, p := range patch.Props {
				if err := o.put(p, patch.Remove); err != nil {
					return err
				}
			}
		}
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM webdav_property WHERE thing_id = $1`, o.n.ID)
		if full = n > mostProperties; err == nil && full {
			err = ErrFull
		}
		return err
	})
	if full {
		return each(patches, webdav.StatusInsufficientStorage, func(xml.Name) bool { return true }), nil
	}
	if err != nil {
		return nil, o.wrong(err)
	}
	return each(patches, http.StatusOK, func(xml.Name) bool { return true }), nil
}

// put notes a property, or takes it off.
func (o *opened) put(p webdav.Property, off bool) error {
	tx := o.r.Tx
	if off {
		_, err := tx.Exec(`DELETE FROM webdav_property WHERE thing_id = $1 AND namespace = $2 AND name = $3`, o.n.ID, p.XMLName.Space, p.XMLName.Local)
		return err
	}
	_, err := tx.Exec(`INSERT INTO webdav_property (thing_id, namespace, name, lang, value, author_id, set_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (thing_id, namespace, name) DO UPDATE SET lang = excluded.lang, value = excluded.value, author_id = excluded.author_id, set_at = excluded.set_at`,
		o.n.ID, p.XMLName.Space, p.XMLName.Local, p.Lang, string(p.InnerXML), o.r.Actor.Person, db.At(tx.Now))
	return err
}

// each gives the properties of a PROPPATCH their status: those that were refused, and the others, which depended on
// them.
func each(patches []webdav.Proppatch, status int, has func(xml.Name) bool) []webdav.Propstat {
	these, others := webdav.Propstat{Status: status}, webdav.Propstat{Status: webdav.StatusFailedDependency}
	for _, patch := range patches {
		for _, p := range patch.Props {
			to := &others
			if has(p.XMLName) {
				to = &these
			}
			to.Props = append(to.Props, webdav.Property{XMLName: p.XMLName})
		}
	}
	if len(others.Props) == 0 {
		return []webdav.Propstat{these}
	}
	return []webdav.Propstat{these, others}
}

// passOn gives a thing what programs noted of another one.
func (f *drive) passOn(from, to school.ID) error {
	return f.r.Write(func() error {
		tx := f.r.Tx
		if _, err := tx.Exec(`DELETE FROM webdav_property WHERE thing_id = $1`, to); err != nil {
			return err
		}
		_, err := tx.Exec(`INSERT INTO webdav_property (thing_id, namespace, name, lang, value, author_id, set_at)
			SELECT CAST($2 AS BIGINT), namespace, name, lang, value, author_id, set_at FROM webdav_property WHERE thing_id = $1`, from, to)
		return err
	})
}
