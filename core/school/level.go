package school

// Level is what a pupil studies, not what a class is: a class may hold
// several. Its code is the first four digits of the MEFSTAT11, as the AAF
// delivers it in ENTEleveNiveau ("1121$CP"). Codes that are not listed here
// are kept with the label they came with.
type Level struct {
	Code  string // "1121"
	Label string // "CP"
}

// The levels of the primary school.
var (
	TPS = Level{"1110", "TPS"}
	PS  = Level{"1111", "PS"}
	MS  = Level{"1112", "MS"}
	GS  = Level{"1113", "GS"}
	CP  = Level{"1121", "CP"}
	CE1 = Level{"1122", "CE1"}
	CE2 = Level{"1123", "CE2"}
	CM1 = Level{"1124", "CM1"}
	CM2 = Level{"1125", "CM2"}
)

// Levels lists the known levels, from the youngest pupils to the oldest.
var Levels = []Level{TPS, PS, MS, GS, CP, CE1, CE2, CM1, CM2}

// Cycle gives the learning cycle of a known level (1: maternelle; 2: CP to
// CE2; 3: CM1 and CM2), or 0.
func (l Level) Cycle() int {
	switch l.Code {
	case TPS.Code, PS.Code, MS.Code, GS.Code:
		return 1
	case CP.Code, CE1.Code, CE2.Code:
		return 2
	case CM1.Code, CM2.Code:
		return 3
	}
	return 0
}

// labels are the other names of the levels, folded.
var labels = map[string]Level{
	"toute petite section": TPS, "tres petite section": TPS, "petite section": PS, "moyenne section": MS, "grande section": GS,
	"cours preparatoire": CP, "cours elementaire 1": CE1, "cours elementaire 2": CE2, "cours moyen 1": CM1, "cours moyen 2": CM2,
	"cours elementaire 1ere annee": CE1, "cours elementaire 2eme annee": CE2, "cours moyen 1ere annee": CM1, "cours moyen 2eme annee": CM2,
}

// LevelOf gives the level that a label names ("CE2", "Petite section"); one
// that is not listed keeps its label and has no code.
func LevelOf(label string) Level {
	folded := Fold(label)
	for _, l := range Levels {
		if folded == Fold(l.Label) {
			return l
		}
	}
	if l, ok := labels[folded]; ok {
		return l
	}
	return Level{Label: label}
}
