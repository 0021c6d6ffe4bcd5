package file

import (
	"preau/core/db"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"slices"
)

// mySpaces lists the spaces in which the visitor is at home: their own, those of their classes, of their schools, of
// their commune.
func mySpaces(r *web.Request) (all []space, err error) {
	if r.Holds(own) {
		records, err := directory.Records(r.Tx, r.Actor.Person)
		if err != nil {
			return nil, err
		}
		all = append(all, space{Kind: ofPerson, Of: r.Actor.Person, Owner: r.Actor.Person, Name: r.Say("file.mine")})
		former, err := spacesOf(r.Tx, ofPerson, records...)
		if err != nil {
			return nil, err
		}
		for _, sp := range former {
			if sp.Of != r.Actor.Person { // of a record that became one with the visitor's
				sp.Name = r.Say("file.mine-too")
				all = append(all, sp)
			}
		}
	}
	classes, err := myClasses(r)
	if err != nil {
		return nil, err
	}
	for _, c := range classes {
		all = append(all, space{Kind: ofAClass, Of: c.ID, School: c.School, Ends: c.Year.End(), Name: c.Label})
	}
	var places []school.ID
	if r.Holds(ofSchool) {
		places = append(places, r.Actor.Schools...)
	}
	if r.Holds(ofCommune) {
		places = append(places, r.Actor.Areas...)
	}
	structures, err := directory.StructuresByID(r.Tx, places...)
	if err != nil {
		return nil, err
	}
	for _, at := range structures {
		switch {
		case at.Kind == directory.School && slices.Contains(r.Actor.Schools, at.ID):
			all = append(all, space{Kind: ofASchool, Of: at.ID, School: at.ID, Name: at.Name})
		case at.Kind == directory.Commune && r.Holds(ofCommune):
			all = append(all, space{Kind: ofACommune, Of: at.ID, Name: at.Name})
		}
	}
	return stored(r.Tx, all)
}

// myClasses lists the classes and groups in whose space the visitor is at home.
func myClasses(r *web.Request) ([]directory.ClassView, error) {
	right := ofClass
	if !r.Holds(ofClass) {
		if right = helpsClass; !r.Holds(helpsClass) {
			return nil, nil
		}
	}
	return directory.ClassesBehind(r.Tx, func(columns rights.Columns, args ...any) (string, []any) { return r.Scope(right, columns, args...) })
}

// stored reads what is stored of some spaces.
func stored(tx *db.Tx, all []space) ([]space, error) {
	of := map[kind][]school.ID{}
	for _, sp := range all {
		of[sp.Kind] = append(of[sp.Kind], sp.Of)
	}
	for kind, ids := range of {
		found, err := spacesOf(tx, kind, ids...)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			for n, sp := range all {
				if sp.Kind == kind && sp.Of == f.Of {
					all[n].ID, all[n].Used, all[n].Chosen = f.ID, f.Used, f.Chosen
				}
			}
		}
	}
	return all, nil
}
