package file

import (
	"bytes"
	"strings"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
	"preau/directory/whom"
)

// sampleFolder is a folder of a class of the demo, opened to some circles of it.
type sampleFolder struct {
	name, level string
	circles     []whom.Circle
	texts       map[string]string
	pictures    map[string]ui.Pictogram
}

// samples are those of a class.
var samples = []sampleFolder{
	{"Pour les familles", mayRead, []whom.Circle{whom.Families}, map[string]string{
		"Matériel de l’année.txt": "Dans le cartable, toute l’année\u00a0:\n\n- un cahier de brouillon\n- une trousse avec deux crayons, une gomme et un taille-crayon\n- une gourde à son nom\n",
	}, nil},
	{"Images de la classe", mayRead, []whom.Circle{whom.Pupils, whom.Families}, nil, map[string]ui.Pictogram{
		"Le renard.jpg": "fox", "Le hérisson.jpg": "hedgehog", "La chouette.jpg": "owl",
	}},
	{"Travaux à rendre", mayDrop, []whom.Circle{whom.Pupils}, map[string]string{"Consigne.txt": "Dessine ton animal préféré, et dépose ton dessin ici.\n"}, nil},
}

// Sample puts files in the space of a class of the demo, from whoever teaches there.
func (s *Service) Sample(tx *db.Tx, at, class, author school.ID) error {
	sp, err := spaceOf(tx, space{Kind: ofAClass, Of: class, School: at, Ends: school.YearOf(tx.Now).End()})
	if err != nil {
		return err
	}
	if err := ensure(tx, &sp); err != nil {
		return err
	}
	for _, f := range samples {
		folder := entry{ID: school.NewID(tx.Now), Space: sp.ID, Author: author, Folder: true, Name: f.name, Made: tx.Now, Changed: tx.Now}
		if err := sampled(tx, folder, ""); err != nil {
			return err
		}
		for name, text := range f.texts {
			if err := s.sampleText(tx, folder, name, text); err != nil {
				return err
			}
		}
		for name, of := range f.pictures {
			if err := s.samplePicture(tx, folder, name, of); err != nil {
				return err
			}
		}
		g := grant{ID: school.NewID(tx.Now), Entry: folder.ID, Author: author, School: at, Level: f.level, Made: tx.Now.AddDate(0, 0, -2)}
		if err := putGrant(tx, g); err != nil {
			return err
		}
		if err := audience.Publish(tx, g.address(whom.Around(audience.Class, class, f.circles...)...)); err != nil {
			return err
		}
	}
	return recount(tx, sp.ID)
}

func (s *Service) sampleText(tx *db.Tx, in entry, name, text string) error {
	sum, size, err := s.Blobs.Put(tx.Context(), strings.NewReader(text), 1<<20)
	if err != nil {
		return err
	}
	return sampleFile(tx, in, name, held{Sum: sum, Size: size, Type: "text/plain; charset=utf-8", Looked: tx.Now, Words: text})
}

func (s *Service) samplePicture(tx *db.Tx, in entry, name string, of ui.Pictogram) error {
	kept, err := s.Album.Keep(tx.Context(), in.Author, bytes.NewReader(of.PNG()))
	if err != nil {
		return err
	}
	c, err := s.drawn(tx.Context(), kept)
	if err != nil {
		return err
	}
	return sampleFile(tx, in, name, c)
}

func sampleFile(tx *db.Tx, in entry, name string, c held) error {
	e := entry{ID: school.NewID(tx.Now), Space: in.Space, Parent: in.ID, Author: in.Author, Name: name, Made: tx.Now, Changed: tx.Now}
	e.Holds = version{ID: school.NewID(tx.Now), Entry: e.ID, Author: in.Author, Made: tx.Now, held: c}
	if err := addVersion(tx, e.Holds); err != nil {
		return err
	}
	return sampled(tx, e, c.Words)
}

func sampled(tx *db.Tx, e entry, words string) error {
	if err := addEntry(tx, e); err != nil {
		return err
	}
	return search.Put(tx, room, e.ID, e.Name, words)
}
