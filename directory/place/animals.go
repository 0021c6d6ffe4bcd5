package place

import (
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
)

// Animals gives the pupils of some classes the animals that they are known by
// there: each page shows the same one. A pupil of two classes keeps the animal
// of the class that is older in the register.
func Animals(pupils []directory.InClass) map[school.ID]ui.Pictogram {
	ids, rooms := map[school.ID][]uint64{}, map[school.ID]school.ID{}
	for _, pupil := range pupils {
		ids[pupil.Class] = append(ids[pupil.Class], uint64(pupil.ID))
		if room, known := rooms[pupil.ID]; !known || pupil.Class < room {
			rooms[pupil.ID] = pupil.Class
		}
	}
	animals := map[school.ID]ui.Pictogram{}
	for class, members := range ids {
		for i, animal := range ui.AnimalsIn(members) {
			if pupil := school.ID(members[i]); rooms[pupil] == class {
				animals[pupil] = animal
			}
		}
	}
	return animals
}
