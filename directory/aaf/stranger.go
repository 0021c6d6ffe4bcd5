package aaf

// strangers are the attributes of one file that its table does not keep. Each
// is told once for the file, with a count.
type strangers struct {
	table    *table
	byName   map[string]*attribute
	rank     map[*attribute]int // in troubles
	troubles []Trouble          // in the order of their first time
}

// maxStrangers bounds the different names told for one file; further ones are
// told together, without name.
const maxStrangers = 256

// find finds or makes the attribute of a name that the table has not.
func (s *strangers) find(name string) *attribute {
	if s.byName[name] == nil && len(s.byName) >= maxStrangers {
		name = ""
	}
	if a := s.byName[name]; a != nil {
		return a
	}
	if s.byName == nil {
		s.byName = map[string]*attribute{}
	}
	a := s.table.judge(name)
	s.byName[name] = a
	return a
}

// meet counts an attribute that a record carries and that is not kept.
func (s *strangers) meet(a *attribute, r *Record) {
	if i, ok := s.rank[a]; ok {
		s.troubles[i].Count++
		return
	}
	if s.rank == nil {
		s.rank = map[*attribute]int{}
	}
	s.rank[a] = len(s.troubles)
	kind := UnknownAttribute
	if a.fate == dropped {
		kind = DroppedAttribute
	}
	s.troubles = append(s.troubles, Trouble{
		Kind: kind, Action: Ignored, Attribute: a.name, Count: 1,
		File: r.File, Record: r.Number, Line: r.Line, Category: r.Category, Key: r.Key,
	})
}
