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
	seats := map[school.ID][]school.ID{}
	for _, pupil := range pupils {
		seats[pupil.Class] = append(seats[pupil.Class], pupil.ID)
	}
	return AnimalsOf(seats)
}

// AnimalsOf is [Animals] for the identifiers of the pupils of each class.
func AnimalsOf(seats map[school.ID][]school.ID) map[school.ID]ui.Pictogram {
	rooms := map[school.ID]school.ID{}
	for class, pupils := range seats {
		for _, pupil := range pupils {
			if room, known := rooms[pupil]; !known || class < room {
				rooms[pupil] = class
			}
		}
	}
	animals := map[school.ID]ui.Pictogram{}
	for class, pupils := range seats {
		ids := make([]uint64, len(pupils))
		for i, pupil := range pupils {
			ids[i] = uint64(pupil)
		}
		for i, animal := range ui.AnimalsIn(ids) {
			if rooms[pupils[i]] == class {
				animals[pupils[i]] = animal
			}
		}
	}
	return animals
}
