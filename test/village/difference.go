package village

import "slices"

// writeDifference writes what turns the records of one day into those of the
// next. Structures are all written as additions, as the true deltas do.
func (s *scribe) writeDifference(before, after map[category][]record) error {
	for _, r := range after[structures] {
		if err := s.write(add, r); err != nil {
			return err
		}
	}
	for _, c := range []category{staffs, pupils, guardians} {
		known := map[string]*record{}
		for i := range before[c] {
			known[before[c][i].id] = &before[c][i]
		}
		for _, r := range after[c] {
			old := known[r.id]
			delete(known, r.id)
			var err error
			switch {
			case old == nil:
				err = s.write(add, r)
			case !same(*old, r):
				err = s.write(modify, modification(*old, r))
			}
			if err != nil {
				return err
			}
		}
		for _, r := range before[c] {
			if known[r.id] == nil {
				continue
			}
			if err := s.write(remove, record{category: c, id: r.id}); err != nil {
				return err
			}
		}
	}
	return nil
}

func same(a, b record) bool {
	return slices.EqualFunc(a.attrs, b.attrs, sameAttr)
}

func sameAttr(a, b attr) bool {
	return a.name == b.name && slices.Equal(a.values, b.values)
}

// modification is mostly the full image of the record, as observed in deltas;
// for one record in five it holds what changed only, as the DTD allows. The
// jointure is always said.
func modification(before, after record) record {
	if last := after.id[len(after.id)-1]; last != '3' && last != '8' {
		return after
	}
	partial := record{category: after.category, id: after.id}
	for i, a := range after.attrs {
		if a.name == "ENTPersonJointure" || !sameAttr(before.attrs[i], a) {
			partial.attrs = append(partial.attrs, a)
		}
	}
	return partial
}
