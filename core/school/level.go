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
