package portal

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
)

// animalsOf gives the pupils of some classes the animals that they are known
// by there: each home page shows the same one. A pupil of two classes keeps
// the animal of the class that is older in the register.
func animalsOf(tx *db.Tx, classes ...school.ID) (map[school.ID]ui.Pictogram, error) {
	pupils, err := directory.PupilsIn(tx, classes...)
	if err != nil {
		return nil, err
	}
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
	return animals, nil
}

// animalOf is a pupil's animal among those of classes, or the one that a
// pupil without a class has.
func animalOf(animals map[school.ID]ui.Pictogram, pupil school.ID) ui.Pictogram {
	if animal, known := animals[pupil]; known {
		return animal
	}
	return ui.AnimalOf(uint64(pupil))
}

// ordinary lists the classes among some that are no group.
func ordinary(tx *db.Tx, classes ...school.ID) ([]school.ID, error) {
	views, err := directory.ClassesByID(tx, classes...)
	if err != nil {
		return nil, err
	}
	var ids []school.ID
	for _, view := range views {
		if view.Kind == directory.OrdinaryClass {
			ids = append(ids, view.ID)
		}
	}
	return ids, nil
}
