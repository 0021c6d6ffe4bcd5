package portal

import (
	"preau/core/db"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory"
	"preau/directory/place"
)

// animalsOf gives the pupils of some classes their animals: see [place.Animals].
func animalsOf(tx *db.Tx, classes ...school.ID) (map[school.ID]ui.Pictogram, error) {
	pupils, err := directory.PupilsIn(tx, classes...)
	return place.Animals(pupils), err
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
